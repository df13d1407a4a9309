// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
import MachaModel

extension Store {
    /// What was kept of the newest snapshot of `host` when it was recorded, and what was found then; `nil` when there is no
    /// snapshot, nothing was kept of it, or it was edited since: then the snapshot itself has to be read.
    package func overview(of host: String) throws(StoreError) -> (overview: HostOverview, findings: [Finding])? {
        try read("cannot read the newest snapshot of \(host)") { db in
            let row = try Row.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT snapshot.id, snapshot.taken_at, host_report.body FROM snapshot
                        LEFT JOIN host_report ON host_report.snapshot_id = snapshot.id
                            AND host_report.size = length(snapshot.body) AND json_valid(snapshot.body)
                        WHERE snapshot.host = ? ORDER BY snapshot.taken_at DESC, snapshot.id DESC LIMIT 1
                        """), arguments: [host])
            guard let row, let body: String = try row.value("body") else { return nil }
            let known = try Self.ifReadable { try StoredJSON.value(HostOverview.self, from: body) }
            guard let known, known.takenAt == (try row.time("taken_at")) else { return nil }
            return (known, try Self.findings(of: try row.value("id"), on: host, db))
        }
    }

    /// Keeps `overview` of snapshot `id`, unless a newer one of `host` is known.
    static func keep(_ overview: HostOverview, of id: Int64, on host: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO host_report (host, snapshot_id, size, body)
                SELECT host, id, length(body), ?3 FROM snapshot WHERE id = ?2
                AND id = (SELECT id FROM snapshot WHERE host = ?1 ORDER BY taken_at DESC, id DESC LIMIT 1)
                """
        ).execute(arguments: [host, id, try StoredJSON.text(of: overview)])
    }
}
