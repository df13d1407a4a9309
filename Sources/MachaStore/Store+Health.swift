// SPDX-License-Identifier: MIT
import Foundation
import GRDB

/// The database as a file.
extension Store {
    /// Bytes of the database and of what lies beside it; `nil` when that cannot be found out.
    package var size: UInt64? {
        var total: UInt64 = 0
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        total += UInt64(status.st_size)
        if stat("\(path)-wal", &status) == 0 { total += UInt64(status.st_size) }
        return total
    }

    /// What is wrong inside the database; empty when it is whole. Reads all of it, which takes a second a gigabyte or so.
    package func damages() throws(StoreError) -> [String] {
        try read("cannot look through the database") { db in
            try String.fetchAll(db, sql: "PRAGMA quick_check(5)").filter { $0 != "ok" }
        }
    }
}
