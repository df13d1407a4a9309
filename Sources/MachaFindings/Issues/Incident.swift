// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel
package import struct Foundation.Date

/// Issues of several hosts with one cause or one onset.
package struct Incident: Hashable, Sendable {
    package var cause: FleetCause
    /// The issues that the cause explains or that began together, in the order in which they came.
    package var issues: [Issue]

    /// What the open issues of the fleet have in common: first those with one cause, the most severe first, then what else came
    /// up on several hosts at once. `watchedSince` says when each host was first observed.
    package static func all(
        in open: [Issue], of hosts: [FleetHost], watchedSince: [String: Date]
    ) -> [Incident] {
        let caused = withOneCause(in: open, of: hosts)
        let explained = Set(caused.flatMap(\.issues).map(\.finding.fingerprint))
        let rest = open.filter { !explained.contains($0.finding.fingerprint) }
        return caused + onsets(in: rest, of: hosts, watchedSince: watchedSince)
    }

    /// Issues that one cause explains, the most severe first.
    package static func withOneCause(in open: [Issue], of hosts: [FleetHost]) -> [Incident] {
        let findings = Dictionary(grouping: open.map(\.finding), by: \.host)
        return FleetFolding.causes(hosts, findings).map { cause in
            Incident(cause: cause, issues: open.filter { cause.explains($0.finding) })
        }.filter { !$0.issues.isEmpty }
    }

    /// The hosts with which each issue shares its cause, by its fingerprint; none for those that stand alone.
    static func hosts(sharing incidents: [Incident]) -> [Fingerprint: Set<String>] {
        var sharing: [Fingerprint: Set<String>] = [:]
        for incident in incidents {
            let names = incident.cause.involved
            for issue in incident.issues { sharing[issue.finding.fingerprint, default: []].formUnion(names) }
        }
        return sharing
    }
}

extension FleetCause {
    /// The hosts that share it, and the one that explains them.
    package var involved: Set<String> { Set(hosts).union([host].compactMap { $0 }) }

    /// Whether `finding` is there because of it.
    package func explains(_ finding: Finding) -> Bool {
        guard hosts.contains(finding.host) || finding.host == host else { return false }
        switch kind {
        case .hostDown: return finding.isAny(of: FindingKind.silence)
        case .shared(let kind): return finding.kind == kind
        case .onset(let kind, let subject): return finding.recordedKind == kind && finding.subject == subject
        }
    }
}
