// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
package import struct Foundation.Date

extension Store {
    /// What was done on `hosts` and ended after `time`, the newest first. A run that cannot be read is left out, for
    /// `audit verify` to name: it hides no other.
    package func repairs(of hosts: [String], since time: Date) throws(StoreError) -> [RepairNote] {
        try read("cannot read the repairs") { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM run WHERE ended_at > ? AND state IN ('verified', 'failed', 'rolled-back', 'interrupted')
                    ORDER BY ended_at DESC, id DESC
                    """, arguments: [time.timeIntervalSince1970])
            let wanted = Set(hosts)
            return try rows.compactMap { row in
                guard let run = try Self.ifReadable({ try StoredRun(row) }), wanted.contains(run.host),
                    let outcome = run.state.outcome, let at = run.endedAt
                else { return nil }
                return RepairNote(
                    host: run.host, title: run.proposal.title, outcome: outcome, at: at, approval: run.approval,
                    note: run.note)
            }
        }
    }
}

extension RunState {
    fileprivate var outcome: ActionRecord.Outcome? {
        switch self {
        case .verified: .verified
        case .failed: .failed
        case .rolledBack: .rolledBack
        case .interrupted: .interrupted
        case .authorised, .started, .skipped: nil
        }
    }
}
