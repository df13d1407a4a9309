// SPDX-License-Identifier: MIT
package import MachaModel
package import MachaProbes

/// One word for a host, made only from a snapshot and its findings; `ok` has to be earned.
///
/// A host that was not reached is `unknown`, although its finding is critical: we know that we cannot see it, not that
/// it is broken. A reached host is `critical` as soon as one finding is. It is `unknown` when an essential probe has no
/// value, whatever the others say, and `ok` only when all of `essentials` are known and nothing is worse than `info`.
package struct HostState: Hashable, Sendable {
    /// The four words, with their codes for monitoring.
    package enum Level: String, Hashable, Codable, Sendable, CaseIterable {
        case ok
        case warning
        case unknown
        case critical

        /// The monitoring convention: 0 ok, 1 warning, 2 critical, 3 unknown.
        package var exitCode: Int32 {
            switch self {
            case .ok: 0
            case .warning: 1
            case .critical: 2
            case .unknown: 3
            }
        }
    }

    /// What made a host so.
    package enum Reason: Hashable, Sendable {
        case ok
        /// The most severe finding is of this kind.
        case finding(RecordedKind)
        /// It was not reached, and no finding says so.
        case notReached
        /// It was never asked.
        case neverChecked
        /// What is known of it is too old to tell.
        case stale

        /// As it is shown and recorded: a finding's kind, or a word of its own.
        package var name: String {
            switch self {
            case .ok: "ok"
            case .finding(let kind): kind.name
            case .notReached: "not-reached"
            case .neverChecked: "never-checked"
            case .stale: "stale"
            }
        }
    }

    /// The verdict.
    package let level: Level
    /// What made it so.
    package let reason: Reason

    /// Probes without which nothing good can be said of a host.
    package static let essentials: [any Probe.Type] = [
        UnitsProbe.self, DisksProbe.self, MemoryProbe.self, BootProbe.self,
    ]

    /// Judges `snapshot` by all its findings: those of ``Detectors``, and any a model added.
    package init(_ snapshot: Snapshot, _ findings: [Finding]) {
        self.init(HostOverview(snapshot, diskUntilFull: nil), findings)
    }

    /// The same by what is kept of the snapshot.
    package init(_ overview: HostOverview, _ findings: [Finding]) {
        let worst = findings.max { $0.severity < $1.severity }
        if overview.contactFailure != nil {
            (level, reason) = (.unknown, worst.map { .finding($0.recordedKind) } ?? .notReached)
        } else if let worst, worst.severity == .critical {
            (level, reason) = (.critical, .finding(worst.recordedKind))
        } else if !overview.blind.isEmpty {
            (level, reason) = (.unknown, .finding(.known(.probeUnknown)))
        } else if let worst, worst.severity == .warning {
            (level, reason) = (.warning, .finding(worst.recordedKind))
        } else {
            (level, reason) = (.ok, .ok)
        }
    }
}

extension HostState.Reason: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension HostState {
    /// How the host is without the findings in `muted`: what alarms and exit codes go by. ``level`` stays what it is.
    ///
    /// A probe that has no value is left out when the finding that says so is muted, and a host that was not reached when
    /// everything is that says why.
    package static func alarm(_ overview: HostOverview, _ findings: [Finding], muted: Set<Fingerprint>) -> Level {
        let loud = findings.filter { !muted.contains($0.fingerprint) }
        guard loud.count < findings.count else { return HostState(overview, findings).level }
        if overview.contactFailure != nil { return loud.isEmpty ? .ok : .unknown }
        let quiet = Set(
            findings.filter { muted.contains($0.fingerprint) && $0.kind == .probeUnknown }
                .compactMap { $0.subject?.raw })
        let worst = loud.map(\.severity).max()
        if worst == .critical { return .critical }
        if !quiet.isSuperset(of: overview.blind) { return .unknown }
        return worst == .warning ? .warning : .ok
    }
}

extension HostState.Level: Comparable {
    private var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .unknown: 2
        case .critical: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
