// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaStore
import struct Foundation.Date

/// Sends each host along the ``HostCycle`` again and again on its own interval, until the task is cancelled.
///
/// A host that hangs occupies one of `width` places and delays no other. A repair or a model delays no observation, not
/// even of the same host; one that is still being seen to is seen to again afterwards. An error of the store costs what it
/// could not keep of single hosts, and ends nothing.
package struct Scheduler<C: Clock>: Sendable where C.Duration == Duration {
    /// Which hosts are watched, and how.
    package struct Plan: Sendable {
        package var cycle: HostCycle
        package var hosts: [FleetHost]

        package init(_ cycle: HostCycle, hosts: [FleetHost]) {
            self.cycle = cycle
            self.hosts = hosts
        }
    }

    private let clock: C
    private let events: ControllerEvents
    private let opening: Duration
    private let jitter: @Sendable (Duration) -> Duration
    private let reload: @Sendable () -> Plan?
    private let turned: @Sendable () -> Void

    /// The loop turns once a second; after a gap like this the machine was asleep or stopped.
    static var gap: Duration { .seconds(30) }

    /// How long a part of the way may take before it is cancelled. A change of a host is not: what has begun there is
    /// brought to its end, and each of its commands has a limit of its own.
    static func limit(of part: HostCycle.Part) -> Duration? {
        switch part {
        case .observe: .seconds(1_800)
        case .remediate: nil
        case .analyse: .seconds(14_400)
        }
    }

    /// `clock` waits between observations. Those that are due together after a start or a gap are spread over `opening`.
    /// `jitter` says what is added to an interval of the given length. `reload` is asked once a second for another plan;
    /// `nil` leaves it as it is. `turned` is called at each turn of the loop, at least once a second while it works.
    package init(
        clock: C, events: ControllerEvents, opening: Duration, jitter: @escaping @Sendable (Duration) -> Duration,
        reload: @escaping @Sendable () -> Plan?, turned: @escaping @Sendable () -> Void
    ) {
        self.clock = clock
        self.events = events
        self.opening = opening
        self.jitter = jitter
        self.reload = reload
        self.turned = turned
    }

    private enum Signal: Sendable {
        case ended(HostCycle.Part, FleetHost, CycleState, isOverdue: Bool)
        case second
    }

    /// Begins with `known`, so that something is seen at once. When the task is cancelled, what has begun on a host is still
    /// brought to its end before this returns.
    package func run(_ plan: Plan, known: FleetReport) async {
        var state = WatchState<C.Instant>(plan.cycle, plan.hosts, known, now: clock.now, jitter: jitter)
        state.spread(over: opening, now: clock.now)
        var (last, lastTime) = (clock.now, plan.cycle.components.now())
        publish(.tick, &state)
        await withTaskGroup(of: Signal.self) { group in
            group.addTask { await second() }
            while !Task.isCancelled {
                let begun = state.begin(now: clock.now)
                if begun.contains(where: { $0.part == .remediate }) { events.began(remediating: state.remediatingNow) }
                for (part, host) in begun {
                    group.addTask { [cycle = state.cycle] in await run(part, of: host, on: cycle) }
                }
                turned()
                guard let signal = await group.next(), !Task.isCancelled else { break }
                switch signal {
                case .second:
                    group.addTask { await second() }
                    let (now, time) = (clock.now, state.cycle.components.now())
                    if last.duration(to: now) > Self.gap { state.spread(over: opening, now: now) }
                    for gap in Self.gaps(last.duration(to: now), byWallClock: time.timeIntervalSince(lastTime)) {
                        publish(.time(gap), &state)
                    }
                    (last, lastTime) = (now, time)
                    if let plan = reload() {
                        state.replace(plan.cycle, plan.hosts, now: clock.now)
                        publish(.reloaded, &state)
                    }
                    publish(.tick, &state)
                case .ended(let part, let host, let outcome, let isOverdue):
                    let news = state.take(part, of: host, outcome, isOverdue: isOverdue)
                    for kind in news { publish(kind, &state) }
                    // That it has ended is seen in the view, also where nothing came of it.
                    if news.isEmpty { publish(.tick, &state) }
                }
            }
            group.cancelAll()
        }
        events.finish()
    }

    /// What is odd about a turn of the loop that took `passed`, and so many seconds by the wall clock.
    static func gaps(_ passed: Duration, byWallClock seconds: Double) -> [TimeGap] {
        let jump = seconds - passed / .seconds(1)
        return (passed > gap ? [.slept(passed / .seconds(1))] : [])
            + (abs(jump) > gap / .seconds(1) ? [.clockSet(jump)] : [])
    }

    private func publish(_ kind: ControllerEvent.Kind, _ state: inout WatchState<C.Instant>) {
        events.publish(kind, at: state.cycle.components.now(), remediating: state.remediatingNow) {
            state.view(now: clock.now)
        }
    }

    private func second() async -> Signal {
        try? await clock.sleep(for: .seconds(1))
        return .second
    }

    /// One part of the way of one host, within its limit.
    private func run(_ part: HostCycle.Part, of host: FleetHost, on cycle: HostCycle) async -> Signal {
        let observer = CycleObserver { _ in }
        guard let limit = Self.limit(of: part) else {
            return .ended(part, host, await cycle.run(part, of: host, observer: observer), isOverdue: false)
        }
        return await withTaskGroup(of: CycleState?.self) { group in
            group.addTask { await cycle.run(part, of: host, observer: observer) }
            group.addTask {
                try? await clock.sleep(for: limit)
                return nil
            }
            var isOverdue = false
            while let ended = await group.next() {
                if let state = ended {
                    group.cancelAll()
                    return .ended(part, host, state, isOverdue: isOverdue)
                }
                isOverdue = !Task.isCancelled
                group.cancelAll()
            }
            return .second
        }
    }
}
