// SPDX-License-Identifier: MIT
import Foundation
import GRDB

/// The state of the fleet on disk: one SQLite file that the daemon and the command line share.
///
/// Any number of processes may open the same file. Readers never wait; writers queue for at most the busy timeout.
/// Every write is one `BEGIN IMMEDIATE` transaction that is on the disk when the call returns, so a process killed
/// between any two steps loses nothing. Calls block for the time of the transaction and never suspend.
package struct Store: Sendable {
    /// The database file.
    package let path: String
    let pool: DatabasePool

    /// Opens the database at `path`, creating it and its folder when they are missing.
    ///
    /// A new folder is for its owner alone (0700), a new file too (0600), whatever the umask; the mode of what exists
    /// is its owner's decision and stays. An older schema is migrated, a newer one refused. `busyTimeout` is the longest
    /// wait for another process to finish its write.
    package static func open(at path: String, busyTimeout: Duration = .seconds(5)) throws(StoreError) -> Store {
        try StoreFile.create(at: path)
        return try OpeningLock.hold(for: path, timeout: busyTimeout) { () throws(StoreError) in
            do {
                return Store(path: path, pool: try openPool(at: path, busyTimeout: busyTimeout))
            } catch {
                throw StoreError(error, path: path, operation: "cannot open the database")
            }
        }
    }

    /// Runs `body` in one immediate transaction; an error thrown in it leaves no trace in the database.
    func write<T>(_ operation: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
        do {
            return try pool.write(body)
        } catch {
            throw StoreError(error, path: path, operation: operation)
        }
    }

    /// Runs `body` on one consistent view of the database that later writes do not disturb.
    func read<T>(_ operation: String, _ body: (Database) throws -> T) throws(StoreError) -> T {
        do {
            return try pool.read(body)
        } catch {
            throw StoreError(error, path: path, operation: operation)
        }
    }

    private static func openPool(at path: String, busyTimeout: Duration) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration(path: path, busyTimeout: busyTimeout))
        try Schema.bringUpToDate(pool, path: path)
        // GRDB opens WAL with NORMAL, which may lose the last commits with the power. An action must stay recorded as
        // started, so each commit is flushed: sqlite.org/pragma.html#pragma_synchronous.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    private static func configuration(path: String, busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "macha"
        configuration.busyMode = .timeout(busyTimeout / .seconds(1))
        // Before anything is written: opening in WAL mode already changes the file.
        configuration.prepareDatabase { try Schema.refuseForeign($0, path: path) }
        return configuration
    }
}
