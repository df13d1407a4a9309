// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaModel

extension Store {
    /// The newest entry's place and hash, to be kept in another place; `nil` without entries.
    package func auditHead() throws(StoreError) -> AuditChain.Head? {
        try read("cannot read the audit") { try Self.newestEntry($0).map { AuditChain.Head($0) } }
    }

    /// What the database alone shows: the chain and its head, the schema, the other tables against the audit, the file.
    ///
    /// Who can write the database can make all of that agree; ``Exports/verify(_:heads:)`` compares it with what lies outside.
    package func verifyAudit() throws(StoreError) -> AuditVerification {
        try read("cannot read the audit") { db in
            let (entries, unreadable, count) = try Self.entries(db)
            var faults = unreadable.map { AuditFault(.edited(sequence: $0)) }
            let head = try Self.storedHead(db)
            faults += AuditChain.verify(entries, head: head.value).map { AuditFault($0) }
            faults += Self.unaccounted(head, last: entries.last)
            let audit = AuditReplay(entries)
            faults += try SchemaCheck.faults(db).map { AuditFault($0) }
            faults += try AuditTables.faults(audit, db).map { AuditFault($0) }
            faults += try String.fetchAll(db, sql: "PRAGMA quick_check(5)").filter { $0 != "ok" }
                .map { AuditFault("the database file is damaged: \($0)") }
            var seen: Set<AuditFault> = []
            return AuditVerification(
                faults: faults.filter { seen.insert($0).inserted }, count: count,
                head: entries.last.map { AuditChain.Head($0) }, unread: audit.unread)
        }
    }

    static func newestEntry(_ db: Database) throws -> AuditEntry? {
        try Row.fetchOne(db, sql: "SELECT \(AuditEntry.columns) FROM audit ORDER BY sequence DESC LIMIT 1")
            .map { try AuditEntry($0) }
    }

    static func entry(_ sequence: Int, _ db: Database) throws -> AuditEntry? {
        try Row.fetchOne(
            db, sql: "SELECT \(AuditEntry.columns) FROM audit WHERE sequence = ?", arguments: [sequence]
        ).map { try AuditEntry($0) }
    }

    /// What can be read, and the numbers of what cannot: that was not written by us.
    private static func entries(_ db: Database) throws -> (entries: [AuditEntry], unreadable: [Int], count: Int) {
        var entries: [AuditEntry] = []
        var unreadable: [Int] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT \(AuditEntry.columns) FROM audit ORDER BY sequence")
        while let row = try rows.next() {
            if let entry = try? AuditEntry(row) {
                entries.append(entry)
            } else {
                unreadable.append((try? row.value("sequence")) ?? -1)
            }
        }
        return (entries, unreadable, entries.count + unreadable.count)
    }

    private enum StoredHead {
        case missing
        case damaged
        case known(AuditChain.Head)

        var value: AuditChain.Head? {
            if case .known(let head) = self { head } else { nil }
        }
    }

    private static func storedHead(_ db: Database) throws -> StoredHead {
        guard let row = try Row.fetchOne(db, sql: "SELECT sequence, hash FROM audit_head") else { return .missing }
        guard let sequence: Int = try? row.value("sequence"), let text: String = try? row.value("hash"),
            let hash = ContentHash(text)
        else { return .damaged }
        return .known(AuditChain.Head(sequence: sequence, hash: hash))
    }

    private static func unaccounted(_ head: StoredHead, last: AuditEntry?) -> [AuditFault] {
        switch (head, last) {
        case (.missing, nil): []
        case (.missing, _?): [AuditFault("the head of the audit was deleted (table audit_head is empty)")]
        case (.damaged, _): [AuditFault("the head of the audit was edited (table audit_head)")]
        case (.known(let head), let last) where head.sequence < last?.sequence ?? -1:
            [AuditFault("the head of the audit was edited: it names entry \(head.sequence), and there are later ones")]
        case (.known, _): []
        }
    }
}
