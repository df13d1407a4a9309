// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// What hosts have in common when they go wrong together.
package struct FleetCause: Hashable, Sendable, Encodable {
    /// What they have in common.
    package enum Kind: Hashable, Sendable {
        /// They are behind one that is down.
        case hostDown
        /// They share a finding of this kind.
        case shared(FindingKind)
        /// The same came up on them at once; why is not known.
        case onset(RecordedKind, subject: UntrustedText?)

        /// As it is recorded.
        package var name: String {
            switch self {
            case .hostDown: "host-down"
            case .shared(let kind): kind.rawValue
            case .onset: "onset"
            }
        }
    }

    package var kind: Kind
    /// The host that explains the others; `nil` when the cause lies outside of the fleet's hosts.
    package var host: String?
    /// Hosts that are explained, in fleet order, without ``host``.
    package var hosts: [String]
    package var severity: Severity
    /// One plain sentence, safe to print.
    package var summary: String
}

extension FleetCause.Kind: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

/// One cause for many hosts. Pure; every host keeps its own findings.
package enum FleetFolding {
    /// A trouble shared by fewer hosts is not called one.
    private static let least = 3

    /// What explains more than one host, the most severe first: hosts behind a dead jump host or a dead machine they
    /// depend on, and a trouble of one kind on at least three hosts and half of those that could have it.
    ///
    /// A host that is explained by another one does not count towards a shared trouble.
    package static func causes(_ hosts: [FleetHost], _ findings: [String: [Finding]]) -> [FleetCause] {
        let byName = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let down = Set(
            hosts.map(\.name).filter { name in (findings[name] ?? []).contains { $0.isAny(of: FindingKind.silence) } })
        var behind: [String: [String]] = [:]
        for host in hosts where down.contains(host.name) {
            if let root = deadParent(of: host, byName, down) { behind[root, default: []].append(host.name) }
        }
        let parents = hosts.map(\.name).compactMap { name in behind[name].map { hostDown(name, $0, findings) } }
        let explained = Set(behind.values.joined())
        let rest = hosts.filter { !explained.contains($0.name) }
        return (parents + shared(rest, findings, down)).enumerated()
            .sorted { ($0.element.severity, $1.offset) > ($1.element.severity, $0.offset) }
            .map(\.element)
    }

    /// The host farthest up the way to `host` that is down.
    private static func deadParent(
        of host: FleetHost, _ byName: [String: FleetHost], _ down: Set<String>
    ) -> String? {
        var seen: Set = [host.name]
        var found: String?
        var next = host
        while let parent = next.parents.first(where: { down.contains($0) && !seen.contains($0) }) {
            seen.insert(parent)
            found = parent
            guard let host = byName[parent] else { break }
            next = host
        }
        return found
    }

    private static func hostDown(_ name: String, _ hosts: [String], _ findings: [String: [Finding]]) -> FleetCause {
        let worst = ([name] + hosts).flatMap { findings[$0] ?? [] }.map(\.severity).max() ?? .info
        let count = hosts.count == 1 ? "1 host that is" : "\(hosts.count) hosts that are"
        return FleetCause(
            kind: .hostDown, host: name, hosts: hosts, severity: worst,
            summary:
                "\(name.printable(limit: 80)) is not reachable, and neither are \(count) behind it.")
    }

    private static func shared(
        _ hosts: [FleetHost], _ findings: [String: [Finding]], _ down: Set<String>
    ) -> [FleetCause] {
        kinds.compactMap { kind, needsContact, sentence in
            // Only a host that was reached could have shown it; all could have been unreachable.
            let able = hosts.filter { !needsContact || !down.contains($0.name) }
            let having = able.filter { host in (findings[host.name] ?? []).contains { $0.kind == kind } }
            guard having.count >= least, having.count * 2 >= able.count else { return nil }
            let severity = having.flatMap { findings[$0.name] ?? [] }.filter { $0.kind == kind }.map(\.severity).max()
            return FleetCause(
                kind: .shared(kind), host: nil, hosts: having.map(\.name), severity: severity ?? .info,
                summary: "\(having.count) of \(able.count) hosts \(sentence)")
        }
    }

    /// Troubles that come from outside of a host when many have them at once.
    private static let kinds: [(kind: FindingKind, needsContact: Bool, sentence: String)] = [
        (.unreachable, false, "are not reachable. Check the controller's own network, or what they share."),
        (.controllerFault, false, "could not be checked because of a fault on the controller."),
        (.loginRefused, false, "refuse Macha's login. Check the controller's key and the account."),
        (
            .untrustedHostKey, false,
            "show a host key that is not trusted. If they were trusted before, check the network before trusting them."
        ),
        (.clockWrong, true, "seem to have a wrong clock. Most likely the controller's is wrong."),
        (.noDefaultRoute, true, "have no default route. Check the router."),
        (.noNameServer, true, "have no name server. Check the DHCP server."),
        (.dnsBroken, true, "cannot resolve names. Check the name servers they share."),
        (.nameUnresolved, true, "cannot resolve a required name. Check the server of its zone."),
        (.targetSilent, true, "cannot reach a required target. Check the route they share."),
        (.clockUnsynchronized, true, "have no time source. Check the time servers they share."),
        (.unexpectedReboot, true, "rebooted unexpectedly within a day. Check their power supply."),
        (.ioPressure, true, "are waiting for disks. Check the storage they share."),
    ]
}

extension FleetHost {
    /// Hosts without which this one cannot be reached or run.
    fileprivate var parents: [String] {
        guard case .ssh(let endpoint) = connection, let jump = endpoint.jump else { return dependsOn }
        return [jump] + dependsOn
    }
}
