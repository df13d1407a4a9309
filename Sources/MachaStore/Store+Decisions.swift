// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaModel
package import struct Foundation.Date

extension Store {
    /// Writes a decision to the audit, unless the same rule has answered the same question the same way within a day: a
    /// problem that stays is decided about at every cycle.
    ///
    /// Returns whether it was news.
    @discardableResult
    package func noteDecision(_ decision: Decision, on proposal: Proposal, at now: Date) throws(StoreError) -> Bool {
        try write("cannot record the decision about \(proposal.host)") { db in
            let verdict = "\(decision.outcome.rawValue) \(decision.rule.rawValue)"
            let known = try Double.fetchOne(
                db, sql: "SELECT at FROM decision WHERE host = ? AND question = ? AND verdict = ?",
                arguments: [proposal.host, proposal.question, verdict])
            if let known, now.timeIntervalSince1970 - known < 86_400 { return false }
            try db.execute(
                sql: """
                    INSERT INTO decision (host, question, verdict, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (host, question) DO UPDATE SET verdict = excluded.verdict, at = excluded.at
                    """,
                arguments: [proposal.host, proposal.question, verdict, now.timeIntervalSince1970])
            try Self.append(
                .decided(AuditEvent.Decided(proposal, decision)), host: proposal.host, at: now, db)
            return true
        }
    }

    /// Withdraws every question about `host` whose problem is proved gone; answers their ids.
    @discardableResult
    package func withdrawSolved(of host: String, at now: Date) throws(StoreError) -> [Int] {
        let solved = try read("cannot read the approvals") { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT finding FROM approval
                    WHERE host = ? AND state = 'waiting' AND finding IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM issue WHERE fingerprint = finding AND resolved_at IS NULL)
                    """, arguments: [host])
        }
        return try supersede(findings: solved, at: now)
    }
}
