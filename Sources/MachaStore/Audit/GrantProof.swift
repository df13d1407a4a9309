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
    private struct Grant: Decodable {
        var content: ContentHash
        var by: String?
    }

    /// Why `approval` must not be used; `nil` when its grant is there. Whether it was used before is asked with `isUnused`.
    static func obstacle(_ approval: Approval, isUnused: Bool, _ db: Database) throws -> String? {
        let refusal = "approval \(approval.id) cannot be run: "
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT \(AuditEntry.columns) FROM audit
                WHERE kind = 'approval' AND host = ? AND json_extract(payload, '$.event') = 'granted'
                    AND json_extract(payload, '$.approval') = ? ORDER BY sequence DESC LIMIT 1
                """, arguments: [approval.proposal.host, approval.id])
        guard let row = rows.first else {
            return refusal + "nobody's grant for it on this host is in the audit; see: macha audit verify"
        }
        let entry = try AuditEntry(row)
        guard AuditChain.verify(entry) else {
            return refusal + "entry \(entry.sequence) of the audit, its grant, was edited; see: macha audit verify"
        }
        let grant = try StoredJSON.value(Grant.self, from: entry.payload)
        guard grant.content == approval.content, approval.content == approval.proposal.contentHash,
            grant.by == approval.decidedBy
        else { return refusal + "it is not what was granted (entry \(entry.sequence) of the audit)" }
        guard isUnused, let run = try use(of: approval, after: entry.sequence, db) else { return nil }
        return refusal + "the audit says that it was used already (entry \(run))"
    }

    /// The entry by which a run began on this grant.
    private static func use(of approval: Approval, after sequence: Int, _ db: Database) throws -> Int? {
        try Int.fetchOne(
            db,
            sql: """
                SELECT sequence FROM audit
                WHERE kind = 'decision' AND host = ? AND sequence > ? AND json_extract(payload, '$.event') = 'authorised'
                    AND json_extract(payload, '$.authority.approval.id') = ? LIMIT 1
                """, arguments: [approval.proposal.host, sequence, approval.id])
    }
}
