// SPDX-License-Identifier: MIT
import MachaModel
package import MachaStore
import Synchronization

package import struct Foundation.Date

/// What failed and was survived: each reported once when it begins, counted while it lasts, and reported when it is over.
package final class FaultLedger: Sendable {
    private let faults = Mutex<[String: DaemonRecord.Fault]>([:])
    private let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// Notes that `message` was met about `subject`. Returns whether it is news: another message is.
    package func note(_ message: String, about subject: String) -> Bool {
        let now = now()
        return faults.withLock { faults in
            guard let known = faults[subject], known.message == message else {
                faults[subject] = DaemonRecord.Fault(message: message, count: 1, since: now, last: now)
                return true
            }
            faults[subject]?.count += 1
            faults[subject]?.last = now
            return false
        }
    }

    /// `subject` works again. Returns what had failed.
    package func settle(_ subject: String) -> DaemonRecord.Fault? {
        faults.withLock { $0.removeValue(forKey: subject) }
    }

    /// What fails now, the longest first.
    package var all: [DaemonRecord.Fault] {
        faults.withLock { $0.values.sorted { ($0.since, $0.message) < ($1.since, $1.message) } }
    }

    /// What fails now, as people are told of it.
    var alerts: [Alert] {
        faults.withLock { $0 }.map { subject, fault in
            Alert(
                id: "macha-fault-\(subject)", source: .fault, kind: "macha-fault", host: nil, subject: subject,
                severity: .warning, revision: 0, since: fault.since, summary: "Macha: \(subject) failed.",
                evidence: [fault.message], advice: "macha status", muted: nil, settling: nil, besides: [], hosts: [])
        }
    }
}
