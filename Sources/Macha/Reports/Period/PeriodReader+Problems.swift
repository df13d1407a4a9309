// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel
import MachaStore
import struct Foundation.Date

/// Problems: open, known of, resolved, and what is new in the logs.
extension PeriodReader {
    mutating func readProblems() throws(StoreError) {
        let causes = causes.filter { $0.severity >= .warning }
        report.problems = causes.map { problem($0) }
        for known in hosts {
            for finding in known.report.findings + known.report.unconfirmed { add(finding, of: known, causes) }
        }
        report.problems.sort { left, right in
            (Self.rank(left), right.since) < (Self.rank(right), left.since)
        }
        try readEnded()
    }

    /// The worst first, and what is new before what everybody has seen.
    private static func rank(_ problem: PeriodReport.Problem) -> Int {
        (problem.severity == .critical ? 0 : 2) + (problem.isNew ? 0 : 1)
    }

    private mutating func add(_ finding: FindingReport, of known: Known, _ causes: [FleetCause]) {
        guard finding.severity >= .warning else { return }
        if let reason = finding.quiet {
            report.known.append(Self.known(finding, reason))
        } else if !known.report.isAway, !causes.contains(where: { $0.explains(finding.finding) }) {
            report.problems.append(problem(finding))
        }
    }

    private func problem(_ finding: FindingReport) -> PeriodReport.Problem {
        PeriodReport.Problem(
            issue: finding.issue, host: finding.finding.host, kind: finding.finding.recordedKind.name,
            severity: finding.severity, summary: OutgoingText.clean(finding.finding.summary), since: finding.since,
            lastSeen: finding.lastSeen, resolvedAt: nil, isNew: finding.since > since, hosts: [])
    }

    private func problem(_ cause: FleetCause) -> PeriodReport.Problem {
        let times = hosts.filter { cause.hosts.contains($0.host.name) }.flatMap { known in
            known.report.findings.filter { cause.explains($0.finding) }.map(\.since)
        }
        let begin = times.min() ?? now
        return PeriodReport.Problem(
            issue: nil, host: cause.host, kind: cause.kind.name, severity: cause.severity,
            summary: OutgoingText.clean(cause.summary), since: begin, lastSeen: nil, resolvedAt: nil,
            isNew: begin > since, hosts: cause.hosts)
    }

    private static func known(_ finding: FindingReport, _ reason: Muting.Reason) -> PeriodReport.Known {
        let kind: PeriodReport.Known.Reason =
            switch reason {
            case .acknowledged: .acknowledged
            case .silenced: .silenced
            case .maintenance: .maintenance
            }
        return PeriodReport.Known(
            issue: finding.issue, host: finding.finding.host, severity: finding.severity,
            summary: OutgoingText.clean(finding.finding.summary), reason: kind, by: reason.by.printable(limit: 60),
            until: reason.until, note: OutgoingText.clean(reason.note.raw))
    }

    private mutating func readEnded() throws(StoreError) {
        let (store, names, since) = (store, names, since)
        let changed = try part("problems that came and went") { () throws(StoreError) in
            try store.issues(of: names, changedSince: since)
        }
        for issue in changed ?? [] {
            let kind = issue.finding.kind
            if kind == .newError || kind == .newErrors, issue.firstSeen > since, issue.finding.severity < .warning {
                report.logPatterns.append(Self.pattern(issue))
            } else if let end = issue.resolvedAt, end > since, issue.finding.severity >= .warning {
                report.resolved.append(ended(issue, at: end))
            }
        }
        report.resolved.sort { ($1.severity, $1.since) < ($0.severity, $0.since) }
    }

    private func ended(_ issue: Issue, at end: Date) -> PeriodReport.Problem {
        PeriodReport.Problem(
            issue: issue.id, host: issue.finding.host, kind: issue.finding.recordedKind.name,
            severity: issue.finding.severity, summary: OutgoingText.clean(issue.finding.summary),
            since: issue.firstSeen, lastSeen: issue.lastSeen, resolvedAt: end, isNew: issue.firstSeen > since, hosts: []
        )
    }

    private static func pattern(_ issue: Issue) -> PeriodReport.LogPattern {
        PeriodReport.LogPattern(
            host: issue.finding.host, summary: OutgoingText.clean(issue.finding.summary),
            line: issue.finding.evidence.first.map { OutgoingText.clean($0.line.raw) } ?? "", at: issue.firstSeen)
    }
}
