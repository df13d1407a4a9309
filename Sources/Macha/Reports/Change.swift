// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaFindings
package import MachaModel
package import MachaProbes
package import struct Foundation.Date

/// Something about a host that is not as it was.
package struct Change: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The host's state became another one; `reason` says why.
        case state(from: HostState.Level, to: HostState.Level, reason: HostState.Reason)
        /// A problem that was not there.
        case found(Finding)
        /// A problem that a check proved gone. `lastSeen` is the last check that showed it.
        case resolved(Finding, lastSeen: Date)
        case worse(Finding, from: Severity)
        case better(Finding, from: Severity)
        /// Another boot than before; began at the change's time.
        case rebooted
        /// `nil` when that look did not say.
        case generation(from: Int?, to: Int?)
        case revision(from: UntrustedText?, to: UntrustedText?)
        /// A repair was carried out.
        case repaired(RepairNote)
        /// The first observation of this host.
        case firstLook
    }

    package var host: String
    package var time: Date
    package var kind: Kind

    package init(_ kind: Kind, host: String, at time: Date) {
        self.kind = kind
        self.host = host
        self.time = time
    }

    /// What it is called in JSON.
    package var name: String {
        switch kind {
        case .state: "state"
        case .found: "found"
        case .resolved: "resolved"
        case .worse: "worse"
        case .better: "better"
        case .rebooted: "rebooted"
        case .generation: "generation"
        case .revision: "revision"
        case .repaired: "repair"
        case .firstLook: "first-look"
        }
    }

    /// Bad news before good news before what is merely so; within each, by time.
    package var rank: Int {
        switch kind {
        case .state(let from, let to, _): to > from ? 0 : 5
        case .found(let finding): finding.severity == .critical ? 1 : finding.severity == .warning ? 2 : 7
        case .worse: 3
        case .rebooted: 4
        case .repaired(let note): note.outcome == .verified ? 6 : 3
        case .resolved, .better: 6
        case .generation, .revision, .firstLook: 8
        }
    }
}

extension Change {
    /// What differs between two observations of one host, apart from findings: state, boot, generation and revision.
    ///
    /// A figure that is unknown in one of them has not changed: not seeing a generation is not a change of it.
    package static func between(
        _ before: (snapshot: Snapshot, findings: [Finding]), _ now: (snapshot: Snapshot, findings: [Finding])
    ) -> [Change] {
        let host = now.snapshot.host
        let at = now.snapshot.takenAt
        var changes: [Change] = []
        let (old, new) = (HostState(before.snapshot, before.findings), HostState(now.snapshot, now.findings))
        if old.level != new.level {
            changes.append(Change(.state(from: old.level, to: new.level, reason: new.reason), host: host, at: at))
        }
        if let was = before.snapshot[BootProbe.self].value, let boot = now.snapshot[BootProbe.self].value,
            was.bootID != boot.bootID
        {
            changes.append(Change(.rebooted, host: host, at: at.addingTimeInterval(-boot.uptime)))
        }
        let (from, to) = (HostFigures(before.snapshot), HostFigures(now.snapshot))
        if from.isNixOS == true, to.isNixOS == true {
            if from.generation != to.generation {
                changes.append(Change(.generation(from: from.generation, to: to.generation), host: host, at: at))
            }
            if from.revision != to.revision {
                changes.append(Change(.revision(from: from.revision, to: to.revision), host: host, at: at))
            }
        }
        let earlier = Dictionary(before.findings.map { ($0.fingerprint, $0.severity) }, uniquingKeysWith: max)
        for finding in now.findings {
            guard let was = earlier[finding.fingerprint], was != finding.severity else { continue }
            let kind = finding.severity > was ? Kind.worse(finding, from: was) : .better(finding, from: was)
            changes.append(Change(kind, host: host, at: at))
        }
        return changes
    }
}

extension Change: Encodable {
    private enum CodingKeys: String, CodingKey {
        case host, time, change, from, to, reason, finding, lastSeen, repair
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(host, forKey: .host)
        try container.encode(time, forKey: .time)
        try container.encode(name, forKey: .change)
        switch kind {
        case .state(let from, let to, let reason):
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
            try container.encode(reason, forKey: .reason)
        case .found(let finding): try container.encode(finding, forKey: .finding)
        case .resolved(let finding, let lastSeen):
            try container.encode(finding, forKey: .finding)
            try container.encode(lastSeen, forKey: .lastSeen)
        case .worse(let finding, let from), .better(let finding, let from):
            try container.encode(finding, forKey: .finding)
            try container.encode(from, forKey: .from)
        case .generation(let from, let to):
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
        case .revision(let from, let to):
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
        case .repaired(let note): try container.encode(note, forKey: .repair)
        case .rebooted, .firstLook: break
        }
    }
}
