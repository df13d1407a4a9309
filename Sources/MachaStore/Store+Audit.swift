// SPDX-License-Identifier: MIT
package import MachaCore
package import struct Foundation.Date
import GRDB

extension Store {
    /// The newest `limit` entries that fit, oldest first. `nil` does not narrow.
    package func audit(
        kinds: [AuditEntry.Kind]? = nil, hosts: [String]? = nil, since: Date? = nil, after sequence: Int? = nil,
        limit: Int = 100
    ) throws(StoreError) -> [AuditEntry] {
        try read("cannot read the audit") { db in
            var conditions: [String] = []
            var arguments: [any DatabaseValueConvertible] = []
            if let kinds {
                conditions.append("kind IN (\(Self.marks(kinds.count)))")
                arguments += kinds.map(\.rawValue)
            }
            if let hosts {
                conditions.append("host IN (\(Self.marks(hosts.count)))")
                arguments += hosts
            }
            if let since {
                conditions.append("at >= ?")
                arguments.append(since.timeIntervalSince1970)
            }
            if let sequence {
                conditions.append("sequence > ?")
                arguments.append(sequence)
            }
            let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            let sql = "SELECT * FROM audit \(condition) ORDER BY sequence DESC LIMIT ?"
            return try Row.fetchAll(
                db, sql: sql, arguments: StatementArguments(arguments + [max(0, limit)])
            ).reversed().map { try AuditEntry($0) }
        }
    }

    /// Everything that is wrong with the audit, and how many entries it has. An entry that cannot be read counts as edited.
    package func verifyAudit() throws(StoreError) -> (faults: [AuditChain.Fault], count: Int) {
        try read("cannot read the audit") { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY sequence")
            var entries: [AuditEntry] = []
            var faults: [AuditChain.Fault] = []
            for row in rows {
                // What cannot even be read was not written by us.
                if let entry = try? AuditEntry(row) {
                    entries.append(entry)
                } else {
                    faults.append(.edited(sequence: row["sequence"]))
                }
            }
            let head = try Row.fetchOne(db, sql: "SELECT sequence, hash FROM audit_head").flatMap { row in
                ContentHash(row["hash"]).map { AuditChain.Head(sequence: row["sequence"], hash: $0) }
            }
            return (faults + AuditChain.verify(entries, head: head), rows.count)
        }
    }

    /// Writes one entry that changes nothing else: a decision, a person's own command.
    package func note(
        _ kind: AuditEntry.Kind, host: String?, payload: some Encodable, at now: Date
    ) throws(StoreError) {
        try write("cannot write the audit") { db in
            _ = try Self.append(kind, host: host, payload: payload, at: now, db)
        }
    }

    /// Writes the entry that belongs to a change of state, in that change's transaction.
    @discardableResult
    static func append(
        _ kind: AuditEntry.Kind, host: String?, payload: some Encodable, at now: Date, _ db: Database
    ) throws -> AuditEntry {
        let last = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT * FROM audit ORDER BY sequence DESC LIMIT 1")
        ).map { try AuditEntry($0) }
        let entry = AuditEntry(
            after: last, at: now, kind: kind, host: host, payload: try StoredJSON.text(of: payload))
        try db.cachedStatement(
            sql: """
                INSERT INTO audit (sequence, at, kind, host, payload, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.sequence, entry.at.timeIntervalSince1970, kind.rawValue, host, entry.payload,
            entry.previous.description, entry.hash.description,
        ])
        try db.cachedStatement(
            sql: """
                INSERT INTO audit_head (id, sequence, hash) VALUES (1, ?, ?)
                ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
                """
        ).execute(arguments: [entry.sequence, entry.hash.description])
        return entry
    }

    static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
}

extension AuditEntry {
    init(_ row: Row) throws {
        let kind: String = row["kind"]
        let previous: String = row["previous"]
        let hash: String = row["hash"]
        guard let known = Kind(rawValue: kind), let before = ContentHash(previous), let own = ContentHash(hash) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "audit entry \(row["sequence"] as Int) of kind “\(kind)”"))
        }
        self.init(
            sequence: row["sequence"], at: Date(timeIntervalSince1970: row["at"]), kind: known, host: row["host"],
            payload: row["payload"], previous: before, hash: own)
    }
}

extension AuditChain.Head {
    init(sequence: Int, hash: ContentHash) {
        self.init(
            AuditEntry(
                sequence: sequence, at: Date(timeIntervalSince1970: 0), kind: .decision, host: nil, payload: "",
                previous: hash, hash: hash))
    }
}
