// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
package import MachaModel
import MachaNotify
package import MachaStore
import struct Foundation.Date
import struct Foundation.TimeZone
import struct Foundation.UUID

extension Controller {
    /// Plans and sends once what is to be told now, for a process that ends: nothing waits for company. Does nothing when no
    /// receiver is configured. Returns what could not be sent; it stays in the outbox.
    package func tell() async throws(ControllerError) -> [StoredNotice] {
        guard let notifications = try environment.notifications() else { return [] }
        let (store, begin) = (try environment.store(), environment.now())
        // What a daemon beside it has met is not over because this process knows nothing of it.
        let daemon = try daemon()
        let faults = daemon.map { $0.endedAt == nil && !$0.isLost ? $0.faults.compactMap { Alert($0) } : [] } ?? []
        _ = try storing { () throws(StoreError) in try notifications.tick(at: begin, pace: .once, faults: faults) }
        await notifications.drain()
        return try storing { () throws(StoreError) in try store.notices(limit: 200) }
            .filter { $0.state != .sent && $0.attempts > 0 && ($0.endedAt ?? begin) >= begin }
    }

    /// Whether the configuration names anybody who is told.
    package func tellsPeople() throws(ControllerError) -> Bool {
        try environment.configuration().notifications?.receivers.isEmpty == false
    }

    /// What became of a message that a person sent.
    package struct Delivery: Sendable, Encodable {
        package var receiver: String
        package var isSent: Bool
        /// Why not; empty when it was.
        package var reason: String
    }

    /// Sends a person's own words to `receiver`, or to all. What does not arrive stays in the outbox and is tried again.
    package func send(
        title: String, text: String, priority: NoticeMessage.Priority, to receiver: String?
    ) async throws(ControllerError) -> [Delivery] {
        let (settings, notifications) = try requiredNotifications()
        let names = try receivers(receiver, settings).map(\.name)
        let (store, now) = (try environment.store(), environment.now())
        let message = Self.message(
            title, text.split(separator: "\n").map { .init(.text, String($0)) }, priority, settings, now)
        let notices = names.map { PlannedNotice(receiver: $0, occasion: .message, message: message, alerts: []) }
        try storing { () throws(StoreError) in try notifications.send(notices, at: now) }
        return try await deliveries(of: message.id, to: names, notifications, store)
    }

    /// Waits for what can be sent now; returns what became of the message `id`.
    func deliveries(
        of id: String, to names: [String], _ notifications: Notifications, _ store: Store
    ) async throws(ControllerError) -> [Delivery] {
        await notifications.drain()
        let stored = try storing { () throws(StoreError) in try store.notices(limit: 500) }
        return names.map { name in
            let notice = stored.first { $0.receiver == name && $0.message.id == id }
            let isSent = notice?.state == .sent
            let waiting = notice?.reason.isEmpty ?? true ? "an earlier notice for it waits" : notice?.reason ?? ""
            return Delivery(receiver: name, isSent: isSent, reason: isSent ? "" : waiting)
        }
    }

    /// Sends a test to `receiver`, or to each, past the outbox: one that is stuck does not hide what is wrong now.
    package func testReceivers(_ receiver: String?) async throws(ControllerError) -> [Delivery] {
        let (settings, _) = try requiredNotifications()
        let notifiers = environment.notifiers()
        let lines = [NoticeMessage.Line(.text, "If you can read this, notices arrive.")]
        let message = Self.message("Macha: test", lines, .normal, settings, environment.now())
        var deliveries: [Delivery] = []
        for receiver in try receivers(receiver, settings) {
            do throws(NotifierError) {
                try await notifiers.notifier(receiver).send(message)
                deliveries.append(Delivery(receiver: receiver.name, isSent: true, reason: ""))
            } catch {
                deliveries.append(Delivery(receiver: receiver.name, isSent: false, reason: error.message))
            }
        }
        return deliveries
    }

    /// What was sent, waits or failed, and what was held back and why; newest first.
    package struct NotificationLog: Sendable, Encodable {
        package var notices: [StoredNotice]
        package var held: [StoredHeldNotice]
    }

    package func notificationLog(limit: Int) throws(ControllerError) -> NotificationLog {
        let store = try environment.store()
        return try storing { () throws(StoreError) in
            NotificationLog(notices: try store.notices(limit: limit), held: try store.heldNotices(limit: limit))
        }
    }

    /// Where an issue would go, and what would keep it from going there.
    package struct RouteExplanation: Sendable, Encodable {
        package var issue: Int64
        package var host: String
        package var kind: String
        package var severity: Severity
        package var summary: String
        package var routes: [RouteTable.Step]
        /// Receivers that would be told now.
        package var receivers: [String]
        /// By receiver, where it would not be told.
        package var held: [Held]

        package struct Held: Sendable, Encodable {
            package var receiver: String
            package var reason: String
        }
    }

    package func routeExplanation(issue id: Int64) throws(ControllerError) -> RouteExplanation {
        let (settings, _) = try requiredNotifications()
        let (store, now, inventory) = (try environment.store(), environment.now(), try environment.inventory())
        let hosts = inventory.hosts + [.itself]
        let reader = AlertReader(store: store, inventory: inventory, settings: settings, now: now)
        let read = try storing { () throws(StoreError) in (try store.openIssues(), try reader.alerts()) }
        guard let issue = read.0.first(where: { $0.id == id }),
            let alert = read.1.first(where: { $0.id == issue.finding.fingerprint.description })
        else { throw ControllerError(.usage, "there is no open issue \(id)") }
        // As if nobody had been told yet, and no group had to wait.
        let plan = NotificationPipeline(settings, hosts: hosts, zone: .current, pace: .once)
            .plan(read.1, states: [:], recent: [:], at: now)
        return RouteExplanation(
            issue: id, host: issue.finding.host, kind: alert.kind, severity: alert.severity, summary: alert.summary,
            routes: RouteTable(settings, hosts: hosts, at: now, zone: .current).explain(alert),
            receivers: plan.notices.filter { $0.alerts.contains(alert.id) }.map(\.receiver),
            held: plan.held.filter { $0.alert == alert.id }.map {
                RouteExplanation.Held(receiver: $0.receiver, reason: "\($0.reason.rawValue): \($0.words)")
            })
    }

    func requiredNotifications() throws(ControllerError) -> (NotificationSettings, Notifications) {
        guard let settings = try environment.configuration().notifications,
            let notifications = try environment.notifications()
        else {
            throw ControllerError(
                .hosts, ["no receiver is configured; write one into \(environment.configurationPath), such as this"],
                example: """
                    notifications:
                      receivers:
                        phone:
                          kind: gotify
                          url: https://gotify.lan
                          token-file: /etc/macha-autonomous/gotify-token

                    """)
        }
        return (settings, notifications)
    }

    private func receivers(
        _ name: String?, _ settings: NotificationSettings
    ) throws(ControllerError) -> [ReceiverSettings] {
        guard let name else { return settings.receivers }
        let known = settings.receivers.map(\.name)
        guard let receiver = settings.receivers.first(where: { $0.name == name }) else {
            let guess =
                name.nearest(in: known).map { "did you mean \($0.quoted)?" }
                ?? "there are \(known.joined(separator: ", "))"
            throw ControllerError(.usage, "there is no receiver \(name.quoted); \(guess)")
        }
        return [receiver]
    }

    private static func message(
        _ title: String, _ lines: [NoticeMessage.Line], _ priority: NoticeMessage.Priority,
        _ settings: NotificationSettings, _ now: Date
    ) -> NoticeMessage {
        NoticeMessage(
            id: UUID().uuidString.lowercased(), title: title, lines: lines, priority: priority, tags: [],
            click: settings.link, at: now)
    }
}
