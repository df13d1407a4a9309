// SPDX-License-Identifier: MIT
package import MachaCore
package import MachaFleet
package import MachaStore
package import struct Foundation.Date

/// One look at the fleet, from the inventory to the report. This file is the whole way, in order:
///
///     [FleetHost] ─ Collector ─▶ Snapshot ─ Detectors ─▶ [Finding] ─ Store ─▶ Sightings ─▶ FleetReport
///                                         HostHistory ─┘                   └─▶ figures, for the next look's history
///
/// Every host is stored as soon as it has answered, so that a controller that is killed loses only who had not.
package struct MaintenanceCycle: Sendable {
    private let reach: Reach
    private let store: Store
    private let files: SnapshotFiles
    private let collector: Collector
    private let now: @Sendable () -> Date

    /// `now` is the controller's wall clock.
    package init(
        reach: Reach, store: Store, files: SnapshotFiles, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.reach = reach
        self.store = store
        self.files = files
        self.now = now
        collector = Collector(now: now)
    }

    /// How far a cycle is, for the progress line.
    package struct Progress: Sendable {
        package var done: Int
        package var total: Int
        /// Hosts that have not answered yet, in inventory order.
        package var waiting: [String]
    }

    /// What a cycle gave.
    package struct Outcome: Sendable {
        package var report: FleetReport
        /// What could not be exported; the database has it all the same.
        package var warnings: [String]
    }

    /// Looks at `hosts`, at most `width` at a time.
    package func run(
        _ hosts: [FleetHost], width: Int = FanOut.defaultWidth, heard: @Sendable (Progress) -> Void = { _ in }
    ) async throws(StoreError) -> Outcome {
        var reports: [HostReport] = []
        var warnings: [String] = []
        var waiting = hosts.map(\.name)
        heard(Progress(done: 0, total: hosts.count, waiting: waiting))
        try await FanOut.run(hosts, width: width) { host in
            (host, await collect(host))
        } receive: { (host, snapshot) throws(StoreError) in
            let findings = Detectors.findings(
                in: snapshot, thresholds: host.thresholds, history: try store.history(for: snapshot),
                isIntermittent: host.isIntermittent)
            try store.record(snapshot, findings: findings, now: now())
            warnings += export(snapshot, findings)
            reports.append(try report(host, snapshot, findings))
            waiting.removeAll { $0 == host.name }
            heard(Progress(done: reports.count, total: hosts.count, waiting: waiting))
        }
        return Outcome(report: FleetReport(reports, now: now()), warnings: warnings)
    }

    /// Closes what connections are left. For a command that ends; a daemon keeps them for the next cycle.
    package func close() async { await reach.close() }

    /// The fleet from its last known state in `store`, without asking any host.
    package static func lastKnown(_ hosts: [FleetHost], in store: Store, now: Date) throws(StoreError) -> FleetReport {
        let names = hosts.map(\.name)
        let stored = try store.latest(hosts: names)
        let snapshots = Dictionary(stored.map { ($0.snapshot.host, $0) }, uniquingKeysWith: { first, _ in first })
        let since = try since(names, in: store)
        let reports = hosts.map { host in
            snapshots[host.name].map { HostReport(host, $0.snapshot, $0.findings, since: since, now: now) }
                ?? HostReport(neverChecked: host)
        }
        return FleetReport(reports, now: now)
    }

    private func collect(_ host: FleetHost) async -> Snapshot {
        do throws(ContactFailure) {
            let transport = try reach.transport(to: host)
            // Without it everything is asked anew, which costs time and nothing else.
            let earlier = try? store.latestReached(host.name)
            let snapshot = await collector.collect(host, over: transport, after: earlier)
            await transport.close()
            return snapshot
        } catch {
            return Snapshot(host: host.name, takenAt: now(), duration: 0, failure: error)
        }
    }

    private func export(_ snapshot: Snapshot, _ findings: [Finding]) -> [String] {
        do throws(StoreError) {
            try files.write(snapshot, findings: findings)
            return []
        } catch {
            return ["\(error)"]
        }
    }

    private func report(_ host: FleetHost, _ snapshot: Snapshot, _ findings: [Finding]) throws(StoreError) -> HostReport
    {
        HostReport(host, snapshot, findings, since: try Self.since([host.name], in: store), now: now())
    }

    private static func since(_ hosts: [String], in store: Store) throws(StoreError) -> [Fingerprint: Date] {
        let open = try store.openSightings(hosts: hosts)
        return Dictionary(open.map { ($0.finding.fingerprint, $0.firstSeen) }, uniquingKeysWith: min)
    }
}
