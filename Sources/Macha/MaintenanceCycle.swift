// SPDX-License-Identifier: MIT
package import MachaCore
package import MachaFleet
package import MachaStore
package import struct Foundation.Date

/// One look at the fleet, from the inventory to the report. This file is the whole way, in order:
///
///     [FleetHost] ─ Collector ─▶ Snapshot ─ HostJudgement ─▶ [Finding] ─ Store ─▶ Sightings ─▶ FleetReport
///                                         HostHistory ─┘                       ├─▶ figures, for the next look's history
///                                                                              └─▶ JobQueue, for an analysis
///
/// Every host is stored as soon as it has answered, so that a controller that is killed loses only who had not.
package struct MaintenanceCycle: Sendable {
    private let reach: Reach
    let store: Store
    private let files: SnapshotFiles
    /// `nil` when no model is wanted.
    private let demand: AnalysisDemand?
    private let collector: Collector
    let now: @Sendable () -> Date

    /// With a `demand`, an analysis of each host is asked for where one is needed. `now` is the controller's wall clock.
    package init(
        reach: Reach, store: Store, files: SnapshotFiles, demand: AnalysisDemand? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.demand = demand
        self.reach = reach
        self.store = store
        self.files = files
        self.now = now
        collector = Collector(now: now)
    }

    /// What a cycle gave.
    package struct Outcome: Sendable {
        package var report: FleetReport
        /// What could not be exported; the database has it all the same.
        package var warnings: [String]
    }

    /// Looks at `hosts`, at most `width` at a time; `everything` asks the slow probes too, whether they are due or not.
    package func run(
        _ hosts: [FleetHost], width: Int = FanOut.defaultWidth, everything: Bool = false,
        heard: @Sendable (FleetProgress) -> Void = { _ in }
    ) async throws(StoreError) -> Outcome {
        var reports: [HostReport] = []
        var warnings: [String] = []
        var progress = FleetProgress(hosts)
        heard(progress)
        var failures: [StoreError] = []
        var told: Set<String> = []
        var failed: Set<String> = []
        await FanOut.run(hosts, width: width) { host in
            (host, await collect(host, everything: everything))
        } receive: { (host, snapshot) in
            do throws(StoreError) {
                let look = try record(snapshot, of: host)
                warnings += look.warnings
                reports.append(look.report)
                told.formUnion(look.told)
            } catch {
                // The other hosts' answers are stored all the same, and told.
                failures.append(error)
                failed.insert(host.name)
                warnings.append("\(host.name): \(error)")
                reports.append(LastKnown.unreadable(host, error, at: now()))
            }
            progress.heard(host.name)
            heard(progress)
        }
        if let failure = failures.first, failures.count == hosts.count { throw failure }
        try forgetOld()
        let again = Dictionary(
            known(of: hosts.filter { told.contains($0.name) && !failed.contains($0.name) }).map { ($0.host, $0) },
            uniquingKeysWith: { first, _ in first })
        reports = reports.map { again[$0.host] ?? $0 }
        return Outcome(report: FleetReport(reports, of: hosts, now: now()), warnings: warnings)
    }

    /// The reports of `hosts` as they are known now, after another name of their machine has answered: they learn of it by that.
    /// None when they cannot be read just now.
    func known(of hosts: [FleetHost]) -> [HostReport] {
        guard !hosts.isEmpty else { return [] }
        return (try? LastKnown(store: store, now: now()).report(hosts).hosts) ?? []
    }

    /// How long a finished job and what it had worked out are kept, in seconds.
    private static let jobSpan = 30.0 * 86_400

    /// Lets go of what is too old to keep, of every host, also of those no longer in the inventory.
    func forgetOld() throws(StoreError) {
        try store.prune(.standard, now: now())
        try demand?.queue.prune(endedBefore: now().addingTimeInterval(-Self.jobSpan))
    }

    /// Closes what connections are left. For a command that ends; a daemon keeps them for the next cycle.
    package func close() async { await reach.close() }

    /// What became of one host's answer.
    package struct Look: Sendable {
        package var report: HostReport
        /// Other names of its machine, of which this look has shown what it is.
        var told: Set<String>
        /// Since the look before; empty when nobody asked.
        package var changes: [Change]
        /// What could not be exported.
        package var warnings: [String]
    }

    /// Judges and keeps `snapshot`, and reports the host as it is now. Only `comparing` it with the look before tells
    /// what changed.
    func record(
        _ snapshot: Snapshot, of host: FleetHost, comparing: Bool = false
    ) throws(StoreError) -> Look {
        let judgement = try store.judge(snapshot, of: host)
        let findings = judgement.findings
        let before = comparing ? try store.snapshots(of: host.name, limit: 1).first : nil
        let recording = try store.record(judgement, now: now(), asking: try analysis(of: snapshot, findings))
        let known = LastKnown(store: store, now: now())
        return Look(
            report: try known.report(judgement, withTrends: false),
            told: Set(recording.opened.map(\.finding.host)).subtracting([host.name]),
            changes: comparing ? Self.changes(before, (snapshot, findings), recording) : [],
            warnings: export(snapshot, findings))
    }

    /// The request for an analysis that goes into the queue together with the snapshot.
    private func analysis(
        of snapshot: Snapshot, _ findings: [Finding]
    ) throws(StoreError) -> (queue: JobQueue, request: JobRequest)? {
        guard let demand, snapshot.contact == .reached,
            let request = try demand.request(for: snapshot.host, findings, in: store, now: now())
        else { return nil }
        return (demand.queue, request)
    }

    /// A problem that comes and goes is told the first time, and then kept quiet with the state that goes with it.
    static func changes(
        _ before: StoredSnapshot?, _ now: (snapshot: Snapshot, findings: [Finding]), _ recording: Recording
    ) -> [Change] {
        let (host, at) = (now.snapshot.host, now.snapshot.takenAt)
        let opened = recording.notices.filter(\.isTold).map { notice in
            Change(.found(notice.sighting.finding), host: notice.sighting.finding.host, at: at)
        }
        let closed = recording.ends.filter(\.isTold).map { notice in
            Change(.resolved(notice.sighting.finding, lastSeen: notice.sighting.lastSeen), host: host, at: at)
        }
        guard let before else { return [Change(.firstLook, host: host, at: at)] + opened + closed }
        let isQuiet = opened.isEmpty && closed.isEmpty && !(recording.notices + recording.ends).isEmpty
        let differences = Change.between((before.snapshot, before.findings), now).filter { change in
            if case .state = change.kind { !isQuiet } else { true }
        }
        return differences + opened + closed
    }

    func collect(_ host: FleetHost, everything: Bool = false) async -> Snapshot {
        do throws(ContactFailure) {
            let transport = try reach.transport(to: host)
            // Without it everything is asked anew, which costs time and nothing else.
            let earlier = try? store.latestReached(host.name)
            let snapshot = await collector.collect(
                host, over: transport, after: earlier, everything: everything)
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
}
