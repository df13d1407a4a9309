// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import MachaModel
package import MachaProbes

extension Store {
    /// The newest snapshot of each host that has one, in the order of `hosts`; of every host by name when `nil`.
    ///
    /// A host without a snapshot is missing in the answer: nothing is known about it, which the caller has to show.
    package func latest(hosts: [String]? = nil) throws(StoreError) -> [StoredSnapshot] {
        try read("cannot read the newest snapshots") { db in
            let names = try hosts ?? String.fetchAll(db, sql: "SELECT DISTINCT host FROM snapshot ORDER BY host")
            return try names.compactMap { try Self.snapshots(of: $0, limit: 1, db).first }
        }
    }

    /// Those of `hosts` that did not answer the last time.
    package func unreached(of hosts: Set<String>) throws(StoreError) -> Set<String> {
        try read("cannot read which hosts answered") { db in
            let statement = try db.cachedStatement(
                sql: "SELECT contact FROM snapshot WHERE host = ? ORDER BY taken_at DESC, id DESC LIMIT 1")
            return try hosts.filter { host in
                try String.fetchOne(statement, arguments: [host]).map { $0 != "reached" } ?? false
            }
        }
    }

    /// The newest snapshot of `host` that was reached; `nil` when there is none.
    package func latestReached(_ host: String) throws(StoreError) -> Snapshot? {
        try read("cannot read the newest snapshot of \(host)") { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT body FROM snapshot WHERE host = ? AND contact = 'reached'
                    ORDER BY taken_at DESC, id DESC LIMIT 1
                    """, arguments: [host]
            ).map { try StoredJSON.value(Snapshot.self, from: $0) }
        }
    }

    /// Up to `limit` snapshots of `host`, newest first.
    package func snapshots(of host: String, limit: Int = 100) throws(StoreError) -> [StoredSnapshot] {
        try read("cannot read the snapshots of \(host)") { try Self.snapshots(of: host, limit: max(0, limit), $0) }
    }

    /// The snapshot with this id; `nil` when there is none, or none any more.
    package func snapshot(_ id: Int64) throws(StoreError) -> StoredSnapshot? {
        try read("cannot read snapshot \(id)") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM snapshot WHERE id = ?", arguments: [id])
                .map { try Self.stored($0, db) }
        }
    }

    static func snapshots(of host: String, limit: Int, _ db: Database) throws -> [StoredSnapshot] {
        try Row.fetchAll(
            try db.cachedStatement(
                sql: "SELECT * FROM snapshot WHERE host = ? ORDER BY taken_at DESC, id DESC LIMIT ?"),
            arguments: [host, limit]
        ).map { try stored($0, db) }
    }

    private static func stored(_ row: Row, _ db: Database) throws -> StoredSnapshot {
        StoredSnapshot(
            id: try row.value("id"), snapshot: try StoredJSON.value(Snapshot.self, from: try row.value("body")),
            findings: try findings(of: try row.value("id"), on: try row.value("host"), db))
    }

    /// What was found when snapshot `id` of `host` was recorded.
    static func findings(of id: Int64, on host: String, _ db: Database) throws -> [Finding] {
        try Row.fetchAll(
            try db.cachedStatement(sql: "SELECT * FROM finding WHERE snapshot_id = ? ORDER BY position"),
            arguments: [id]
        ).map { try Finding($0, host: host) }
    }
}
