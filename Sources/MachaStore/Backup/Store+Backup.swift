// SPDX-License-Identifier: MIT
package import Foundation
import GRDB
import MachaActions

/// A copy of the database, and what was seen when it was verified.
package struct Backup: Hashable, Sendable, Encodable {
    package var path: String
    package var bytes: Int
    /// Entries of the record in it.
    package var entries: Int
    /// The end of the record's chain, `SEQUENCE:HASH`; `nil` without entries.
    package var head: String?
    /// What is wrong with the record or the file, in words. A copy with faults is kept all the same.
    package var faults: [String]

    init(_ path: String, _ verification: AuditVerification) {
        self.path = path
        bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        entries = verification.count
        head = verification.head?.text
        faults = verification.faults.map(\.description)
    }
}

extension Store {
    /// Copies the database to `path`, which must not exist, while other processes go on reading and writing it. The copy
    /// is one consistent moment, is opened and verified, and appears whole or not at all, readable by its owner only.
    ///
    /// ``BackupStop/raise()`` of `stop` ends it early with an error, and leaves nothing behind.
    ///
    /// Source: sqlite.org/backup.html.
    package func backUp(to path: String, stop: BackupStop = BackupStop()) throws(StoreError) -> Backup {
        let operation = "cannot write the backup"
        guard access(path, F_OK) != 0 else {
            throw StoreError(
                .notWritable, path: path, reason: "\(operation): the file exists", remedy: "name another file")
        }
        let scratch = ScratchDatabase(for: path)
        defer { scratch.remove() }
        let verification = try scratch.fill(from: pool, stop, operation)
        try scratch.move(to: path, operation)
        return Backup(path, verification)
    }

    /// Deletes unfinished copies of `backUp(to:stop:)` in `folder` that are older than `time`: a process that was killed
    /// left them there.
    package static func removeAbandonedBackups(in folder: String, before time: Date) {
        ScratchDatabase.removeAbandoned(in: folder, before: time)
    }

    /// What is in the backup `file`, without changing it: it is copied aside, opened as this version would, and verified.
    package static func verifyBackup(_ file: String) throws(StoreError) -> Backup {
        let scratch = ScratchDatabase(inside: NSTemporaryDirectory())
        defer { scratch.remove() }
        return Backup(file, try scratch.fill(fromFile: file, "cannot read the backup"))
    }

    /// Puts the backup `file` in the place of the database at `path`. What was there is put aside, never deleted.
    ///
    /// Throws ``StoreError/Code/locked`` while another process has the database open, and leaves everything as it was when
    /// the backup is damaged, foreign, or of a newer version. Returns what was restored and where the old database is now.
    package static func restore(
        _ file: String, to path: String, at now: Date
    ) throws(StoreError) -> (backup: Backup, setAside: String?) {
        let operation = "cannot restore the backup"
        let scratch = ScratchDatabase(for: path)
        defer { scratch.remove() }
        let verification = try scratch.fill(fromFile: file, operation)
        let setAside = try OpeningLock.hold(for: path, timeout: .seconds(5)) { () throws(StoreError) -> String? in
            let aside = try putAside(path, at: now)
            try scratch.move(to: path, operation)
            return aside
        }
        return (Backup(path, verification), setAside)
    }

    /// Renames the database at `path`; `nil` when there is none. A damaged one is put aside with its log as it is.
    private static func putAside(_ path: String, at now: Date) throws(StoreError) -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        do {
            var configuration = Configuration()
            configuration.busyMode = .immediateError
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // Needs the file for itself: it fails while anybody else has it open, and folds the log into the file.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try queue.close()
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
            throw StoreError(
                .locked, path: path, reason: "cannot restore the backup: another process has the database open",
                remedy: "stop macha serve and every other macha command, and try again")
        } catch {
            // Damaged, or not SQLite at all: that is what backups are for.
        }
        let aside = "\(path).before-restore-\(BackupName.stamp(now))"
        for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, aside + suffix) == 0 else {
                throw StoreFile.failure("cannot put the old database aside", path: path)
            }
        }
        return aside
    }
}

/// A database that is being made beside its place.
private struct ScratchDatabase {
    private let path: String

    /// A hidden file beside `path`.
    init(for path: String) {
        let folder = StoreFile.folder(of: path)
        let name = path.split(separator: "/").last ?? "macha.db"
        self.path = "\(folder)/.\(name).\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
    }

    /// A file in `folder`.
    init(inside folder: String) { self.init(for: "\(folder)/macha.db") }

    /// Pages that are copied at a time: some 16 MB, after which a stop is seen.
    private static let step: CInt = 4_096

    /// Copies an open database, and verifies the copy as this version reads it.
    func fill(
        from source: some DatabaseReader, _ stop: BackupStop, _ operation: String
    ) throws(StoreError) -> AuditVerification {
        try StoreFile.create(at: path)
        do {
            let queue = try DatabaseQueue(path: path)
            try source.backup(to: queue, pagesPerStep: Self.step) { _ in try stop.check() }
            try queue.close()
            let copy = try Store.open(at: path)
            let verification = try stop.interrupting(copy.pool) { () throws(StoreError) in try copy.verifyAudit() }
            // The last connection folds the log into the file, which is then all there is.
            try copy.pool.close()
            return verification
        } catch {
            throw StoreError(error, path: path, operation: operation)
        }
    }

    /// The same for a file that nobody need have open. A write-ahead log beside it counts.
    func fill(fromFile file: String, _ operation: String) throws(StoreError) -> AuditVerification {
        guard access(file, R_OK) == 0 else { throw StoreFile.failure(operation, path: file) }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.prepareDatabase { try Schema.refuseForeign($0, path: file) }
            let queue = try DatabaseQueue(path: file, configuration: configuration)
            guard try queue.read({ try Int.fetchOne($0, sql: "PRAGMA application_id") }) == Schema.applicationID else {
                throw StoreError(
                    .notOurs, path: file, reason: "\(operation): this is no database of macha",
                    remedy: "name a file that macha backup wrote")
            }
            return try fill(from: queue, BackupStop(), operation)
        } catch {
            var failure = StoreError(error, path: file, operation: operation)
            failure.path = file
            throw failure
        }
    }

    /// Makes it durable under its own name.
    func move(to place: String, _ operation: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFile.failure(operation, path: place) }
        let isDurable = fsync(descriptor) == 0
        close(descriptor)
        StoreFile.giveToOwner(ofFolder: StoreFile.folder(of: place), path)
        guard isDurable, rename(path, place) == 0 else { throw StoreFile.failure(operation, path: place) }
        let folder = open(StoreFile.folder(of: place), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Deletes what a process that was killed has left in `folder` before `time`.
    static func removeAbandoned(in folder: String, before time: Date) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard name.wholeMatch(of: /\.macha-[0-9]{8}T[0-9]{6}Z\.db\.[0-9a-f]{1,16}\.tmp(-wal|-shm|-journal)?/) != nil
            else { continue }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                Double(status.st_mtim.tv_sec) < time.timeIntervalSince1970
            else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }
}
