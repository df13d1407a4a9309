// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel

/// Issues of several hosts with one cause.
package struct Incident: Hashable, Sendable {
    package var cause: FleetCause
    /// The issues that the cause explains, in the order in which they came.
    package var issues: [Issue]

    /// What the open issues of the fleet have in common, the most severe first.
    package static func all(in open: [Issue], of hosts: [FleetHost]) -> [Incident] {
        let findings = Dictionary(grouping: open.map(\.finding), by: \.host)
        return FleetFolding.causes(hosts, findings).map { cause in
            Incident(cause: cause, issues: open.filter { cause.explains($0.finding) })
        }.filter { !$0.issues.isEmpty }
    }

    /// The hosts with which each issue shares its cause, by its fingerprint; none for those that stand alone.
    static func hosts(sharing open: [Issue], of hosts: [FleetHost]) -> [Fingerprint: Set<String>] {
        var sharing: [Fingerprint: Set<String>] = [:]
        for incident in all(in: open, of: hosts) {
            let names = Set(incident.cause.hosts + [incident.cause.host].compactMap { $0 })
            for issue in incident.issues { sharing[issue.finding.fingerprint, default: []].formUnion(names) }
        }
        return sharing
    }
}

extension FleetCause {
    /// Whether `finding` is there because of it.
    package func explains(_ finding: Finding) -> Bool {
        guard hosts.contains(finding.host) || finding.host == host else { return false }
        switch kind {
        case .hostDown: return finding.isAny(of: FindingKind.silence)
        case .shared(let kind): return finding.kind == kind
        }
    }
}
