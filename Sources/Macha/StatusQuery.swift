// SPDX-License-Identifier: MIT
import MachaActions
package import MachaFindings
package import MachaInventory
import MachaModel
package import MachaProbes
package import MachaStore
package import struct Foundation.Date

/// The fleet as the store knows it at a time, without asking any host.
package struct StatusQuery: Sendable {
    private let store: Store
    private let now: Date
    private let muting: Muting

    package init(store: Store, now: Date, muting: Muting) {
        self.store = store
        self.now = now
        self.muting = muting
    }

    /// The newest observation of each of `hosts`; `withTrends` also brings how their figures went.
    package func report(_ hosts: [FleetHost], withTrends: Bool = false) throws(StoreError) -> FleetReport {
        var reports: [HostReport] = []
        for host in hosts {
            do throws(StoreError) {
                reports.append(try newest(host, withTrends: withTrends))
            } catch  where error.code == .unreadable {
                // What is stored of one host hides no other.
                reports.append(Self.unreadable(host, error, at: now))
            }
        }
        var fleet = FleetReport(reports, of: hosts, now: now)
        fleet.repairs = try store.repairs(of: hosts.map(\.name), since: now.addingTimeInterval(-86_400))
        let names = Set(hosts.map(\.name))
        fleet.approvals = try store.approvals(open: true, at: now).filter { names.contains($0.proposal.host) }
            .map { ApprovalNote($0) }
        return fleet
    }

    /// By what was kept when the newest snapshot was recorded; by the snapshot itself where an earlier version recorded it,
    /// or where trends are requested, which takes ten times as long.
    private func newest(_ host: FleetHost, withTrends: Bool) throws(StoreError) -> HostReport {
        if !withTrends, let known = try store.overview(of: host.name) {
            return try report(host, known.overview, known.findings, trends: [])
        }
        guard let look = try store.latest(hosts: [host.name]).first else { return try neverChecked(host) }
        return try report(try store.judgement(recorded: look, of: host), withTrends: withTrends)
    }

    /// A host of which no snapshot is stored: what people report of it is there all the same.
    func neverChecked(_ host: FleetHost) throws(StoreError) -> HostReport {
        var report = HostReport(neverChecked: host)
        report.findings = try store.openIssues(hosts: [host.name]).filter { $0.origin == .reported }.map { issue in
            FindingReport(issue.finding, since: issue.firstSeen, issue: issue.id, muted: muting.reason(for: issue))
        }
        return report
    }

    /// A host of which something is stored that was not written by macha: nothing is known of it, and the reason is
    /// reported.
    static func unreadable(_ host: FleetHost, _ error: StoreError, at now: Date) -> HostReport {
        let failure = ContactFailure(.local, stage: .other, delivery: .notSent, message: "\(error)")
        let snapshot = Snapshot(host: host.name, takenAt: now, duration: 0, failure: failure)
        let judgement = HostJudgement(snapshot, of: host, history: HostHistory())
        return HostReport(host, snapshot, judgement.findings, muting: .none, now: now)
    }

    /// One host's report with the snapshot it is based on.
    package struct Detail: Sendable {
        package var fleet: FleetReport
        package var host: HostReport
        /// `nil` for a host that was never asked.
        package var snapshot: Snapshot?
    }

    /// Everything about `host`, trends included.
    package func detail(of host: FleetHost) throws(StoreError) -> Detail {
        let fleet = try report([host], withTrends: true)
        return Detail(
            fleet: fleet, host: fleet.hosts.first ?? HostReport(neverChecked: host),
            snapshot: try store.latest(hosts: [host.name]).first?.snapshot)
    }

    /// One host, by this judgement of it and by what is kept of earlier ones.
    func report(_ judgement: HostJudgement, withTrends: Bool) throws(StoreError) -> HostReport {
        let history = try figures(judgement, withTrends)
        return try report(
            judgement.host, HostOverview(judgement.snapshot, diskUntilFull: history.diskUntilFull), judgement.findings,
            trends: history.trends)
    }

    private func report(
        _ host: FleetHost, _ overview: HostOverview, _ findings: [Finding], trends: [Trend]
    ) throws(StoreError) -> HostReport {
        let open = try store.openIssues(hosts: [host.name])
        // What people report is there until people say that it is over.
        let findings = findings + open.filter { $0.origin == .reported }.map(\.finding)
        let shown = Set(findings.map(\.fingerprint))
        let unconfirmed = open.filter { !shown.contains($0.finding.fingerprint) && $0.origin == .observed }
            .map { issue in
                FindingReport(
                    issue.finding, since: issue.firstSeen, lastSeen: issue.lastSeen, issue: issue.id,
                    muted: muting.reason(for: issue))
            }
            .sorted { $0.finding.severity > $1.finding.severity }
        var report = HostReport(
            host, overview, findings,
            issues: Dictionary(open.map { ($0.finding.fingerprint, $0) }, uniquingKeysWith: { first, _ in first }),
            muting: muting, unconfirmed: unconfirmed, trends: trends, now: now)
        report.analysis = try store.analysisReport(of: host.name, now: now)
        return report
    }

    /// Lines are drawn of a week, in as many parts as leave an overview of a hundred hosts small.
    private static let (trendSpan, trendParts) = (7.0 * 86_400, 24)

    private func figures(_ judgement: HostJudgement, _ withTrends: Bool) throws(StoreError) -> FigureHistory {
        let snapshot = judgement.snapshot
        let mount = HostFigures.fullest(snapshot)?.target ?? "/"
        let outlook = judgement.outlook(on: mount)
        guard withTrends else { return FigureHistory(trends: [], diskUntilFull: outlook.forecast?.seconds) }
        // A host that is new has a short line rather than a dot at the end of an empty one.
        let end = snapshot.takenAt.addingTimeInterval(1)
        let since = max(end.addingTimeInterval(-Self.trendSpan), judgement.history.watchedSince ?? end)
        let buckets = try store.history(
            host: snapshot.host, FigureHistory.keys(mount: mount), since: since, until: end, buckets: Self.trendParts)
        return FigureHistory(buckets, mount: mount, outlook: outlook)
    }

    /// What changed in `hosts` after `time`; the summary counts `own`, the row of Macha itself, too.
    package func changes(
        of hosts: [FleetHost], since time: Date, beside own: HostReport?
    ) throws(StoreError) -> ChangeReport {
        let known = try report(hosts)
        let fleet = own.map { known.adding($0, of: hosts) } ?? known
        var changes: [Change] = []
        var comparedSince: [String: Date] = [:]
        var unseen: [String] = []
        for host in hosts.map(\.name) {
            guard let latest = try store.snapshots(of: host, limit: 1).first, latest.snapshot.takenAt > time else {
                unseen.append(host)
                continue
            }
            guard let before = try store.snapshot(of: host, at: time) else { continue }
            if before.snapshot.takenAt > time { comparedSince[host] = before.snapshot.takenAt }
            changes += Change.between((before.snapshot, before.findings), (latest.snapshot, latest.findings))
        }
        changes += Self.changes(
            try store.issues(of: hosts.map(\.name) + [own?.host].compactMap { $0 }, changedSince: time))
        changes += try store.repairs(of: hosts.map(\.name), since: time).map {
            Change(.repaired($0), host: $0.host, at: $0.at)
        }
        let kept = now.addingTimeInterval(-(Retention.standard.resolvedIssues / .seconds(1)))
        return ChangeReport(
            since: time, changes: changes, comparedSince: comparedSince, resolvedSince: time < kept ? kept : nil,
            unseen: unseen, summary: fleet.summary, now: now)
    }

    /// A problem that comes and goes is listed once, in its latest state.
    private static func changes(_ issues: [Issue]) -> [Change] {
        var last: [Fingerprint: Issue] = [:]
        for issue in issues {
            let known = last[issue.finding.fingerprint]
            if known.map({ $0.id < issue.id }) ?? true { last[issue.finding.fingerprint] = issue }
        }
        return last.values.map { change($0) }
    }

    /// A problem that came and went in the span is listed once, as resolved.
    private static func change(_ issue: Issue) -> Change {
        let host = issue.finding.host
        if let closed = issue.resolvedAt {
            return Change(.resolved(issue.finding, lastSeen: issue.lastSeen), host: host, at: closed)
        }
        return Change(.found(issue.finding), host: host, at: issue.firstSeen)
    }
}
