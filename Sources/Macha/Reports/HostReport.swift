// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
package import MachaModel
package import MachaProbes
package import struct Foundation.Date

/// What is known of one host, for people and programs: its state, its figures and its findings.
package struct HostReport: Sendable, Encodable {
    package var host: String
    package var autonomy: AutonomyLevel
    package var groups: [String]
    package var state: HostState.Level
    /// The same without what is muted: what exit codes and counts go by.
    package var alarm: HostState.Level
    /// What made it so.
    package var reason: HostState.Reason
    /// When the host was asked; `nil` if it never was.
    package var takenAt: Date?
    /// Seconds since then; `nil` if it never was.
    package var age: Int?
    /// Why the host could not be asked; `nil` when it answered.
    package var contactFailure: ContactFailure?
    package var figures: HostFigures
    /// Worst first, each with what is only its consequence folded into it.
    package var findings: [FindingReport]
    /// Problems of earlier checks that the newest could neither confirm nor resolve: nothing is resolved because we
    /// went blind.
    package var unconfirmed: [FindingReport]
    /// How figures went; empty where it was not requested, or too little is known.
    package var trends: [Trend] = []
    /// What a model made of the host; `nil` when none was ever asked.
    package var analysis: AnalysisReport?
    /// What only Macha itself has; `nil` for every host.
    package var itself: Itself?

    /// Reports `snapshot` and `findings` as they are at `now`.
    ///
    /// `issues` tell how long a problem has been there, and with `muting` what is muted; `unconfirmed` are open problems
    /// that `findings` does not hold.
    /// Old news is not health: a snapshot older than ``staleAfter(_:)`` makes the host `unknown`, whatever it says.
    package init(
        _ host: FleetHost, _ snapshot: Snapshot, _ findings: [Finding], issues: [Fingerprint: Issue] = [:],
        muting: Muting, unconfirmed: [FindingReport] = [], history: FigureHistory = .none, now: Date
    ) {
        self.init(
            host, HostOverview(snapshot, diskUntilFull: history.diskUntilFull), findings, issues: issues,
            muting: muting, unconfirmed: unconfirmed, trends: history.trends, now: now)
    }

    /// The same by what is kept of the snapshot. What depends on the time or on a person's word (age, muting) is made
    /// here, when it is read.
    init(
        _ host: FleetHost, _ overview: HostOverview, _ findings: [Finding], issues: [Fingerprint: Issue],
        muting: Muting, unconfirmed: [FindingReport], trends: [Trend], now: Date
    ) {
        let judged = HostState(overview, findings)
        let age = max(0, Int(now.timeIntervalSince(overview.takenAt)))
        let isStale = age > Self.staleAfter(host)
        self.init(host)
        state = isStale ? .unknown : judged.level
        reason = isStale ? .stale : judged.reason
        let muted = muting.reasons(for: findings.map { ($0, issues[$0.fingerprint]?.acknowledgement) })
        alarm = isStale ? .unknown : HostState.alarm(overview, findings, muted: Set(muted.keys))
        takenAt = overview.takenAt
        self.age = age
        contactFailure = overview.contactFailure
        figures = overview.figures
        self.trends = trends
        self.unconfirmed = unconfirmed
        func report(_ finding: Finding, _ folded: [Finding] = []) -> FindingReport {
            let issue = issues[finding.fingerprint]
            return FindingReport(
                finding, since: issue?.firstSeen ?? overview.takenAt, folded: folded.map { report($0) },
                issue: issue?.id, muted: muted[finding.fingerprint])
        }
        self.findings = Folding.groups(findings).map { report($0.cause, $0.folded) }
    }

    /// Reports a host that was never asked.
    package init(neverChecked host: FleetHost) { self.init(host) }

    private init(_ host: FleetHost) {
        self.host = host.name
        autonomy = host.autonomy
        groups = host.groups
        state = .unknown
        alarm = .unknown
        reason = .neverChecked
        figures = HostFigures()
        findings = []
        unconfirmed = []
    }

    /// The same report read later: its age has grown, and old news is not health.
    package func aged(for host: FleetHost, to now: Date) -> HostReport {
        guard let takenAt else { return self }
        var report = self
        let age = max(0, Int(now.timeIntervalSince(takenAt)))
        report.age = age
        if let madeAt = analysis?.analysis?.madeAt {
            report.analysis?.age = max(0, Int(now.timeIntervalSince(madeAt)))
        }
        if age > Self.staleAfter(host) { (report.state, report.alarm, report.reason) = (.unknown, .unknown, .stale) }
        return report
    }

    /// Its owner switches it off now and then, and now it does not answer: no alarm, and nothing is known.
    package var isAway: Bool { reason == .finding(.known(.away)) }

    /// The worst of the findings of `kinds`, on `subject` alone unless that is `nil`; `nil` when there is none. By this a
    /// figure gets its colour, so that no page judges a figure by other limits than the host's.
    package func severity(of kinds: Set<FindingKind>, on subject: String?) -> Severity? {
        findings.flatMap(\.all).filter { finding in
            finding.isAny(of: kinds) && (subject.map { finding.subject?.raw == $0 } ?? true)
        }
        .map(\.severity).max()
    }

    /// Seconds after which a snapshot says nothing about today: three check intervals, and at least a day.
    package static func staleAfter(_ host: FleetHost) -> Int { max(3 * host.checkInterval, 86_400) }
}

/// A finding, since when it has been there, and what is only its consequence.
package struct FindingReport: Sendable, Encodable {
    package var finding: Finding
    package var since: Date
    /// When it was last seen; `nil` when the report's own look saw it.
    package var lastSeen: Date?
    /// Findings that this one explains; they are shown below it and not on their own.
    package var folded: [FindingReport]
    /// The number of its issue; `nil` before it is recorded.
    package var issue: Int64?
    /// What keeps it quiet; `nil` when nothing does.
    package var muted: Muting.Reason?

    package init(
        _ finding: Finding, since: Date, lastSeen: Date? = nil, folded: [FindingReport] = [], issue: Int64? = nil,
        muted: Muting.Reason? = nil
    ) {
        self.finding = finding
        self.since = since
        self.lastSeen = lastSeen
        self.folded = folded
        self.issue = issue
        self.muted = muted
    }

    /// What keeps all of it quiet, with what is folded into it; `nil` when a part of it is an alarm.
    package var quiet: Muting.Reason? { folded.allSatisfy { $0.quiet != nil } ? muted : nil }

    /// The worst of it and of what is folded into it.
    package var severity: Severity { folded.map(\.severity).reduce(finding.severity, max) }

    /// The finding, and what is folded into it.
    package var all: [Finding] { [finding] + folded.flatMap(\.all) }

    private enum CodingKeys: String, CodingKey {
        case kind, subject, severity, summary, evidence, figures, remedy, advice, commands, fingerprint, since, lastSeen
        case folded, issue, muted
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(finding.recordedKind.name, forKey: .kind)
        try container.encode(finding.subject, forKey: .subject)
        try container.encode(finding.severity, forKey: .severity)
        try container.encode(finding.summary, forKey: .summary)
        try container.encode(finding.lines, forKey: .evidence)
        if !finding.figures.isEmpty { try container.encode(finding.figures, forKey: .figures) }
        try container.encode(finding.remedy, forKey: .remedy)
        try container.encode(finding.advice, forKey: .advice)
        try container.encode(finding.commands, forKey: .commands)
        try container.encode(finding.fingerprint, forKey: .fingerprint)
        try container.encode(since, forKey: .since)
        try container.encodeIfPresent(lastSeen, forKey: .lastSeen)
        try container.encodeIfPresent(issue, forKey: .issue)
        try container.encodeIfPresent(muted, forKey: .muted)
        if !folded.isEmpty { try container.encode(folded, forKey: .folded) }
    }
}
