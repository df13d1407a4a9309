// SPDX-License-Identifier: MIT
package import Foundation
import GRDB
package import MachaActions
import MachaModel

/// What the state directory holds for people with `jq`: `decisions.jsonl` and `actions.jsonl` with the audit's entries, and
/// `approval_queue.json` with what waits; `issues.jsonl` with the issues that are closed; `pause.json` is there while anything is paused. Written from the database, and read back
/// only to see that it still is the database they were written from.
package struct Exports: Sendable {
    /// The state directory.
    package let folder: String
    let logs: [(log: AuditEntry.Log, file: ExportLog)]
    /// `issues.jsonl`: every closed issue with its history.
    let issues: ExportLog

    package init(folder: String, limit: Int = 16 << 20, kept: Int = 5) {
        self.folder = folder
        logs = AuditEntry.Log.allCases.map { log in
            (log, ExportLog(path: Self.path(of: log, in: folder), limit: limit, kept: kept))
        }
        issues = ExportLog(path: "\(folder)/issues.jsonl", limit: limit, kept: kept)
    }

    package static func path(of log: AuditEntry.Log, in folder: String) -> String { "\(folder)/\(log.rawValue).jsonl" }
    package static func pause(in folder: String) -> String { "\(folder)/pause.json" }
    package static func queue(in folder: String) -> String { "\(folder)/approval_queue.json" }

    /// Writes what began to a file beside the database before anything is sent, on the disk when the call returns: the start
    /// is then known without the write-ahead log, and to whoever puts an older copy of the database back.
    package func witness(_ store: Store) throws(StoreError) {
        for (log, file) in logs { try store.export(log.kinds, to: file, isDurable: true) }
    }

    /// Brings the files up to date. A process killed in between may leave one batch to be written again; `sequence` tells.
    ///
    /// Where the files know entries that the database lacks, nothing is written: they are the only record of them.
    package func write(from store: Store, at now: Date) throws(StoreError) {
        for (log, file) in logs { try store.export(log.kinds, to: file, isDurable: false) }
        let waiting = try store.approvals(open: true, at: now)
        let path = Self.queue(in: folder)
        do {
            try AtomicFile.update(path, with: try DocumentJSON.file(waiting))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(error, path: path, operation: "cannot export the approvals")
        }
        try writePause(try store.pauseState())
        try store.archive(to: issues)
    }

    private func writePause(_ state: PauseState) throws(StoreError) {
        let path = Self.pause(in: folder)
        guard state != PauseState() else {
            unlink(path)
            return
        }
        let content: Data
        do {
            content = try DocumentJSON.file(state)
        } catch {
            throw StoreError(error, path: path, operation: "cannot export the pause")
        }
        try AtomicFile.update(path, with: content)
    }

    /// Whether changes are paused in the state directory `folder`, for the fleet or for hosts; `nil` when this account may not
    /// know.
    package static func isPaused(in folder: String) -> Bool? {
        if access(pause(in: folder), F_OK) == 0 { return true }
        return errno == EACCES ? nil : false
    }
}

extension Store {
    fileprivate func export(
        _ kinds: [AuditEntry.Kind], to log: ExportLog, isDurable: Bool
    ) throws(StoreError) {
        let name = log.path.split(separator: "/").last.map(String.init) ?? log.path
        // In one write transaction, so that two processes do not both write what is new.
        try write("cannot export to \(name)") { db in
            let newest = try log.newest()
            if let newest, let conflict = try ExportConflict(newest, db) { throw conflict.error(path: log.path) }
            // The file itself says how far it goes. What the database says of it may have been edited, and would then keep
            // from the file what must be on the disk before anything is sent.
            let noted = try Int.fetchOne(db, sql: "SELECT sequence FROM export WHERE file = ?", arguments: [name])
            let end = try Int.fetchOne(db, sql: "SELECT max(sequence) FROM audit") ?? -1
            let done = newest?.entry.sequence ?? noted.flatMap { $0 > end ? nil : $0 } ?? -1
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT \(AuditEntry.columns) FROM audit WHERE sequence > ? AND kind IN (\(Self.marks(kinds.count))) ORDER BY sequence
                    """,
                arguments: StatementArguments([done] + kinds.map { $0.rawValue as any DatabaseValueConvertible }))
            guard let last = rows.last else { return }
            try log.append(rows.map { try Self.line(try AuditEntry($0)) }, isDurable: isDurable)
            try db.execute(
                sql: """
                    INSERT INTO export (file, sequence) VALUES (?, ?)
                    ON CONFLICT (file) DO UPDATE SET sequence = excluded.sequence
                    """, arguments: [name, try last.value("sequence") as Int])
        }
    }

    /// One line of JSON; the payload is a document of its own, included as it was hashed.
    private static func line(_ entry: AuditEntry) throws -> String {
        struct Head: Encodable {
            var sequence: Int
            var at: Date
            var kind: AuditEntry.Kind
            var host: String?
            var previous: ContentHash
            var hash: ContentHash
        }
        let head = try DocumentJSON.encoder(isPretty: false).encode(
            Head(
                sequence: entry.sequence, at: entry.at, kind: entry.kind, host: entry.host, previous: entry.previous,
                hash: entry.hash))
        return String(decoding: head, as: UTF8.self).dropLast() + ",\"payload\":\(entry.payload)}"
    }
}
