// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes
import struct Foundation.Date

/// What is wrong over time: every rule that needs more than one observation. Pure; the past arrives as a value.
///
/// A rule speaks only when the present reading is known: a host that went silent is not judged by its past. Once it has
/// found something it lets go of it later than it would find it, so that a figure at its limit does not come and go.
enum Trends {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds, _ history: HostHistory) -> [Finding] {
        let present = Present(snapshot, thresholds, history)
        return FillRule.findings(present) + SustainedRule.findings(present) + FlappingRule.findings(present)
            + UnusualRule.findings(present) + EventRule.findings(present) + LogRule.findings(present)
            + MachineRule.findings(present)
    }

    /// What was found before and cannot be judged now: too little is known of the time between.
    static func gaps(_ present: Present, _ findings: [Finding]) -> Gaps {
        guard !present.history.open.isEmpty, case .reached = present.snapshot.contact else { return Gaps() }
        var gaps = Gaps()
        let found = Set(findings.compactMap(\.kind))
        for kind in SustainedRule.undecided(present) where !found.contains(kind) { gaps.add([kind]) }
        for (kind, mount) in FillRule.undecided(present) { gaps.add([kind], on: mount) }
        // Of many new kinds of error only a few are listed one by one.
        if found.contains(.newErrors) { gaps.add([.newError]) }
        return gaps
    }
}

/// One look with all that was known before it.
struct Present {
    let snapshot: Snapshot
    let thresholds: Thresholds
    let history: HostHistory
    /// Seconds since 1970.
    let now: Int
    let values: [SeriesKey: Double]

    init(_ snapshot: Snapshot, _ thresholds: Thresholds, _ history: HostHistory) {
        self.snapshot = snapshot
        self.thresholds = thresholds
        self.history = history
        now = Int(snapshot.takenAt.timeIntervalSince1970.rounded(.down))
        values = MetricValues.values(of: snapshot, after: history.marks)
    }

    var host: String { snapshot.host }
    var trend: TrendThresholds { thresholds.trend }

    /// Seconds since the host was first observed.
    var watched: Double {
        history.watchedSince.map { max(0, snapshot.takenAt.timeIntervalSince($0)) } ?? 0
    }

    func isOpen(_ kind: FindingKind, _ subject: String = "") -> Bool {
        history.open.contains(Fingerprint(host: host, kind: kind.rawValue, subject: subject))
    }

    func isOpen(_ finding: Finding) -> Bool { history.open.contains(finding.fingerprint) }

    /// The values of the last hours, and now.
    func recent(_ key: SeriesKey) -> [MetricSample] {
        guard let value = values[key] else { return [] }
        return (history.recent[key] ?? []).filter { $0.at < now } + [MetricSample(now, value)]
    }
}
