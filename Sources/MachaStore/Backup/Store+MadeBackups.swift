// SPDX-License-Identifier: MIT
package import Foundation
import GRDB

/// A backup that was written from this database.
package struct MadeBackup: Hashable, Codable, Sendable {
    package var madeAt: Date
    /// Without links, so that one folder has one name.
    package var folder: String
    package var name: String
    package var bytes: Int
    /// Faults that were found when it was verified.
    package var faults: Int

    package var path: String { "\(folder)/\(name)" }
}

extension Store {
    /// Backups that are remembered; those of long ago were deleted or moved by somebody.
    private static let rememberedBackups = 20_000

    /// Remembers that `backup` was written.
    package func note(_ backup: Backup, at now: Date) throws(StoreError) {
        let place = Self.place(of: backup.path)
        try write("cannot record the backup") { db in
            try db.execute(
                sql: "INSERT INTO backup (made_at, folder, name, bytes, faults) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    now.timeIntervalSince1970, place.folder, place.name, backup.bytes, backup.faults.count,
                ])
            try db.execute(
                sql: "DELETE FROM backup WHERE id <= ?",
                arguments: [db.lastInsertedRowID - Int64(Self.rememberedBackups)])
        }
    }

    /// The newest backup that was verified without a fault, in `folder` or anywhere; `nil` when there is none.
    package func lastBackup(in folder: String?) throws(StoreError) -> MadeBackup? {
        let folder = folder.map { Self.resolved($0) }
        return try read("cannot read the backups") { db in
            try Row.fetchOne(
                db,
                sql: "SELECT * FROM backup WHERE faults = 0 AND (:folder IS NULL OR folder = :folder) ORDER BY id DESC",
                arguments: ["folder": folder]
            ).map { try MadeBackup($0) }
        }
    }

    /// Deletes all backups in `folder` but the newest `count`, now that `backup` is there. One with faults makes room only
    /// among others with faults: a whole one goes when enough newer whole ones are there. What this database has not
    /// written, or what has changed since, stays. Returns the paths that are gone.
    package func pruneBackups(
        in folder: String, keeping count: Int, after backup: Backup
    ) throws(StoreError) -> [String] {
        let folder = Self.resolved(folder)
        let made = try read("cannot read the backups") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM backup WHERE folder = ? ORDER BY id DESC", arguments: [folder])
                .map { (id: try $0.value("id") as Int64, backup: try MadeBackup($0)) }
        }
        let isWhole = backup.faults.isEmpty
        let counted = made.filter { ($0.backup.faults == 0) == isWhole }
        guard count > 0, counted.count > count else { return [] }
        let oldest = counted[count - 1].id
        var deleted: [String] = []
        var settled: [Int64] = []
        for (id, backup) in made where id < oldest && (isWhole || backup.faults > 0) {
            switch StoredFile(backup) {
            case .gone: settled.append(id)
            case .asWritten where unlink(backup.path) == 0:
                deleted.append(backup.path)
                settled.append(id)
            case .asWritten, .changed: continue
            }
        }
        guard !settled.isEmpty else { return [] }
        try write("cannot forget the backups that were deleted") { db in
            try db.execute(
                sql: "DELETE FROM backup WHERE id IN (\(Self.marks(settled.count)))",
                arguments: StatementArguments(settled))
        }
        return deleted
    }

    /// The folder without links and the name of a backup at `path`.
    private static func place(of path: String) -> (folder: String, name: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return (resolved(StoreFile.folder(of: path)), name)
    }

    private static func resolved(_ folder: String) -> String {
        guard let real = realpath(folder, nil) else { return folder }
        defer { free(real) }
        return String(cString: real)
    }
}

/// What stands now where a backup was written.
private enum StoredFile {
    case gone
    /// A file of the size it had, with the mark of a database of macha.
    case asWritten
    /// Something else, or what cannot be read.
    case changed

    init(_ backup: MadeBackup) {
        var status = stat()
        guard lstat(backup.path, &status) == 0 else {
            self = errno == ENOENT ? .gone : .changed
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size == backup.bytes else {
            self = .changed
            return
        }
        self = Self.isOurs(backup.path) ? .asWritten : .changed
    }

    /// Whether the file bears our mark (sqlite.org/fileformat2.html, 1.3: bytes 68 to 71).
    private static func isOurs(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var mark: UInt32 = 0
        guard pread(descriptor, &mark, 4, 68) == 4 else { return false }
        return UInt32(bigEndian: mark) == UInt32(Schema.applicationID)
    }
}

extension MadeBackup {
    fileprivate init(_ row: Row) throws {
        madeAt = try row.time("made_at")
        folder = try row.value("folder")
        name = try row.value("name")
        bytes = try row.value("bytes")
        faults = try row.value("faults")
    }
}
