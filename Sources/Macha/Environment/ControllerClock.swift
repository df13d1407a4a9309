// SPDX-License-Identifier: MIT
import MachaFleet
package import struct Foundation.Date

/// The controller's time: what the time is, and a clock that nobody sets, by which everything waits.
///
/// Whatever acts by time takes it from here, so that a test can let a month pass in minutes. What only guards a conversation
/// over a network, such as the deadline of a command, goes by the machine's own clock.
package struct ControllerClock: Clock, Sendable {
    package struct Instant: InstantProtocol, Hashable, Sendable {
        /// Since the clock was made.
        var offset: Duration

        package static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
    }

    /// The wall clock.
    package let wall: @Sendable () -> Date
    private let elapsed: @Sendable () -> Duration
    private let wait: @Sendable (_ until: Duration, _ tolerance: Duration?) async throws -> Void

    /// `wall` says what the time is; `clock` lets time pass.
    package init(wall: @escaping @Sendable () -> Date, waitingBy clock: some Clock<Duration>) {
        let start = clock.now
        self.init(wall: wall, start, clock)
    }

    private init<C: Clock<Duration>>(wall: @escaping @Sendable () -> Date, _ start: C.Instant, _ clock: C) {
        self.wall = wall
        elapsed = { start.duration(to: clock.now) }
        wait = { try await clock.sleep(until: start.advanced(by: $0), tolerance: $1) }
    }

    /// The machine's own.
    package static var machine: ControllerClock {
        ControllerClock(wall: { Date() }, waitingBy: ContinuousClock())
    }

    package var now: Instant { Instant(offset: elapsed()) }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await wait(deadline.offset, tolerance)
    }

    /// For what acts on hosts.
    var waiting: Waiting {
        Waiting(pass: { try? await sleep(for: $0) }, elapsed: elapsed)
    }
}
