// SPDX-License-Identifier: MIT
package import MachaCore
import MachaFleet
import MachaStore

/// Looks at each host again and again on its own interval, until the task is cancelled.
///
/// A host that hangs occupies one of `width` places and delays nobody else.
package struct FleetWatch: Sendable {
    private let cycle: MaintenanceCycle
    private let width: Int

    package init(_ cycle: MaintenanceCycle, width: Int = FanOut.defaultWidth) {
        self.cycle = cycle
        self.width = max(1, width)
    }

    /// What is known while the fleet is watched.
    package struct View: Sendable {
        package var report: FleetReport
        /// Hosts being looked at now.
        package var underWay: [String]
        /// Seconds until the next look; `nil` while all hosts are under way.
        package var nextLook: Double?
    }

    /// Something happened.
    package enum Event: Sendable {
        /// A host answered or failed to.
        case look(MaintenanceCycle.Look)
        /// A second passed, or a look began.
        case tick
    }

    private enum Signal: Sendable {
        case answer(FleetHost, Snapshot)
        case second
    }

    /// Begins with what the store knows, so that something is seen at once. `receive` hears every look, and once a
    /// second that time passes.
    package func run(
        _ hosts: [FleetHost], receive: (Event, View) async throws -> Void
    ) async throws {
        let known = try LastKnown(store: cycle.store, now: cycle.now()).report(hosts)
        var reports = Dictionary(known.hosts.map { ($0.host, $0) }, uniquingKeysWith: { first, _ in first })
        var schedule = WatchSchedule(hosts, now: .now)
        try await withThrowingTaskGroup(of: Signal.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await Self.second() }
            while !Task.isCancelled {
                let room = width - schedule.underWay.count
                for host in schedule.begin(atMost: room, now: .now) {
                    group.addTask { [cycle] in .answer(host, await cycle.collect(host)) }
                }
                guard let signal = try await group.next() else { return }
                guard !Task.isCancelled else { return }
                switch signal {
                case .second:
                    group.addTask { try await Self.second() }
                    try await receive(.tick, view(of: hosts, reports, schedule))
                case .answer(let host, let snapshot):
                    schedule.finish(host.name)
                    let look = try cycle.record(snapshot, of: host, comparing: true)
                    reports[host.name] = look.report
                    try await receive(.look(look), view(of: hosts, reports, schedule))
                }
            }
        }
    }

    private static func second() async throws -> Signal {
        try await Task.sleep(for: .seconds(1))
        return .second
    }

    private func view(of hosts: [FleetHost], _ reports: [String: HostReport], _ schedule: WatchSchedule) -> View {
        let now = cycle.now()
        let seconds = schedule.nextDue.map { ContinuousClock.now.duration(to: $0) / .seconds(1) }
        return View(
            report: FleetReport(
                hosts.compactMap { host in reports[host.name]?.aged(for: host, to: now) }, of: hosts, now: now),
            underWay: schedule.underWay, nextLook: seconds.map { max(0, $0) })
    }
}
