// SPDX-License-Identifier: MIT
import MachaInventory
import MachaStore
import struct Foundation.Date

/// What is known while the fleet is watched, and who is at work. Values only; ``Scheduler`` lets time pass.
struct WatchState<Instant: InstantProtocol> where Instant.Duration == Duration {
    private static var remediatedAtOnce: Int { 8 }
    private static var analysedAtOnce: Int { 4 }

    private(set) var cycle: HostCycle
    private var hosts: [FleetHost]
    private var names: Set<String>
    private var reports: [String: HostReport]
    private var schedule: HostSchedule<Instant>
    private var remediating: BoundedHostQueue
    private var analysing: BoundedHostQueue
    private var repairs: [String: [FleetView.Repair]] = [:]
    private var waitingApprovals = 0
    private var troubleCount = 0
    private var lastTrouble: CycleTrouble?

    init(
        _ cycle: HostCycle, _ hosts: [FleetHost], _ known: FleetReport, now: Instant,
        jitter: @escaping (Duration) -> Duration
    ) {
        self.cycle = cycle
        self.hosts = hosts
        names = Set(hosts.map(\.name))
        reports = Dictionary(known.hosts.map { ($0.host, $0) }, uniquingKeysWith: { first, _ in first })
        schedule = HostSchedule(hosts, now: now, jitter: jitter)
        remediating = BoundedHostQueue(width: Self.remediatedAtOnce)
        analysing = BoundedHostQueue(width: Self.analysedAtOnce)
    }

    /// What begins now, by the places that are free.
    mutating func begin(now: Instant) -> [(part: HostCycle.Part, host: FleetHost)] {
        let room = cycle.components.width - schedule.underWayCount
        return schedule.begin(atMost: room, now: now).map { (.observe, $0) }
            + remediating.begin().map { (.remediate, $0) } + analysing.begin().map { (.analyse, $0) }
    }

    /// Spreads the observations that are due over `span`.
    mutating func spread(over span: Duration, now: Instant) {
        schedule.spread(over: span, now: now, lastChecked: reports.compactMapValues(\.takenAt))
    }

    /// Watches other hosts, or the same with other settings. What is under way is brought to its end.
    mutating func replace(_ cycle: HostCycle, _ hosts: [FleetHost], now: Instant) {
        self.cycle = cycle
        self.hosts = hosts
        names = Set(hosts.map(\.name))
        schedule.replace(with: hosts, now: now)
        remediating.keep(names)
        analysing.keep(names)
        for host in hosts where reports[host.name] == nil { reports[host.name] = HostReport(neverChecked: host) }
        reports = reports.filter { names.contains($0.key) }
    }

    /// Takes what a part of the way came to, lets the host go on to the next part, and returns what is worth telling.
    mutating func take(
        _ part: HostCycle.Part, of host: FleetHost, _ outcome: CycleState, isOverdue: Bool
    ) -> [ControllerEvent.Kind] {
        // What could not be recorded of a host is told as trouble, and once.
        let told = Set(outcome.troubles.map { "\($0.host ?? host.name): \($0)" })
        var events: [ControllerEvent.Kind] = outcome.warnings.filter { !told.contains($0) }.map { .warning($0) }
        switch part {
        case .observe:
            schedule.finish(host.name)
            events += observed(outcome)
        case .remediate: remediating.finish(host.name)
        case .analyse: analysing.finish(host.name)
        }
        // What failed is repeated at the next observation, not at once.
        if part != .observe || !outcome.observations.isEmpty { goOn(from: part, host) }
        for report in outcome.fleet?.hosts ?? [] where part != .observe { reports[report.host] = report }
        if let report = outcome.repairs {
            keep(report, of: host.name)
            events.append(.remediated(host: host.name, report))
        }
        for entry in outcome.analyses {
            reports[entry.host]?.analysis = entry.report
            events.append(.analysed(host: entry.host, entry.report, isNew: !entry.isUnchanged))
        }
        var troubles = outcome.troubles
        if isOverdue { troubles.append(CycleTrouble(host: host.name, cause: .overdue)) }
        for trouble in troubles {
            troubleCount += 1
            lastTrouble = trouble
            events.append(.trouble(trouble))
        }
        return events
    }

    private mutating func observed(_ outcome: CycleState) -> [ControllerEvent.Kind] {
        for observation in outcome.observations {
            reports[observation.report.host] = observation.report
            guard !observation.otherNames.isEmpty else { continue }
            let others = hosts.filter { observation.otherNames.contains($0.name) }
            for report in cycle.components.known(of: others) { reports[report.host] = report }
        }
        return outcome.observations.map { .observed($0) }
    }

    private mutating func goOn(from part: HostCycle.Part, _ host: FleetHost) {
        guard names.contains(host.name) else { return }
        switch part {
        case .observe where cycle.contains(.remediate): remediating.add(host)
        case .observe, .remediate: if cycle.contains(.analyse) { analysing.add(host) }
        case .analyse: break
        }
    }

    private mutating func keep(_ report: RepairReport, of host: String) {
        let now = cycle.components.now()
        let new = report.entries.map { FleetView.Repair(entry: $0, doneAt: $0.run.map { _ in now }) }
        repairs[host] = FleetView.kept(repairs[host] ?? [], beside: new, at: now) + new
        waitingApprovals = report.waiting
    }

    /// Hosts that are being changed, in the order of their names.
    var remediatingNow: [String] { remediating.inProgress.sorted() }

    func view(now: Instant) -> FleetView {
        let time = cycle.components.now()
        let seconds = schedule.nextDue.map { now.duration(to: $0) / .seconds(1) }
        return FleetView(
            report: FleetReport(
                hosts.compactMap { host in reports[host.name]?.aged(for: host, to: time) }, of: hosts, now: time),
            observing: schedule.underWay, remediating: remediatingNow,
            analysing: analysing.inProgress.sorted(), repairs: hosts.flatMap { repairs[$0.name] ?? [] },
            waitingApprovals: waitingApprovals, troubleCount: troubleCount, lastTrouble: lastTrouble,
            nextObservation: seconds.map { max(0, $0) })
    }
}

extension FleetView {
    /// Recent repairs that `new` does not report again.
    static func kept(_ old: [Repair], beside new: [Repair], at now: Date) -> [Repair] {
        old.filter { repair in
            guard let done = repair.doneAt, now.timeIntervalSince(done) < 3_600 else { return false }
            return !new.contains { $0.entry.title == repair.entry.title }
        }
    }
}
