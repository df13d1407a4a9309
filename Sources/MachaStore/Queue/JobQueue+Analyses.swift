// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension JobQueue {
    /// The analysis of a host has come to its end, usable or not: the job ends, the outcome is kept and written to the
    /// audit, all in one transaction.
    package func conclude(
        _ lease: Lease, _ record: AnalysisRecord, now: Date
    ) throws(StoreError) -> Ending {
        try store.write("cannot record the result of job \(lease.job)") { db in
            let time = now.timeIntervalSince1970
            guard let row = try held(lease, db) else { return .leaseLost }
            if try isCancelled(row, at: time, db) { return .recorded(.cancelled) }
            let id = try Store.keep(record, at: now, db)
            switch record.outcome {
            case .usable:
                try absolve(try row.value("endpoint"), db)
                try finish(lease.job, "{\"analysis\":\(id)}", at: time, db)
            case .unusable(let failure):
                try end(lease.job, .failed, failure.message.printable(limit: 600), at: time, db)
            }
            return .recorded(try state(of: lease.job, db))
        }
    }

    /// What is kept of a job that waits or runs under this key; `nil` when there is none.
    package func open(key: String) throws(StoreError) -> Job? {
        try store.read("cannot read the queue") { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM job WHERE key = ? AND finished_at IS NULL ORDER BY id DESC LIMIT 1",
                arguments: [key]
            ).map { try Job($0) }
        }
    }
}
