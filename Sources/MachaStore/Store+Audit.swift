// SPDX-License-Identifier: MIT
package import Foundation
import GRDB
package import MachaActions
import MachaModel

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
            let sql = "SELECT \(AuditEntry.columns) FROM audit \(condition) ORDER BY sequence DESC LIMIT ?"
            return try Row.fetchAll(
                db, sql: sql, arguments: StatementArguments(arguments + [max(0, limit)])
            ).reversed().map { try AuditEntry($0) }
        }
    }

    /// Writes one entry that changes nothing else: a decision, a person's own command.
    package func note(
        _ event: AuditEvent, host: String?, at now: Date
    ) throws(StoreError) {
        try write("cannot write the audit") { db in
            _ = try Self.append(event, host: host, at: now, db)
        }
    }

    /// Writes the entry that belongs to a change of state, in that change's transaction.
    @discardableResult
    static func append(
        _ event: AuditEvent, host: String?, at now: Date, _ db: Database
    ) throws -> AuditEntry {
        let last = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT \(AuditEntry.columns) FROM audit ORDER BY sequence DESC LIMIT 1")
        ).map { try AuditEntry($0) }
        let entry = AuditEntry(
            after: last, at: now, kind: event.kind, host: host, payload: try StoredJSON.text(of: event))
        try db.cachedStatement(
            sql: """
                INSERT INTO audit (sequence, at, kind, host, payload, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.sequence, entry.at.timeIntervalSince1970, entry.kind.rawValue, host, entry.payload,
            entry.previous.description, entry.hash.description,
        ])
        try moveHead(to: entry, from: last, db)
        return entry
    }

    /// Moves the head on from `last`, and only from there: one that somebody has moved or removed stays so, for
    /// `audit verify` to find, however much is written after it.
    private static func moveHead(to entry: AuditEntry, from last: AuditEntry?, _ db: Database) throws {
        guard let last else {
            try db.cachedStatement(
                sql: "INSERT INTO audit_head (id, sequence, hash) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING"
            ).execute(arguments: [entry.sequence, entry.hash.description])
            return
        }
        try db.cachedStatement(sql: "UPDATE audit_head SET sequence = ?, hash = ? WHERE sequence = ? AND hash = ?")
            .execute(arguments: [
                entry.sequence, entry.hash.description, last.sequence, last.hash.description,
            ])
    }

    static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
}

extension AuditEntry {
    /// The columns of an entry, texts as their bytes: what stands behind a NUL, and bytes that are no UTF-8, would be lost or
    /// mended on the way to a string.
    static let columns = """
        sequence, at, CAST(kind AS BLOB) AS kind, CAST(host AS BLOB) AS host, CAST(payload AS BLOB) AS payload,
        CAST(previous AS BLOB) AS previous, CAST(hash AS BLOB) AS hash
        """

    /// The entry of a row with ``columns``. What is no entry that this program could have written throws.
    init(_ row: Row) throws {
        let sequence: Int = try row.value("sequence")
        guard (0..<AuditChain.limit).contains(sequence), let kind = Kind(rawValue: try Self.text(row, "kind")),
            let before = ContentHash(try Self.text(row, "previous")), let own = ContentHash(try Self.text(row, "hash"))
        else { throw StoredValueError(column: "audit entry \(sequence)") }
        let time = try row.time("at")
        let entry = AuditEntry(
            sequence: sequence, at: time, kind: kind,
            host: (try row.value("host") as Data?) == nil ? nil : try Self.text(row, "host"),
            payload: try Self.text(row, "payload"), previous: before, hash: own)
        // The hash covers whole milliseconds; less than one moved would else go unseen.
        guard AuditEntry.rounded(time) == (try row.value("at") as Double) else {
            throw StoredValueError(column: "audit entry \(sequence)")
        }
        self = entry
    }

    /// The seconds since 1970 that an entry of this millisecond is stored with.
    private static func rounded(_ time: Date) -> Double {
        let milliseconds = (time.timeIntervalSince1970 * 1000).rounded()
        return Date(timeIntervalSince1970: milliseconds / 1000).timeIntervalSince1970
    }

    private static func text(_ row: Row, _ column: String) throws -> String {
        guard let text = String(validating: try row.value(column) as Data, as: UTF8.self) else {
            throw StoredValueError(column: column)
        }
        return text
    }
}
