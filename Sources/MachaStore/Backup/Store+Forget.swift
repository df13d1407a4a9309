// SPDX-License-Identifier: MIT
import GRDB
import MachaActions
package import struct Foundation.Date

extension Store {
    /// Tables that hold what was observed of a host, and go with it. Rows that depend on theirs go by the schema.
    static let forgotten = [
        "snapshot", "host_report", "issue", "maintenance", "metric_host", "host_machine", "analysis", "lookup", "job",
        "queue_turn", "notification_held",
    ]
    /// Tables that hold what was decided and done, and stay: the record proves them.
    static let remembered = ["approval", "run", "action", "audit", "pause", "decision"]

    /// Deletes what was observed of `host`: snapshots, issues, history, analyses and jobs. What was decided and done stays in
    /// the record, which says that the rest was forgotten, by whom and why.
    ///
    /// Throws ``StoreError/Code/rejected`` while a run of the host is open or a model is being asked about it. Returns the
    /// number of rows by table; empty when nothing was known.
    package func forget(
        _ host: String, by person: String, because reason: String, at now: Date
    ) throws(StoreError) -> [String: Int] {
        try write("cannot forget \(host)") { db in
            try refuseOpenWork(of: host, db)
            var counts: [String: Int] = [:]
            for table in Self.forgotten {
                try db.execute(sql: "DELETE FROM \(table) WHERE host = ?", arguments: [host])
                if db.changesCount > 0 { counts[table] = db.changesCount }
            }
            guard !counts.isEmpty else { return [:] }
            try Self.append(
                .forgotten(AuditEvent.Forgotten(by: person, why: reason, rows: counts)), host: host, at: now, db)
            return counts
        }
    }

    private func refuseOpenWork(of host: String, _ db: Database) throws {
        let open = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM run WHERE host = ? AND state IN ('authorised', 'started')",
            arguments: [host])
        let asked = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM job WHERE host = ? AND state = 'running'", arguments: [host])
        guard open == 0, asked == 0 else {
            throw StoreError(
                .rejected, path: path,
                reason:
                    "cannot forget \(host): \(open != 0 ? "a run on it is open" : "a model is being asked about it")",
                remedy: "wait until it has ended; see macha queue list and macha status \(host)")
        }
    }
}
