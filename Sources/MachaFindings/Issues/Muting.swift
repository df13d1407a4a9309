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
        sharing = open.isEmpty ? [:] : Incident.hosts(sharing: open, of: hosts)
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
