// SPDX-License-Identifier: MIT
package import MachaModel

/// What stands below `notifications`: who is told of what, and when.
package struct NotificationSettings: Hashable, Sendable {
    /// The keys beside those of ``RouteTiming``, which stand here too as what routes have unless they say otherwise.
    package enum Key: String, CaseIterable, Sendable {
        case receivers, routes, reports, fallback, resolved, link
        case quietHours = "quiet-hours"
        case quietExcept = "quiet-except"
        case rateLimit = "rate-limit"
        case approvalReminder = "approval-reminder"
    }

    /// In the order of the file; names are unique.
    package var receivers: [ReceiverSettings] = []
    /// Tried in this order.
    package var routes: [NotificationRoute] = []
    /// Receivers of warnings and worse that no route takes; all when nothing is said.
    package var fallback: [String]?
    /// How the fallback's notices are grouped, and the routes' unless they say otherwise.
    package var timing = RouteTiming()
    /// The controller's local time.
    package var quietHours: QuietHours?
    /// Problems at least this severe are told in quiet hours too; `nil` for none.
    package var quietExcept: Severity? = .critical
    /// Notices an hour to one receiver.
    package var rateLimit = 30
    /// Whether the end of a problem is told.
    package var sendsResolved = true
    /// Seconds after which a person is reminded of an approval, once.
    package var approvalReminder = 4 * 3_600
    /// What opens when a person touches a notice.
    package var link: String?
    /// `nil` when no reports are sent.
    package var reports: ReportSettings?

    package init() {}

    /// One receiver that is told everything.
    static func everything(to receiver: ReceiverSettings) -> NotificationSettings {
        var settings = NotificationSettings()
        var route = NotificationRoute(timing: settings.timing)
        route.receivers = [receiver.name]
        route.severity = .info
        settings.receivers = [receiver]
        settings.routes = [route]
        return settings
    }

    /// Who gets fleet reports.
    package var reportReceivers: [ReceiverSettings] {
        receivers.filter { receiver in reports?.receivers.map { $0.contains(receiver.name) } ?? true }
    }

    /// Who gets warnings and worse that no route takes.
    package var fallbackReceivers: [String] { fallback ?? receivers.map(\.name) }
}

/// How notices of one route are put together, and how often they come.
package struct RouteTiming: Hashable, Sendable {
    package enum Key: String, CaseIterable, Sendable {
        case groupBy = "group-by"
        case groupWait = "group-wait"
        case groupInterval = "group-interval"
        case repeatInterval = "repeat-interval"
    }

    /// What a group's alerts have in common.
    package enum Label: String, Hashable, Sendable, CaseIterable {
        case host, kind, subject, severity
        /// All groups of the host in the inventory.
        case group
    }

    package var groupBy: [Label] = [.host]
    /// Seconds from a group's first alert to its first notice, so that what comes together is told together.
    package var groupWait = 30
    /// Seconds between two notices of one group when something changed.
    package var groupInterval = 300
    /// Seconds after which a problem that is still open is told again.
    package var repeatInterval = 12 * 3_600

    package init() {}
}

/// Which alerts go where.
package struct NotificationRoute: Hashable, Sendable {
    /// The keys beside those of ``RouteTiming``.
    package enum Key: String, CaseIterable, Sendable {
        case receivers, severity, kinds, hosts, hours
        case `continue`
    }

    /// Empty when nobody is to be told.
    package var receivers: [String] = []
    /// At least this severe.
    package var severity = Severity.warning
    /// Kinds of findings, as patterns; every kind when empty. Approvals are `approval-waiting`, Macha's own faults
    /// `macha-…`, maintenance that is left on `maintenance-left-on`.
    package var kinds: [String] = []
    /// `nil` for every host, and for what has none.
    package var hosts: HostSelector?
    /// The route counts only at these times of day, by the controller's local time.
    package var hours: QuietHours?
    /// Whether the routes after this one are tried too.
    package var continues = false
    package var timing: RouteTiming

    package init(timing: RouteTiming) { self.timing = timing }

    /// What it takes, in one line; the same line is the same route, wherever it stands in the file.
    package var title: String {
        var words = ["\(severity.rawValue) and worse"]
        if severity == .critical { words = ["critical"] }
        if severity == .info { words = ["everything"] }
        if !kinds.isEmpty { words.append("of kind \(kinds.joined(separator: ", "))") }
        if let hosts { words.append("on \(hosts)") }
        if let hours { words.append("from \(hours.text)") }
        return words.joined(separator: " ")
    }

    /// Whether it takes problems of this kind.
    package func takes(kind: String) -> Bool {
        kinds.isEmpty || kinds.contains { Glob($0)?.matches(kind) ?? false }
    }
}

extension QuietHours {
    /// As the file says it: `22:00-06:30`.
    package var text: String { "\(Self.clock(start))-\(Self.clock(end))" }

    private static func clock(_ minute: Int) -> String {
        let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
    }
}
