// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel

/// Which alerts are only there because of another one. Pure.
///
/// As in Alertmanager, an alert that is itself muted or inhibited inhibits all the same. A changed host key is never
/// inhibited: that a host is not what it was is no consequence of anything.
struct Inhibition {
    private let hosts: [String: FleetHost]
    private let alerts: [Alert]

    init(_ hosts: [FleetHost], _ alerts: [Alert]) {
        self.hosts = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.alerts = alerts
    }

    /// The reason of each inhibited alert, by its id.
    func reasons() -> [String: String] {
        let down = Set(alerts.filter { Self.isDown($0) }.compactMap(\.host))
        let offline = controllersWithoutNetwork()
        let shared = alerts.filter { $0.source == .fleet }
        var reasons: [String: String] = [:]
        for alert in alerts where alert.source == .problem && !Self.neverInhibited.contains(alert.kind) {
            reasons[alert.id] = reason(alert, down, offline, shared)
        }
        return reasons
    }

    private func reason(
        _ alert: Alert, _ down: Set<String>, _ offline: [String], _ shared: [Alert]
    ) -> String? {
        guard let name = alert.host, let host = hosts[name] else { return nil }
        let isReach = Self.isDown(alert)
        if isReach, let controller = offline.first, host.connection != .local {
            return "the controller \(controller) has no way out itself"
        }
        if let root = deadParent(of: host, down) { return "\(root), which it depends on, is down" }
        if let cause = shared.first(where: { $0.kind == alert.kind && $0.hosts.contains(name) }) {
            return "one notice tells it of many hosts: \(cause.summary)"
        }
        return !isReach && down.contains(name) ? "\(name) itself is down" : nil
    }

    /// The host farthest up the way to `host` that is down; `nil` when none is.
    private func deadParent(of host: FleetHost, _ down: Set<String>) -> String? {
        var seen: Set = [host.name]
        var found: String?
        var next = host
        while let parent = next.upstream.first(where: { down.contains($0) && !seen.contains($0) }) {
            seen.insert(parent)
            found = parent
            guard let host = hosts[parent] else { break }
            next = host
        }
        return found
    }

    /// The controller itself, when it says that it has no network.
    private func controllersWithoutNetwork() -> [String] {
        alerts.filter { $0.kind == FindingKind.noDefaultRoute.rawValue }.compactMap(\.host).filter {
            hosts[$0]?.connection == .local
        }
    }

    private static func isDown(_ alert: Alert) -> Bool { reachKinds.contains(alert.kind) }

    private static let reachKinds = Set([FindingKind.unreachable, .connectionBroken, .away].map(\.rawValue))
    private static let neverInhibited = Set([FindingKind.untrustedHostKey, .machineReplaced].map(\.rawValue))
}

extension FleetHost {
    /// Hosts without which this one cannot be reached or run.
    fileprivate var upstream: [String] {
        guard case .ssh(let endpoint) = connection, let jump = endpoint.jump else { return dependsOn }
        return [jump] + dependsOn
    }
}
