// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaModel

/// That a person's grant is in the audit, for this host and this content, and was not used yet.
///
/// The row of an approval says `granted` to whoever can write the row. The entry is part of the chain, was written in the
/// same transaction as the answer, and is what `audit verify` watches over.
enum GrantProof {
    /// Why `approval` must not be used; `nil` when its grant is there. Whether it was used before is asked with `isUnused`.
    static func obstacle(_ approval: Approval, isUnused: Bool, _ db: Database) throws -> String? {
        let refusal = "approval \(approval.id) cannot be run: "
        guard let (entry, grant) = try newestGrant(of: approval, db) else {
            return refusal + "the audit has no grant for it on this host; see: macha audit verify"
        }
        guard AuditChain.verify(entry) else {
            return refusal + "entry \(entry.sequence) of the audit, its grant, was edited; see: macha audit verify"
        }
        guard grant.content == approval.content, approval.content == approval.proposal.contentHash,
            grant.by == approval.decidedBy
        else { return refusal + "it is not what was granted (entry \(entry.sequence) of the audit)" }
        return isUnused ? try use(of: approval, after: entry.sequence, db).map { refusal + $0 } : nil
    }

    private static func newestGrant(
        of approval: Approval, _ db: Database
    ) throws -> (entry: AuditEntry, grant: AuditEvent.ApprovalChange)? {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(AuditEntry.columns) FROM audit WHERE kind = 'approval' AND host = ? ORDER BY sequence DESC
                """, arguments: [approval.proposal.host])
        while let row = try rows.next() {
            guard let entry = try Store.ifReadable({ try AuditEntry(row) }),
                case .event(.approval(let change)) = entry.content
            else { continue }
            if change.event == .granted, change.approval == approval.id { return (entry, change) }
        }
        return nil
    }

    /// That a run began on this grant, or may have.
    private static func use(of approval: Approval, after sequence: Int, _ db: Database) throws -> String? {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(AuditEntry.columns) FROM audit WHERE kind = 'decision' AND host = ? AND sequence > ?
                ORDER BY sequence
                """, arguments: [approval.proposal.host, sequence])
        while let row = try rows.next() {
            let entry = try AuditEntry(row)
            switch entry.content {
            case .event(.authorised(let run)) where run.approval == approval.id:
                return "the audit says that it was used already (entry \(entry.sequence))"
            case .event: continue
            case .unreadable:
                return
                    "entry \(entry.sequence) of the audit, which may be its use, cannot be read; request it again with: "
                    + "macha check"
            }
        }
        return nil
    }
}
