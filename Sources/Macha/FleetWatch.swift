// SPDX-License-Identifier: MIT
package import MachaCore
import MachaFleet
package import MachaStore
package import struct Foundation.Date

/// Looks at each host again and again on its own interval, until the task is cancelled, and sees to it after each look.
///
/// A host that hangs occupies one of `width` places and delays nobody else. A repair or a model delays no look, not even at
/// the same host; one that is still being seen to is seen to again afterwards.
package struct FleetWatch: Sendable {
    private let cycle: MaintenanceCycle
    private let aftercare: Aftercare
    private let width: Int

    /// Hosts that are repaired, and hosts that are analysed, at once.
    private static let careWidths = (acting: 8, analysing: 4)

    package init(
        _ cycle: MaintenanceCycle, aftercare: Aftercare = Aftercare(repairs: nil, analyses: nil),
        width: Int = FanOut.defaultWidth
    ) {
        self.cycle = cycle
        self.aftercare = aftercare
        self.width = max(1, width)
    }

    /// What is known while the fleet is watched.
    package struct View: Sendable {
        package var report: FleetReport
        /// Hosts being looked at now.
        package var underWay: [String]
        /// Hosts on which something is being done now, and those about which a model is being asked.
        package var inCare: (acting: [String], analysing: [String])
        /// What was done, asked and left alone after the last look at each host, and what was done within the last hour, in
        /// inventory order.
        package var repairs: [Repair]
        /// Approvals that wait, of all hosts.
        package var waiting: Int
        /// What could not be read or written so far; the watch goes on.
        package var troubles: Troubles
        /// Seconds until the next look; `nil` while all hosts are under way.
        package var nextLook: Double?
    }

    /// Errors of the database that the watch survived.
    package struct Troubles: Sendable {
        package var count = 0
        package var last: Trouble?
    }

    /// One read or write that failed, of what was to be kept or done about one host.
    package struct Trouble: Sendable {
        package var host: String
        package var error: StoreError
    }

    /// What came of one proposal.
    package struct Repair: Sendable {
        package var entry: RepairReport.Entry
        /// When it had been done; `nil` when it was not.
        package var doneAt: Date?
    }

    /// Something happened.
    package enum Event: Sendable {
        /// A host answered or failed to.
        case look(MaintenanceCycle.Look)
        /// A host was seen to.
        case care(Aftercare.Outcome)
        /// What a host answered could not be kept, or it could not be seen to: it is asked again when it is due.
        case trouble(Trouble)
        /// A second passed, or a look began.
        case tick
    }

    private enum Care: Sendable { case acting, analysing }

    private enum Signal: Sendable {
        case answer(FleetHost, Snapshot)
        case care(Care, FleetHost, Result<Aftercare.Outcome, StoreError>)
        case second
    }

    /// What is known, and who is at work.
    private struct State {
        var reports: [String: HostReport]
        var schedule: WatchSchedule
        var acting = CareLine()
        var analysing = CareLine()
        var repairs: [String: [Repair]] = [:]
        var waiting = 0
        var troubles = Troubles()

        mutating func note(_ error: StoreError, of host: FleetHost) -> Trouble {
            let trouble = Trouble(host: host.name, error: error)
            troubles.count += 1
            troubles.last = trouble
            return trouble
        }

        mutating func take(_ outcome: Aftercare.Outcome, at now: Date) {
            if let analysis = outcome.analysis { reports[outcome.host]?.analysis = analysis }
            guard let report = outcome.repairs else { return }
            let new = report.entries.map { Repair(entry: $0, doneAt: $0.run.map { _ in now }) }
            repairs[outcome.host] = FleetWatch.kept(repairs[outcome.host] ?? [], beside: new, at: now) + new
            waiting = report.waiting
        }
    }

    /// Begins with what the store knows, so that something is seen at once. `receive` hears every look, what followed it, and
    /// once a second that time passes. A database that is busy, full or read-only for a while costs what it could not keep of
    /// single hosts, and ends nothing: `receive` hears of it. When the task is cancelled, what has begun on a host is still brought to its end.
    package func run(
        _ hosts: [FleetHost], receive: (Event, View) async throws -> Void
    ) async throws {
        let known = try LastKnown(store: cycle.store, now: cycle.now()).report(hosts)
        var state = State(
            reports: Dictionary(known.hosts.map { ($0.host, $0) }, uniquingKeysWith: { first, _ in first }),
            schedule: WatchSchedule(hosts, now: .now))
        var forgetDue = ContinuousClock.now
        try await withThrowingTaskGroup(of: Signal.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await Self.second() }
            while !Task.isCancelled {
                for host in state.schedule.begin(atMost: width - state.schedule.underWay.count, now: .now) {
                    group.addTask { [cycle] in .answer(host, await cycle.collect(host)) }
                }
                for host in state.acting.next(atMost: Self.careWidths.acting) {
                    group.addTask {
                        .care(
                            .acting, host, await Self.result { () throws(StoreError) in try await aftercare.act(host) })
                    }
                }
                for host in state.analysing.next(atMost: Self.careWidths.analysing) {
                    group.addTask {
                        .care(
                            .analysing, host,
                            await Self.result { () throws(StoreError) in try await aftercare.analyse(host) })
                    }
                }
                guard let signal = try await group.next(), !Task.isCancelled else { return }
                switch signal {
                case .second:
                    group.addTask { try await Self.second() }
                    if forgetDue <= .now {
                        forgetDue = .now + .seconds(3_600)
                        // What cannot be let go of now is so in an hour.
                        try? cycle.forgetOld()
                    }
                    try await receive(.tick, view(of: hosts, state))
                case .answer(let host, let snapshot):
                    state.schedule.finish(host.name)
                    let look: MaintenanceCycle.Look
                    do throws(StoreError) {
                        look = try cycle.record(snapshot, of: host, comparing: true)
                    } catch {
                        let trouble = state.note(error, of: host)
                        try await receive(.trouble(trouble), view(of: hosts, state))
                        continue
                    }
                    state.reports[host.name] = look.report
                    for report in cycle.known(of: hosts.filter { look.told.contains($0.name) }) {
                        state.reports[report.host] = report
                    }
                    if aftercare.acts {
                        state.acting.add(host)
                    } else if aftercare.asksModels {
                        state.analysing.add(host)
                    }
                    try await receive(.look(look), view(of: hosts, state))
                case .care(let care, let host, let result):
                    switch care {
                    case .acting:
                        state.acting.finish(host.name)
                        if aftercare.asksModels { state.analysing.add(host) }
                    case .analysing: state.analysing.finish(host.name)
                    }
                    let event: Event
                    switch result {
                    case .success(let outcome):
                        state.take(outcome, at: cycle.now())
                        do throws(StoreError) {
                            if outcome.repairs?.hasActed == true {
                                let known = try LastKnown(store: cycle.store, now: cycle.now()).report([host])
                                state.reports[host.name] = known.hosts.first
                            }
                        } catch {
                            try await receive(.trouble(state.note(error, of: host)), view(of: hosts, state))
                        }
                        event = .care(outcome)
                    case .failure(let error): event = .trouble(state.note(error, of: host))
                    }
                    try await receive(event, view(of: hosts, state))
                }
            }
        }
    }

    /// What was done not long ago and is not told anew by `new`.
    static func kept(_ old: [Repair], beside new: [Repair], at now: Date) -> [Repair] {
        old.filter { repair in
            guard let done = repair.doneAt, now.timeIntervalSince(done) < 3_600 else { return false }
            return !new.contains { $0.entry.title == repair.entry.title }
        }
    }

    private static func result(
        _ body: @Sendable () async throws(StoreError) -> Aftercare.Outcome
    ) async -> Result<Aftercare.Outcome, StoreError> {
        do throws(StoreError) { return .success(try await body()) } catch { return .failure(error) }
    }

    private static func second() async throws -> Signal {
        try await Task.sleep(for: .seconds(1))
        return .second
    }

    private func view(of hosts: [FleetHost], _ state: State) -> View {
        let now = cycle.now()
        let seconds = state.schedule.nextDue.map { ContinuousClock.now.duration(to: $0) / .seconds(1) }
        return View(
            report: FleetReport(
                hosts.compactMap { host in state.reports[host.name]?.aged(for: host, to: now) }, of: hosts, now: now),
            underWay: state.schedule.underWay,
            inCare: (state.acting.busy.sorted(), state.analysing.busy.sorted()),
            repairs: hosts.flatMap { state.repairs[$0.name] ?? [] }, waiting: state.waiting, troubles: state.troubles,
            nextLook: seconds.map { max(0, $0) })
    }
}
