// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// An alert on its way to one receiver.
struct RoutedAlert: Sendable {
    let alert: Alert
    let receiver: String
    /// In words, stable from run to run.
    let route: String
    let timing: RouteTiming
}

/// Which receivers an alert goes to. Pure.
package struct RouteTable: Sendable {
    private let settings: NotificationSettings
    private let hosts: [String: FleetHost]
    /// The hosts of each route; `nil` where it takes all.
    private let chosen: [Set<String>?]
    /// Minutes after midnight, by the controller's local time.
    private let minute: Int

    /// Selectors are looked up once. One that fits no host takes none: what it would have taken falls through to the next.
    package init(_ settings: NotificationSettings, hosts: [FleetHost], at now: Date, zone: TimeZone) {
        self.settings = settings
        self.hosts = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        minute = LocalTime(zone).minute(of: now)
        chosen = settings.routes.map { route in
            guard let selector = route.hosts else { return nil }
            return Set(((try? selector.select(from: hosts)) ?? []).map(\.name))
        }
    }

    /// How one route judges an alert.
    package struct Step: Hashable, Sendable, Encodable {
        package var route: String
        package var receivers: [String]
        /// `nil` when the route takes it.
        package var refusal: String?
    }

    /// Every route that was tried, in order, and what it said. The last one may be the fallback.
    package func explain(_ alert: Alert) -> [Step] {
        var steps: [Step] = []
        for index in settings.routes.indices {
            let route = settings.routes[index]
            let refusal = refusal(of: alert, by: index)
            steps.append(Step(route: route.title, receivers: route.receivers, refusal: refusal))
            if refusal == nil, !route.continues { return steps }
        }
        guard !steps.contains(where: { $0.refusal == nil }) else { return steps }
        let refusal = alert.severity >= .warning ? nil : "it takes warnings and worse"
        return steps + [Step(route: Self.fallback, receivers: settings.fallbackReceivers, refusal: refusal)]
    }

    /// What goes to whom: one entry a receiver, by the first route that names it.
    func routed(_ alert: Alert) -> [RoutedAlert] {
        var entries: [RoutedAlert] = []
        func add(_ receivers: [String], _ route: String, _ timing: RouteTiming) {
            for name in receivers
            where !alert.besides.contains(name) && !entries.contains(where: { $0.receiver == name }) {
                entries.append(RoutedAlert(alert: alert, receiver: name, route: route, timing: timing))
            }
        }
        var isTaken = false
        for index in settings.routes.indices where refusal(of: alert, by: index) == nil {
            let route = settings.routes[index]
            isTaken = true
            add(route.receivers, route.title, route.timing)
            if !route.continues { break }
        }
        if !isTaken, alert.severity >= .warning { add(settings.fallbackReceivers, Self.fallback, settings.timing) }
        return entries
    }

    /// The words of a group that `alert` belongs to.
    func labels(of alert: Alert, by labels: [RouteTiming.Label]) -> String {
        labels.compactMap { label -> String? in
            switch label {
            case .host: alert.host
            case .kind: alert.kind
            case .subject: alert.subject
            case .severity: alert.severity.rawValue
            case .group: alert.host.flatMap { hosts[$0] }.map { $0.groups.joined(separator: "+") }
            }
        }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static let fallback = "fallback"

    private func refusal(of alert: Alert, by index: Int) -> String? {
        let route = settings.routes[index]
        if alert.severity < route.severity { return "it takes \(route.severity.rawValue) and worse" }
        if !route.takes(kind: alert.kind) { return "it takes other kinds than \(alert.kind)" }
        if let chosen = chosen[index] {
            guard let host = alert.host else { return "it takes what is about hosts" }
            if !chosen.contains(host) { return "it takes other hosts than \(host)" }
        }
        if let hours = route.hours, !hours.contains(minute: minute) { return "it counts from \(hours.text) only" }
        return nil
    }
}
