// SPDX-License-Identifier: MIT
package import MachaModel
package import MachaProbes

/// How much of a host a snapshot let us see. Decides what the absence of a finding proves.
///
/// A finding that is not shown any more is gone only when we now see everything we saw when it was last there;
/// otherwise we may just be blind, and blindness resolves nothing:
/// - a host that was not reached closes no finding that was made on the host itself;
/// - a failure to make contact closes only failures at the same or an earlier stage: a refused login proves that the
///   host is up and its key trusted, an unreachable host says nothing about its changed key;
/// - a host that was reached closes what is not shown any more, unless one of the probes that answered when the
///   finding was last seen has no answer now. A probe that was already unknown then cannot be the finding's source,
///   so a tool that is missing for good does not keep everything open for ever;
/// - a probe's own silence (`probe-unknown`) ends when that probe answers.
package enum Coverage: Hashable, Codable, Sendable {
    /// Contact failed at this stage.
    case blind(stage: ContactStage)
    /// The host answered; these probes have values, those do not.
    case clear(known: Set<String>, unknown: Set<String>)

    package init(_ snapshot: Snapshot) {
        switch snapshot.contact {
        case .failed(let failure): self = .blind(stage: failure.stage)
        case .reached:
            let unknown = Set(snapshot.failures.map(\.probe))
            self = .clear(known: Set(ProbeCatalog.all.map { $0.name }).subtracting(unknown), unknown: unknown)
        }
    }

    /// Whether not seeing `finding` now proves that it is gone, when `earlier` is how it was last seen.
    package func closes(_ finding: Finding, lastSeenWith earlier: Coverage) -> Bool {
        switch (earlier, self) {
        case (.blind, .clear): true
        case (.clear, .blind): false
        case (.blind(let before), .blind(let now)): Self.depth(now) >= Self.depth(before)
        case (.clear(let known, _), .clear(_, let unknown)):
            if finding.kind == .probeUnknown, let probe = finding.subject?.raw {
                !unknown.contains(probe)
            } else {
                known.isDisjoint(with: unknown)
            }
        }
    }

    /// Probes that have no answer now and had one in `earlier`.
    func silent(since earlier: Coverage) -> Set<String> {
        guard case .clear(let known, _) = earlier, case .clear(_, let unknown) = self else { return [] }
        return known.intersection(unknown)
    }

    /// How far towards the host a stage lies; a stage we do not know proves nothing about the others.
    private static func depth(_ stage: ContactStage) -> Int {
        switch stage {
        case .resolve: 0
        case .connect: 1
        case .handshake: 2
        case .hostKey: 3
        case .authentication: 4
        case .exec: 5
        case .collect: 6
        case .upload, .close, .policy, .other: -1
        }
    }
}
