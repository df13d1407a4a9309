// SPDX-License-Identifier: MIT
import MachaModel
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

    /// The verdict.
    package let level: Level
    /// What made it so: the kind of the most severe finding, or `ok`.
    package let reason: String

    /// Probes without which nothing good can be said of a host.
    package static let essentials: [any Probe.Type] = [
        UnitsProbe.self, DisksProbe.self, MemoryProbe.self, BootProbe.self,
    ]

    /// Judges `snapshot` by all its findings: those of ``Detectors``, and any a model added.
    package init(_ snapshot: Snapshot, _ findings: [Finding]) {
        let worst = findings.max { $0.severity < $1.severity }
        let blind = Set(snapshot.failures.map { $0.probe }).intersection(Self.essentials.map { $0.name })
        if case .failed = snapshot.contact {
            (level, reason) = (.unknown, worst?.kind ?? "not-reached")
        } else if let worst, worst.severity == .critical {
            (level, reason) = (.critical, worst.kind)
        } else if !blind.isEmpty {
            (level, reason) = (.unknown, "probe-unknown")
        } else if let worst, worst.severity == .warning {
            (level, reason) = (.warning, worst.kind)
        } else {
            (level, reason) = (.ok, "ok")
        }
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
