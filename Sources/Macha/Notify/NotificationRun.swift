// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

/// One run of ``NotificationPipeline``: its stages, in their order, are in files of their own.
struct NotificationRun {
    let pipeline: NotificationPipeline
    let alerts: [Alert]
    let recent: [String: Int]
    let now: Date
    let table: RouteTable
    /// The ids of all that is so now, whoever is told.
    let open: Set<String>
    var plan: NotificationPlan
    /// Reasons that hold in this run, by receiver and alert.
    private var reasons: [String: [String: String]] = [:]
    /// What each receiver may be told of now, by receiver.
    var audible: [String: [RoutedAlert]] = [:]

    var settings: NotificationSettings { pipeline.settings }

    init(
        _ pipeline: NotificationPipeline, _ alerts: [Alert], _ states: [String: NotificationState],
        _ recent: [String: Int], at now: Date
    ) {
        self.pipeline = pipeline
        self.alerts = alerts
        self.recent = recent
        self.now = now
        table = RouteTable(pipeline.settings, hosts: pipeline.hosts, at: now, zone: pipeline.zone)
        open = Set(alerts.map(\.id))
        plan = NotificationPlan(states: states)
    }

    /// Receivers in the order of the configuration, and nobody's reasons under the empty name.
    var receivers: [String] { settings.receivers.map(\.name) }

    func state(of receiver: String) -> NotificationState { plan.states[receiver] ?? NotificationState() }

    mutating func change(_ receiver: String, _ body: (inout NotificationState) -> Void) {
        body(&plan.states[receiver, default: NotificationState()])
    }

    /// Records that `receiver` is not told of `alert`; once for each reason.
    mutating func hold(_ what: ToldAlert.What, from receiver: String, _ reason: HeldNotice.Reason, _ words: String) {
        let text = "\(reason.rawValue): \(words)"
        let isNew = state(of: receiver).reasons[what.id] != text && reasons[receiver]?[what.id] != text
        reasons[receiver, default: [:]][what.id] = text
        guard isNew else { return }
        plan.held.append(
            HeldNotice(
                receiver: receiver, alert: what.id, host: what.host, summary: what.summary, reason: reason,
                words: words.printable(limit: 300), at: now))
    }

    mutating func noteDue(_ date: Date) { plan.nextDue = min(plan.nextDue ?? date, date) }

    /// The plan, without what no longer has to be remembered.
    consuming func finished() -> NotificationPlan {
        for name in receivers + [""] where plan.states[name] != nil || reasons[name] != nil {
            let reasons = reasons[name] ?? [:]
            let open = open
            change(name) { state in
                state.reasons = reasons
                state.inhibited = state.inhibited.filter { open.contains($0.key) }
                let used = Set(state.told.values.map(\.group))
                state.groups = state.groups.filter { used.contains($0.key) }
            }
        }
        plan.states = plan.states.filter { $0.value != NotificationState() }
        return plan
    }
}
