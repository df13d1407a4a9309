// SPDX-License-Identifier: MIT
import GRDB

extension Store {
    /// Keeps what the daemon says of itself, in place of what it said before.
    package func keep(_ daemon: DaemonRecord) throws(StoreError) {
        try write("cannot record the state of the daemon") { db in
            try db.execute(
                sql: "INSERT INTO daemon (id, body) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                arguments: [try StoredJSON.text(of: daemon)])
        }
    }

    /// What the daemon last said; `nil` when none has ever run here.
    package func daemon() throws(StoreError) -> DaemonRecord? {
        try read("cannot read the state of the daemon") { db in
            try String.fetchOne(db, sql: "SELECT body FROM daemon")
                .map { try StoredJSON.value(DaemonRecord.self, from: $0) }
        }
    }
}
