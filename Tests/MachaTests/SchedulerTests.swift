// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// Hosts that are watched, by a clock that the test moves.
@Suite(.timeLimit(.minutes(20))) struct SchedulerTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let clock = TestClock()
    private let events = ControllerEvents(buffer: 1_000)

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
    }

    /// A host that refuses every connection.
    private func host(_ name: String, every interval: Int) throws -> FleetHost {
        FleetHost(
            name: name,
            connection: .ssh(SSHEndpoint(address: "127.0.0.1", port: try Loopback.freePort(), user: "macha")),
            checkInterval: interval)
    }

    private func cycle(width: Int = 8) -> HostCycle {
        let noon = noon
        return HostCycle(.test(store, in: scratch.path("state"), width: width, now: { noon }))
    }

    private func watch(
        _ hosts: [FleetHost], on cycle: HostCycle? = nil, opening: Duration = .zero,
        reload: @escaping @Sendable () -> Scheduler<TestClock>.Plan? = { nil }
    ) -> Task<Void, Never> {
        let scheduler = Scheduler(
            clock: clock, events: events, opening: opening, jitter: { _ in .zero }, reload: reload, turned: {})
        let plan = Scheduler<TestClock>.Plan(cycle ?? self.cycle(), hosts: hosts)
        let known = FleetReport(hosts.map { HostReport(neverChecked: $0) }, of: hosts, now: noon)
        return Task { await scheduler.run(plan, known: known) }
    }

    /// Lets seconds pass until `count` hosts have been observed since, and returns their names and those seconds.
    private func observed(
        _ count: Int, _ changes: inout AsyncStream<ControllerEvent>.Iterator
    ) async -> (hosts: [String], seconds: Int) {
        var hosts: [String] = []
        // Nothing happens by itself while the clock stands still.
        await clock.advance(by: .seconds(1))
        var seconds = 1
        while hosts.count < count, let event = await changes.next(isolation: #isolation) {
            if case .observed(let observation) = event.kind { hosts.append(observation.report.host) }
            guard hosts.count < count, event.view.observing.isEmpty else { continue }
            await clock.advance(by: .seconds(1))
            seconds += 1
        }
        return (hosts, seconds)
    }

    @Test func `every host is observed at once, and then again when its interval is over`() async throws {
        var changes = events.subscribe(.views).changes.makeAsyncIterator()
        let task = watch([try host("fast", every: 10), try host("slow", every: 60)])
        #expect(await observed(2, &changes).hosts.sorted() == ["fast", "slow"])
        let (again, seconds) = await observed(1, &changes)
        #expect(again == ["fast"])
        #expect((9...12).contains(seconds), "\(seconds)")
        task.cancel()
        await task.value
    }

    @Test func `another plan counts from the next second, and a host that left is observed no more`() async throws {
        let (old, new) = (try host("old", every: 5), try host("new", every: 5))
        let next = Mutex<Scheduler<TestClock>.Plan?>(nil)
        var changes = events.subscribe(.views).changes.makeAsyncIterator()
        let task = watch([old]) {
            next.withLock { plan in
                defer { plan = nil }
                return plan
            }
        }
        #expect(await observed(1, &changes).hosts == ["old"])
        next.withLock { $0 = .init(cycle(), hosts: [new]) }
        #expect(await observed(3, &changes).hosts == ["new", "new", "new"])
        #expect(events.subscribe(.views).snapshot?.report.hosts.map(\.host) == ["new"])
        task.cancel()
        await task.value
    }

    @Test func `hosts that were all missed while the machine slept are asked one after another`() async throws {
        var changes = events.subscribe(.views).changes.makeAsyncIterator()
        let hosts = try (0..<3).map { try host("host\($0)", every: 60) }
        let task = watch(hosts, opening: .seconds(30))
        let (_, first) = await observed(3, &changes)
        #expect(first >= 2, "a start is spread too")
        await clock.advance(by: .seconds(8 * 3_600))
        let (woken, seconds) = await observed(3, &changes)
        #expect(woken.sorted() == ["host0", "host1", "host2"])
        #expect((2...5).contains(seconds), "\(seconds)")
        task.cancel()
        await task.value
    }

    @Test(arguments: [-3_600.0, 3_600, -86_400])
    func `a wall clock that jumps moves no observation`(jump: TimeInterval) async throws {
        let wall = Mutex(noon)
        var changes = events.subscribe(.views).changes.makeAsyncIterator()
        let cycle = HostCycle(.test(store, in: scratch.path("state"), width: 8, now: { wall.withLock { $0 } }))
        let task = watch([try host("nas", every: 10)], on: cycle)
        #expect(await observed(1, &changes).hosts == ["nas"])
        wall.withLock { $0 = noon.addingTimeInterval(jump) }
        for _ in 0..<3 {
            let (hosts, seconds) = await observed(1, &changes)
            #expect(hosts == ["nas"])
            #expect((9...12).contains(seconds), "\(seconds)")
        }
        task.cancel()
        await task.value
    }

    @Test(arguments: [
        (1.0, 1.0, []), (31, 31, [TimeGap.slept(31)]), (28_800, 28_800, [.slept(28_800)]),
        (1, 3_601, [.clockSet(3_600)]),
        (1, -3_599, [.clockSet(-3_600)]), (1, 20, []), (600, 4_200, [.slept(600), .clockSet(3_600)]),
    ])
    func `sleep and a clock that is set are told apart`(passed: Double, wall: Double, gaps: [TimeGap]) {
        #expect(Scheduler<TestClock>.gaps(.seconds(passed), byWallClock: wall) == gaps)
    }

    @Test func `a clock that is set is an event`() async throws {
        let wall = Mutex(noon)
        var changes = events.subscribe(.views).changes.makeAsyncIterator()
        let cycle = HostCycle(.test(store, in: scratch.path("state"), width: 8, now: { wall.withLock { $0 } }))
        let task = watch([try host("nas", every: 60)], on: cycle)
        _ = await observed(1, &changes)
        wall.withLock { $0 = noon.addingTimeInterval(3_600) }
        await clock.advance(by: .seconds(1))
        while let event = await changes.next(isolation: #isolation) {
            guard case .time(.clockSet(let jump)) = event.kind else { continue }
            // The turn took a second or a few by the other clock.
            #expect((3_570...3_600).contains(jump), "\(jump)")
            break
        }
        task.cancel()
        await task.value
    }

    @Test func `a late subscriber gets the known state and the end of the watch`() async throws {
        var changes = events.subscribe(.views).changes.makeAsyncIterator()
        let task = watch([try host("gone", every: 60)])
        _ = await observed(1, &changes)
        let late = events.subscribe(.views)
        #expect(late.snapshot?.report.hosts.map(\.host) == ["gone"])
        #expect(late.snapshot?.report.unreached.map(\.host) == ["gone"])
        task.cancel()
        await task.value
        for await _ in late.changes {}
        #expect(events.subscribe(.views).snapshot == nil)
    }

    @Test func `the fleet is put together for an event only when a subscriber wants to see it`() {
        let hub = ControllerEvents(buffer: 100)
        var made = 0
        func publish(_ kind: ControllerEvent.Kind, _ seconds: Double) {
            let time = noon.addingTimeInterval(seconds)
            hub.publish(kind, at: time, remediating: []) {
                made += 1
                return FleetView(
                    report: FleetReport([], now: time), observing: [], remediating: [], analysing: [], repairs: [],
                    waitingApprovals: 0, troubleCount: 0, nextObservation: nil)
            }
        }
        let quiet = hub.subscribe(.changes)
        for second in 0..<15 { publish(.tick, Double(second)) }
        #expect(made == 1)
        publish(.tick, 15)
        #expect(made == 2, "it is too old")
        publish(.reloaded, 16)
        #expect(made == 3, "other hosts")
        publish(.tick, -3_600)
        #expect(made == 4, "the clock was set back")
        let screen = hub.subscribe(.views)
        for second in 0..<3 { publish(.tick, Double(second) - 3_600) }
        #expect(made == 7)
        withExtendedLifetime((quiet, screen)) {}
    }

    @Test func `a subscriber that does not read holds up nothing, and sees by the numbers that it missed some`()
        async throws
    {
        let hub = ControllerEvents(buffer: 2)
        let changes = hub.subscribe(.views).changes
        let view = FleetView(
            report: FleetReport([], now: noon), observing: [], remediating: [], analysing: [], repairs: [],
            waitingApprovals: 0, troubleCount: 0, nextObservation: nil)
        for _ in 0..<5 { hub.publish(.tick, at: noon, remediating: []) { view } }
        hub.finish()
        var numbers: [Int] = []
        for await event in changes { numbers.append(event.sequence) }
        #expect(numbers == [3, 4])
    }
}
