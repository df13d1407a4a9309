// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import MachaProbes

/// What is wrong on one host: its snapshot, judged by the host's own thresholds and habits and by what was known before.
///
/// There is one judgement. The check that records a problem, the recheck right before a repair, a playbook's
/// `finding-gone`, the report and its forecast all take this value, so none of them can see a problem that another
/// does not. It has no defaults, because each part decides.
package struct HostJudgement: Sendable {
    /// With its thresholds, and whether it is off now and then.
    package let host: FleetHost
    /// When it was taken is the moment that is judged.
    package let snapshot: Snapshot
    package let history: HostHistory
    /// Most severe first.
    package let findings: [Finding]
    /// What may be there although ``findings`` does not list it.
    package let gaps: Gaps

    /// Judges `snapshot`.
    package init(_ snapshot: Snapshot, of host: FleetHost, history: HostHistory) {
        self.init(snapshot, of: host, history: history, found: Detectors.findings(in: snapshot, of: host, history))
    }

    /// The judgement that was made and recorded when `snapshot` was taken: `found` is what it found then.
    package init(_ snapshot: Snapshot, of host: FleetHost, history: HostHistory, found: [Finding]) {
        self.host = host
        self.snapshot = snapshot
        self.history = history
        findings = found
        var gaps = Gaps(snapshot)
        gaps.formUnion(Trends.gaps(Present(snapshot, host.thresholds, history), found))
        self.gaps = gaps
    }

    /// How soon the file system on `mount` will be full; open when the snapshot does not show it.
    package func outlook(on mount: String) -> FillOutcome {
        let systems = snapshot[DisksProbe.self].value?.fileSystems ?? []
        guard systems.contains(where: { $0.target == mount }) else { return .open(.tooShort) }
        return FillOutcome.outlook(on: mount, Present(snapshot, host.thresholds, history))
    }

    /// The state of a problem by this judgement.
    package enum Standing: Hashable, Sendable {
        /// It is there.
        case present(Finding)
        /// What showed it was observed again, and it is not there any more.
        case gone
        /// It is not shown, and that proves nothing.
        case unknown(because: String)
    }

    /// The state of the problem `fingerprint`. `known` is how it was last seen while it was open; `nil` when an earlier
    /// judgement has proved it gone. What is not listed is gone only if this snapshot would have shown it.
    package func standing(of fingerprint: Fingerprint, known: (finding: Finding, coverage: Coverage)?) -> Standing {
        if let found = findings.first(where: { $0.fingerprint == fingerprint }) { return .present(found) }
        if case .failed(let failure) = snapshot.contact {
            return .unknown(because: failure.message.printable(limit: 200))
        }
        guard let known else { return .gone }
        guard !gaps.mayHide(known.finding) else {
            return .unknown(because: "the host's output was cut off, or does not cover it")
        }
        let coverage = Coverage(snapshot)
        guard !coverage.closes(known.finding, lastSeenWith: known.coverage) else { return .gone }
        let silent = coverage.silent(since: known.coverage).sorted().prefix(8).joined(separator: ", ")
        return .unknown(because: "these could be read when it was last seen and cannot be read now: \(silent)")
    }
}
