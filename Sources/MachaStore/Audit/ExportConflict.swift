// SPDX-License-Identifier: MIT
package import Foundation
import GRDB
import MachaActions
import MachaModel

/// That an export knows what the database does not: an older copy was put back, its write-ahead log was removed, or its end
/// was cut off. What was begun since is then unknown to the database, and would be done a second time.
package struct ExportConflict: Sendable, Hashable {
    /// The newest entry of the export, which the database lacks.
    package let newest: ExportedEntry
    /// The export's file.
    package let file: String
    /// The newest entry of the database; `nil` when it has none.
    package let end: Int?

    /// `nil` when `newest`, the newest entry of an export, is in the database too.
    init?(_ newest: (entry: ExportedEntry, file: String), _ db: Database) throws {
        let own = try String.fetchOne(
            db, sql: "SELECT hash FROM audit WHERE sequence = ?", arguments: [newest.entry.sequence])
        guard own != newest.entry.hash.description else { return nil }
        self.newest = newest.entry
        file = newest.file
        end = try Int.fetchOne(db, sql: "SELECT max(sequence) FROM audit")
    }

    /// Why nothing may be changed, and what to do about it.
    package var sentence: String {
        let own = end.map { "the database ends with entry \($0)" } ?? "the database has no entries"
        return "the database is older than the exports: \(file) ends with \(newest.words), and "
            + (end ?? -1 >= newest.sequence ? "the database has another entry \(newest.sequence)" : own)
    }

    /// Says it in the same words everywhere.
    package static let remedy =
        "nothing is changed on any host until a person has checked: macha audit verify, then macha audit accept"

    func error(path: String) -> StoreError {
        StoreError(.outdated, path: path, reason: sentence, remedy: Self.remedy)
    }
}

extension ExportLog {
    /// The newest entry that was written, and the file it is in; `nil` when there is none.
    func newest() throws -> (entry: ExportedEntry, file: String)? {
        for file in files.reversed() {
            if let entry = try ExportFile.last(file) { return (entry, file) }
        }
        return nil
    }
}

extension Exports {
    /// Whether an export knows what the database does not.
    package func conflict(with store: Store) throws(StoreError) -> ExportConflict? {
        try store.read("cannot compare the database with its exports") { db in
            try logs.compactMap { try $0.file.newest().flatMap { try ExportConflict($0, db) } }.max {
                $0.newest.sequence < $1.newest.sequence
            }
        }
    }

    /// A person has looked and goes on with the database as it is: the exports that know more are put aside under another
    /// name, and written again from the database. Returns their new names; `nil` when there is nothing to accept.
    package func accept(
        _ store: Store, by person: String, because reason: String, at now: Date
    ) throws(StoreError) -> [String]? {
        guard let conflict = try conflict(with: store) else { return nil }
        // The entry first: without the renaming, the same conflict is simply met once more.
        try store.write("cannot record that the database was accepted") { db in
            try Store.append(
                .accepted(
                    AuditEvent.Accepted(
                        by: person, why: reason.printable(limit: 300), databaseEnd: conflict.end,
                        exportsEnd: conflict.newest.sequence, exportsHash: conflict.newest.hash)),
                host: nil, at: now, db)
            try db.execute(sql: "DELETE FROM export")
        }
        var names: [String] = []
        for file in logs.flatMap(\.file.files) {
            let name = "\(file).aside-\(Int(now.timeIntervalSince1970))"
            guard rename(file, name) == 0 else { throw StoreFile.failure("cannot put the export aside", path: file) }
            names.append(name)
        }
        try write(from: store, at: now)
        return names
    }
}
