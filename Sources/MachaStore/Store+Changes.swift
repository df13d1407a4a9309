// SPDX-License-Identifier: MIT
import GRDB
package import struct Foundation.Date

extension Store {
    /// The newest snapshot of `host` from `time` or before; where none of them is kept any more, the oldest there is.
    package func snapshot(of host: String, at time: Date) throws(StoreError) -> StoredSnapshot? {
        let id = try read("cannot read the snapshots of \(host)") { db in
            let before = try Int64.fetchOne(
                db,
                sql: "SELECT id FROM snapshot WHERE host = ? AND taken_at <= ? ORDER BY taken_at DESC, id DESC LIMIT 1",
                arguments: [host, time.timeIntervalSince1970])
            return try before
                ?? Int64.fetchOne(
                    db, sql: "SELECT id FROM snapshot WHERE host = ? ORDER BY taken_at, id LIMIT 1", arguments: [host])
        }
        guard let id else { return nil }
        return try snapshot(id)
    }
}
