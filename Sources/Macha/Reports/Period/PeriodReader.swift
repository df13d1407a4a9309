// SPDX-License-Identifier: MIT
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import struct Foundation.Date

/// Puts a report together from what the store holds. What cannot be read of one host or one part is named in it, and hides
/// nothing else.
struct PeriodReader {
    /// What is known of one host.
    struct Known {
        var host: FleetHost
        var report: HostReport
        /// `nil` for a host that was never checked, or of which nothing can be read.
        var judgement: HostJudgement?
    }

    let store: Store
    let inventory: Inventory
    /// Analyses a day that the configuration allows.
    let analysesPerDay: Int?
    let now: Date
    let since: Date
    var report: PeriodReport
    private(set) var hosts: [Known] = []
    /// What many hosts suffer from together, and nobody knows of yet.
    private(set) var causes: [FleetCause] = []
    /// How the hosts are now, for the next report.
    var mark: ReportMark

    init(
        _ kind: ReportKind, since: Date, at now: Date, store: Store, inventory: Inventory, analysesPerDay: Int?
    ) throws(StoreError) {
        self.store = store
        self.inventory = inventory
        self.analysesPerDay = analysesPerDay
        self.now = now
        self.since = since
        mark = ReportMark(takenAt: now, hosts: [:])
        report = PeriodReport(kind: kind, since: since, until: now, summary: FleetReport.Summary())
        report.analysesPerDay = analysesPerDay
        try readHosts()
        try readProblems()
        try readActions()
        try readChanges()
        readCapacity()
        readCertificates()
        try readUse()
    }

    var names: [String] { inventory.hosts.map(\.name) }

    /// Runs `body`; what is stored of `part` and cannot be read is named in the report.
    mutating func part<Value>(
        _ part: String, _ body: () throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        do throws(StoreError) {
            return try body()
        } catch  where error.code == .unreadable {
            report.unreadable.append(part)
            return nil
        }
    }

    private mutating func readHosts() throws(StoreError) {
        let muting = try MutingLoader(inventory, store: store).muting(of: inventory.hosts, at: now)
        let query = StatusQuery(store: store, now: now, muting: muting)
        for host in inventory.hosts { hosts.append(try known(host, query)) }
        let fleet = FleetReport(hosts.map(\.report), of: inventory.hosts, now: now)
        report.summary = fleet.summary
        causes = fleet.openCauses
        for known in hosts {
            if let blind = try blind(known) { report.blind.append(blind) }
        }
    }

    private mutating func known(_ host: FleetHost, _ query: StatusQuery) throws(StoreError) -> Known {
        do throws(StoreError) {
            guard let look = try store.latest(hosts: [host.name]).first else {
                return Known(host: host, report: try query.neverChecked(host), judgement: nil)
            }
            let judgement = try store.judgement(recorded: look, of: host)
            return Known(
                host: host, report: try query.report(judgement, withTrends: false), judgement: judgement)
        } catch  where error.code == .unreadable {
            report.unreadable.append(host.name)
            return Known(host: host, report: StatusQuery.unreadable(host, error, at: now), judgement: nil)
        }
    }

    /// A host that did not answer in the period.
    private mutating func blind(_ known: Known) throws(StoreError) -> PeriodReport.Blind? {
        let name = known.host.name
        guard let takenAt = known.report.takenAt, known.judgement != nil else {
            return PeriodReport.Blind(host: name, wasAsked: false, reachedAt: nil, isAway: false)
        }
        if known.report.contactFailure == nil, takenAt > since { return nil }
        let reached = try part("when \(name) was last reached") { [store] () throws(StoreError) in
            try store.latestReached(name)?.takenAt
        }
        let reachedAt = reached ?? nil
        if let reachedAt, reachedAt > since { return nil }
        return PeriodReport.Blind(
            host: name, wasAsked: takenAt > since, reachedAt: reachedAt, isAway: known.report.isAway)
    }

    private mutating func readUse() throws(StoreError) {
        let (store, since, now) = (store, since, now)
        let models = try part("model use") { () throws(StoreError) in try store.modelUse(after: since, until: now) }
        if let models { report.models = models }
        let notices = try part("notices") { () throws(StoreError) in try store.noticeUse(after: since, until: now) }
        if let notices { report.notices = notices }
        report.counts = try counts(after: since, until: now)
        let length = now.timeIntervalSince(since)
        let earlier = since.addingTimeInterval(-length)
        if let watched = try store.watchedSince().values.min(), watched <= earlier {
            report.before = try counts(after: earlier, until: since)
        }
    }

    private func counts(after start: Date, until end: Date) throws(StoreError) -> PeriodReport.Counts {
        let issues = try store.issueCounts(of: names, after: start, until: end)
        let names = Set(names)
        let actions = try store.runs(endedAfter: start, until: end).count { names.contains($0.host) }
        return PeriodReport.Counts(opened: issues.opened, resolved: issues.resolved, actions: actions)
    }
}
