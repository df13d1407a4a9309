// SPDX-License-Identifier: MIT
import MachaFleet
import Synchronization

/// Signs of life of the parts without which nothing happens.
final class Pulse: Sendable {
    enum Part: CaseIterable, Sendable {
        /// The loop that says which host is observed next.
        case schedule
        /// The thread on which all SSH sessions run.
        case reactor
    }

    private let beats = Mutex<[Part: SuspendingClock.Instant]>([:])

    func beat(_ part: Part) { beats.withLock { $0[part] = .now } }

    /// Asks for a sign of life of what does not give one by itself.
    func ask() { ReactorPulse.ask { [self] in beat(.reactor) } }

    /// The parts without a sign of life within `span`. Time in which the machine slept does not count.
    func silent(for span: Duration) -> [Part] {
        let now = SuspendingClock.now
        return beats.withLock { beats in
            Part.allCases.filter { part in beats[part].map { $0.duration(to: now) > span } ?? true }
        }
    }
}
