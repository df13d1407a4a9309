// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// Answers one question for status, exit codes and notifications alike: is this issue muted now, and by what. Pure.
package struct Muting: Sendable {
    /// What keeps an issue quiet.
    package enum Reason: Hashable, Sendable {
        case acknowledged(Acknowledgement)
        case silenced(Silence)
        case maintenance(Maintenance)
    }

    /// Never muted, whatever anybody says: a host key that is unknown or has changed, and faults of the audit.
    package static func isMutable(_ kind: RecordedKind) -> Bool {
        switch kind {
        case .known(let kind): kind != .untrustedHostKey && kind != .machineReplaced
        case .unknown(let name): !name.hasPrefix("audit-")
        }
    }

    private let now: Date
    private let hosts: [FleetHost]
    private let silences: [Silence]
    private let windows: [MaintenanceWindow]
    private let zones: [String: TimeZone]
    /// Nothing but acknowledgements can keep anything quiet.
    private let isPlain: Bool
    private let sharing: [Fingerprint: Set<String>]
    /// Issues of hosts behind one that is down, where that is acknowledged.
    private let covered: [Fingerprint: Acknowledgement]

    /// - Parameters:
    ///   - now: by the controller's clock
    ///   - hosts: the whole inventory: what hosts share is seen only in all of them
    ///   - open: the issues of the fleet that may share a cause with an acknowledged one
    ///   - silences: those of people and of the inventory, over or not
    ///   - windows: those of people, over or not
    ///   - zones: the hosts' own time zones, as far as they are known
    package init(
        at now: Date, hosts: [FleetHost], open: [Issue], silences: [Silence], windows: [MaintenanceWindow],
        zones: [String: TimeZone]
    ) {
        self.now = now
        self.hosts = hosts
        self.silences = silences.filter { $0.span.contains(now) }
        self.windows = windows.filter { $0.span.contains(now) }
        self.zones = zones
        isPlain = self.silences.isEmpty && self.windows.isEmpty && hosts.allSatisfy(\.maintenance.isEmpty)
        let incidents = open.isEmpty ? [] : Incident.withOneCause(in: open, of: hosts)
        sharing = Incident.hosts(sharing: incidents)
        covered = Self.covered(by: incidents, sharing, at: now)
    }

    private static func covered(
        by incidents: [Incident], _ sharing: [Fingerprint: Set<String>], at now: Date
    ) -> [Fingerprint: Acknowledgement] {
        var covered: [Fingerprint: Acknowledgement] = [:]
        for incident in incidents where incident.cause.kind == .hostDown {
            let word = incident.issues.lazy.filter { $0.finding.host == incident.cause.host }.compactMap { root in
                root.acknowledgement.flatMap { word in
                    word.holds(
                        at: now, severity: root.finding.severity,
                        sharing: sharing[root.finding.fingerprint, default: []]) ? word : nil
                }
            }.first
            guard let word else { continue }
            for issue in incident.issues where issue.finding.host != incident.cause.host {
                if word.covers(issue.finding.severity) { covered[issue.finding.fingerprint] = word }
            }
        }
        return covered
    }

    /// The hosts that have joined the cause of `issue` since it was acknowledged, sorted.
    package func joined(_ issue: Issue) -> [String] {
        guard let word = issue.acknowledgement else { return [] }
        return hosts(sharing: issue.finding).subtracting(word.hosts).sorted()
    }

    /// What keeps each of the findings of one host quiet; those that nothing does are missing. An acknowledged cause covers
    /// what is folded below it, as long as that is no worse than what was acknowledged.
    package func reasons(for findings: [(finding: Finding, word: Acknowledgement?)]) -> [Fingerprint: Reason] {
        var reasons: [Fingerprint: Reason] = [:]
        for (finding, word) in findings { reasons[finding.fingerprint] = reason(for: finding, word) }
        let isAnyKnown = reasons.values.contains { if case .acknowledged = $0 { true } else { false } }
        guard isAnyKnown, reasons.count < findings.count else { return reasons }
        for group in Folding.groups(findings.map(\.finding)) {
            guard case .acknowledged(let word) = reasons[group.cause.fingerprint] else { continue }
            for finding in group.folded
            where reasons[finding.fingerprint] == nil && Self.isMutable(finding.recordedKind)
                && word.covers(finding.severity)
            {
                reasons[finding.fingerprint] = .acknowledged(word)
            }
        }
        return reasons
    }

    /// The same for issues of any hosts.
    package func reasons(for issues: [Issue]) -> [Fingerprint: Reason] {
        Dictionary(grouping: issues, by: \.finding.host).values.reduce(into: [:]) { all, issues in
            all.merge(reasons(for: issues.map { ($0.finding, $0.acknowledgement) })) { $1 }
        }
    }

    /// Where nothing is muted, whatever was said.
    package static let none = Muting(at: .distantPast, hosts: [], open: [], silences: [], windows: [], zones: [:])

    /// What keeps `issue` quiet; `nil` when nothing does.
    package func reason(for issue: Issue) -> Reason? {
        reason(for: issue.finding, issue.acknowledgement)
    }

    /// The same for a finding and what was said of its issue.
    package func reason(for finding: Finding, _ acknowledgement: Acknowledgement?) -> Reason? {
        guard Self.isMutable(finding.recordedKind) else { return nil }
        if let acknowledgement,
            acknowledgement.holds(
                at: now, severity: finding.severity, sharing: hosts(sharing: finding))
        {
            return .acknowledged(acknowledgement)
        }
        if let word = covered[finding.fingerprint] { return .acknowledged(word) }
        // What is no host of the inventory is neither silenced by a selector nor in maintenance.
        guard !isPlain, let host = hosts.first(where: { $0.name == finding.host }) else { return nil }
        let maintenance = maintenance(of: host)
        switch maintenance {
        case .window, .hours: return .maintenance(maintenance)
        case .off, .unknown: break
        }
        return silences.first { $0.covers(finding, of: host, at: now) }.map { .silenced($0) }
    }

    /// Whether `host` is in maintenance.
    package func maintenance(of host: FleetHost) -> Maintenance {
        Maintenance(of: host, windows: windows, zone: zones[host.name], at: now)
    }

    /// The hosts that share the cause of `finding` now, its own among them.
    private func hosts(sharing finding: Finding) -> Set<String> {
        sharing[finding.fingerprint, default: []].union([finding.host])
    }
}

extension Muting.Reason {
    /// The first moment at which it no longer holds; `nil` for good, or until the issue is over.
    package var until: Date? {
        switch self {
        case .acknowledged(let word): word.until
        case .silenced(let silence): silence.span.until
        case .maintenance(.window(let window)): window.span.until
        case .maintenance: nil
        }
    }

    /// Who said so; the place in the inventory where nobody did.
    package var by: String {
        switch self {
        case .acknowledged(let word): word.by
        case .silenced(let silence): silence.by
        case .maintenance(.window(let window)): window.by
        case .maintenance: "inventory"
        }
    }

    /// Why, in the words of whoever said so; may be empty.
    package var note: UntrustedText {
        switch self {
        case .acknowledged(let word): word.note
        case .silenced(let silence): silence.reason
        case .maintenance(.window(let window)): window.reason
        case .maintenance(.hours(let hours)): UntrustedText(hours.text)
        case .maintenance: ""
        }
    }

    /// One word for programs and tables.
    package var word: String {
        switch self {
        case .acknowledged: "acknowledged"
        case .silenced: "silenced"
        case .maintenance: "maintenance"
        }
    }
}

extension Muting.Reason: Encodable {
    private enum CodingKeys: String, CodingKey { case reason, by, until, note }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(word, forKey: .reason)
        try container.encode(by, forKey: .by)
        try container.encodeIfPresent(until, forKey: .until)
        try container.encode(note, forKey: .note)
    }
}
