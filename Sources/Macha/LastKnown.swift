// SPDX-License-Identifier: MIT
package import MachaCore
package import MachaStore
package import struct Foundation.Date

/// The fleet as the store knows it at a time, without asking any host.
package struct LastKnown: Sendable {
    private let store: Store
    private let now: Date

    package init(store: Store, now: Date) {
        self.store = store
        self.now = now
    }

    /// The newest look at each of `hosts`; `withTrends` also brings how their figures went.
    package func report(_ hosts: [FleetHost], withTrends: Bool = false) throws(StoreError) -> FleetReport {
        let stored = try store.latest(hosts: hosts.map(\.name))
        let newest = Dictionary(stored.map { ($0.snapshot.host, $0) }, uniquingKeysWith: { first, _ in first })
        var reports: [HostReport] = []
        for host in hosts {
            guard let look = newest[host.name] else {
                reports.append(HostReport(neverChecked: host))
                continue
            }
            var report = try report(host, look.snapshot, look.findings)
            if !withTrends { report.trends = [] }
            reports.append(report)
        }
        return FleetReport(reports, now: now)
    }

    /// One host's report with the look it rests on.
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

    /// One host, from this look at it and what is kept of earlier ones.
    func report(_ host: FleetHost, _ snapshot: Snapshot, _ findings: [Finding]) throws(StoreError) -> HostReport {
        let open = try store.openSightings(hosts: [host.name])
        let shown = Set(findings.map(\.fingerprint))
        let unconfirmed = open.filter { !shown.contains($0.finding.fingerprint) }
            .map { FindingReport($0.finding, since: $0.firstSeen, lastSeen: $0.lastSeen) }
            .sorted { $0.finding.severity > $1.finding.severity }
        var report = HostReport(
            host, snapshot, findings,
            since: Dictionary(open.map { ($0.finding.fingerprint, $0.firstSeen) }, uniquingKeysWith: min),
            unconfirmed: unconfirmed, history: try history(of: host.name, snapshot), now: now)
        report.analysis = try store.analysisReport(of: host.name, now: now)
        return report
    }

    /// The one place where a report meets the history of figures.
    private func history(of host: String, _ snapshot: Snapshot) throws(StoreError) -> FigureHistory {
        let mount = HostFigures.fullest(snapshot)?.target ?? "/"
        return FigureHistory(try store.figures(of: host, mount: mount), mount: mount)
    }

    /// What changed in `hosts` after `time`.
    package func changes(of hosts: [FleetHost], since time: Date) throws(StoreError) -> ChangeReport {
        let fleet = try report(hosts)
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
        for sighting in try store.sightings(of: hosts.map(\.name), changedSince: time) {
            changes += Self.changes(sighting, since: time)
        }
        return ChangeReport(
            since: time, changes: changes, comparedSince: comparedSince, unseen: unseen, summary: fleet.summary,
            now: now)
    }

    /// A problem that came and went in the span is told once, as resolved.
    private static func changes(_ sighting: Sighting, since time: Date) -> [Change] {
        let host = sighting.finding.host
        if let closed = sighting.closedAt {
            return [Change(.resolved(sighting.finding, lastSeen: sighting.lastSeen), host: host, at: closed)]
        }
        return [Change(.found(sighting.finding), host: host, at: sighting.firstSeen)]
    }
}
