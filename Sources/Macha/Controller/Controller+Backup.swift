// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaInventory
import MachaModel
package import MachaStore

extension Controller {
    /// A backup that was made, and those that made room for it.
    package struct BackupOutcome: Sendable, Encodable {
        package var backup: Backup
        /// Older backups in the same folder that were deleted.
        package var deleted: [String]
        /// Whether the database knows of it: what it does not know is never deleted to make room.
        package var isRecorded: Bool
    }

    /// What was restored.
    package struct RestoreOutcome: Sendable, Encodable {
        package var backup: Backup
        /// Where the database is that was in use before; `nil` when there was none.
        package var setAside: String?
    }

    /// Backups go here when nobody names a place.
    package var backupFolder: String { "\(environment.stateFolder)/backups" }

    /// Copies the database while everything goes on, and verifies the copy.
    ///
    /// `place` is a file that does not exist, or a folder, where the copy gets a name of its own; ``backupFolder`` unless
    /// named. With `keep` all backups in that folder but the newest ones are deleted, once the new one is known to be whole;
    /// it means nothing for a file, and is refused there.
    package func backUp(to place: String?, keep: Int?) throws(ControllerError) -> BackupOutcome {
        guard let place, !Self.isFolder(place) else {
            return try backUp(toFolder: place ?? backupFolder, keep: keep, BackupStop())
        }
        guard keep == nil else {
            throw ControllerError(
                .usage,
                "--keep counts the backups in a folder, and \(place.printable()) is none; make the folder, or end its name with '/'"
            )
        }
        let store = try environment.store()
        let backup = try storing { () throws(StoreError) in try store.backUp(to: place) }
        return BackupOutcome(backup: backup, deleted: [], isRecorded: remember(backup))
    }

    /// The same to a folder, under a name with the time.
    func backUp(toFolder named: String, keep: Int?, _ stop: BackupStop) throws(ControllerError) -> BackupOutcome {
        let (store, now) = (try environment.store(), environment.now())
        let folder = named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
        let backup = try storing { () throws(StoreError) in
            try store.backUp(to: "\(folder)/\(BackupName.name(at: now))", stop: stop)
        }
        guard remember(backup) else { return BackupOutcome(backup: backup, deleted: [], isRecorded: false) }
        guard let keep else { return BackupOutcome(backup: backup, deleted: [], isRecorded: true) }
        Store.removeAbandonedBackups(in: folder, before: now.addingTimeInterval(-86_400))
        let deleted = try storing { () throws(StoreError) in
            try store.pruneBackups(in: folder, keeping: keep, after: backup)
        }
        return BackupOutcome(backup: backup, deleted: deleted, isRecorded: true)
    }

    /// Whether the database knows of it now. A database that cannot be written, such as one on a full disk, can be copied all
    /// the same.
    private func remember(_ backup: Backup) -> Bool {
        do throws(ControllerError) {
            let (store, now) = (try environment.store(), environment.now())
            try storing { () throws(StoreError) in try store.note(backup, at: now) }
            return true
        } catch {
            environment.warn(.backupNotRecorded(error.messages.joined(separator: "; ")))
            return false
        }
    }

    /// What is in the backup `file`.
    package func inspectBackup(_ file: String) throws(ControllerError) -> Backup {
        try storing { () throws(StoreError) in try Store.verifyBackup(file) }
    }

    /// Puts the backup `file` in the place of the database. The store must not have been opened by this process.
    package func restore(_ file: String) throws(ControllerError) -> RestoreOutcome {
        let now = environment.now()
        try Environment.requireTrust(environment.stateFolder, for: .state, .configuration)
        let path = StateDirectory.database(in: environment.stateFolder)
        let (backup, setAside) = try storing { () throws(StoreError) in try Store.restore(file, to: path, at: now) }
        return RestoreOutcome(backup: backup, setAside: setAside)
    }

    /// Deletes what was observed of the host `name`, which the inventory must no longer have. The record stays. Returns the
    /// number of rows by table; empty when nothing was known of it.
    package func forget(_ name: String, reason: String) throws(ControllerError) -> [String: Int] {
        if try knownHosts().contains(where: { $0.name == name }) {
            throw ControllerError(
                .usage,
                "the inventory still has \(name.quoted), and the next check would begin its history again; take it out of the "
                    + "inventory first")
        }
        let (store, now) = (try environment.store(), environment.now())
        let files = SnapshotFiles(folder: environment.stateFolder)
        let rows = try storing { () throws(StoreError) in
            let rows = try store.forget(name, by: CurrentUser.name(), because: reason.printable(limit: 300), at: now)
            try files.forget(name)
            return rows
        }
        try export()
        return rows
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return path.hasSuffix("/")
            || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
