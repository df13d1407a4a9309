// SPDX-License-Identifier: MIT
package import MachaStore
import Synchronization

package import struct Foundation.Date
package import typealias Foundation.TimeInterval

/// What failed and was survived: each reported once when it begins, counted while it lasts, and reported when it is over.
package final class FaultLedger: Sendable {
    private struct Entry {
        var fault: DaemonRecord.Fault
        /// Seconds without being met after which it is over; `nil` for one whose end is reported.
        var lapse: TimeInterval?
    }

    private let faults = Mutex<[String: Entry]>([:])
    private let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// Notes that `message` was met about `subject`. Returns whether it is news: another message is.
    ///
    /// With `lapse` it counts as over when it was not met for so many seconds, for what nobody reports the end of. `nil`
    /// keeps it until `settle(_:)`.
    package func note(_ message: String, about subject: String, lapse: TimeInterval?) -> Bool {
        let now = now()
        return faults.withLock { faults in
            Self.drop(&faults, at: now)
            guard let known = faults[subject]?.fault, known.message == message else {
                faults[subject] = Entry(
                    fault: DaemonRecord.Fault(
                        subject: subject, message: message, count: 1, since: now, last: now), lapse: lapse)
                return true
            }
            faults[subject]?.fault.count += 1
            faults[subject]?.fault.last = now
            return false
        }
    }

    private static func drop(_ faults: inout [String: Entry], at now: Date) {
        faults = faults.filter { _, entry in
            entry.lapse.map { now.timeIntervalSince(entry.fault.last) <= $0 } ?? true
        }
    }

    /// `subject` works again. Returns what had failed.
    package func settle(_ subject: String) -> DaemonRecord.Fault? {
        faults.withLock { $0.removeValue(forKey: subject)?.fault }
    }

    /// What fails now, the longest first.
    package var all: [DaemonRecord.Fault] {
        let now = now()
        let current = faults.withLock { faults in
            Self.drop(&faults, at: now)
            return faults.values.map(\.fault)
        }
        return current.sorted { ($0.since, $0.message) < ($1.since, $1.message) }
    }
}
