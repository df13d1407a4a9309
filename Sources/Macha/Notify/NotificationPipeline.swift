// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// From what is so now to what people are told. Pure: the clock is an argument, and what it remembers is handed in and out.
///
/// The stages and their order are Alertmanager's (prometheus.io/docs/alerting/latest/alertmanager), driven by state instead
/// of by events: who sent nothing while the controller was down finds out by comparing what is open with what was told. It
/// fails open: a selector that fits nothing, a clock that jumped, a receiver that is not in the state any more, each leads
/// to a notice rather than to silence.
package struct NotificationPipeline: Sendable {
    /// How often it runs.
    package enum Pace: Sendable {
        /// Again and again: groups wait for what belongs to them.
        case continuous
        /// Once, and nobody knows when again (`macha check` from cron): nothing waits.
        case once
    }

    let settings: NotificationSettings
    let hosts: [FleetHost]
    let zone: TimeZone
    let pace: Pace

    package init(_ settings: NotificationSettings, hosts: [FleetHost], zone: TimeZone, pace: Pace) {
        self.settings = settings
        self.hosts = hosts
        self.zone = zone
        self.pace = pace
    }

    /// What each receiver is told at `now` of everything in `alerts`.
    ///
    /// `states` is what the last run left, by receiver; `recent` how many notices each was sent within the last hour.
    package func plan(
        _ alerts: [Alert], states: [String: NotificationState], recent: [String: Int], at now: Date
    ) -> NotificationPlan {
        // What is nobody's is remembered under the empty name.
        let names = settings.receivers.map(\.name) + [""]
        var run = NotificationRun(self, alerts, states.filter { names.contains($0.key) }, recent, at: now)
        let routed = run.route()
        let audible = run.mute(routed)
        let causes = run.inhibit(audible)
        let due = run.group(causes)
        let awake = run.keepQuiet(due)
        let news = run.deduplicate(awake)
        let allowed = run.limit(news)
        run.compose(allowed)
        return run.finished()
    }
}
