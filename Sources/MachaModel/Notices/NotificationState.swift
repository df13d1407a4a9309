// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What the pipeline remembers of one receiver between two runs: Alertmanager's groups and notification log in one.
package struct NotificationState: Hashable, Codable, Sendable {
    /// By key: route and labels, in words.
    package var groups: [String: NoticeGroup] = [:]
    /// What this receiver knows of, by the alert's id.
    package var told: [String: ToldAlert] = [:]
    /// What came up in quiet hours and waits for the morning, by the alert's id.
    package var overnight: [String: ToldAlert.What] = [:]
    /// When an alert was last inhibited, by its id.
    package var inhibited: [String: Date] = [:]
    /// What is held back by the rate limit now, and since when.
    package var heldBack: HeldBack?
    /// Why each alert is not told, as it was last recorded: a reason is recorded once, not at each run.
    package var reasons: [String: String] = [:]

    package init() {}

    package struct HeldBack: Hashable, Codable, Sendable {
        package var since: Date
        package var alerts: Set<String>

        package init(since: Date, alerts: Set<String>) {
            self.since = since
            self.alerts = alerts
        }
    }
}

/// Alerts of one receiver that are told together.
package struct NoticeGroup: Hashable, Codable, Sendable {
    /// What its alerts have in common; empty when all alerts of a route are one group.
    package var title: String
    /// Nothing of this group is told before.
    package var nextFlush: Date
    package var lastSent: Date?
    package var interval: Int
    package var repeatInterval: Int

    package init(title: String, nextFlush: Date, lastSent: Date?, interval: Int, repeatInterval: Int) {
        self.title = title
        self.nextFlush = nextFlush
        self.lastSent = lastSent
        self.interval = interval
        self.repeatInterval = repeatInterval
    }
}

/// An alert that a receiver knows of.
package struct ToldAlert: Hashable, Codable, Sendable {
    package struct What: Hashable, Codable, Sendable {
        package var id: String
        package var host: String?
        package var kind: String
        package var severity: Severity
        package var revision: Int
        package var since: Date
        package var summary: String

        package init(
            id: String, host: String?, kind: String, severity: Severity, revision: Int, since: Date, summary: String
        ) {
            self.id = id
            self.host = host
            self.kind = kind
            self.severity = severity
            self.revision = revision
            self.since = since
            self.summary = summary
        }
    }

    package var what: What
    /// The group it was told in, where its end is told too.
    package var group: String
    /// How it was muted when it was last there: its end is then told to nobody.
    package var mutedBy: Alert.Muting.Kind?
    /// Its end is not told.
    package var endsSilently: Bool

    package init(what: What, group: String, mutedBy: Alert.Muting.Kind?, endsSilently: Bool) {
        self.what = what
        self.group = group
        self.mutedBy = mutedBy
        self.endsSilently = endsSilently
    }
}
