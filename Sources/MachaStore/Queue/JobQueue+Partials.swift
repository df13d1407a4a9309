// SPDX-License-Identifier: MIT
import GRDB
package import struct Foundation.Date

extension JobQueue {
    /// A result that was paid for already: `key` names the content, the prompt's version and the model.
    ///
    /// Being asked for keeps it from being pruned.
    package func partial(_ key: String, now: Date) throws(StoreError) -> String? {
        try store.write("cannot read a partial result") { db in
            try String.fetchOne(
                db, sql: "UPDATE partial_result SET used_at = ? WHERE key = ? RETURNING body",
                arguments: [now.timeIntervalSince1970, key])
        }
    }

    func keep(_ body: String, as key: String, at now: Double, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO partial_result (key, body, used_at) VALUES (:key, :body, :now)
                ON CONFLICT (key) DO UPDATE SET body = :body, used_at = :now
                """, arguments: ["key": key, "body": body, "now": now])
    }
}
