// SPDX-License-Identifier: MIT
import Foundation
import GRDB

/// Why the state could not be read or written: which file, what happened, and what to do about it.
package struct StoreError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The folder or the file may not be created, read or written.
        case notWritable = "not-writable"
        /// The file is no SQLite database, or the database of another program.
        case notOurs = "not-ours"
        /// A newer Macha has already changed the schema.
        case newerSchema = "newer-schema"
        /// The file system, a quota or the size limit of the database is exhausted.
        case full
        /// Another process held the database for longer than the time limit.
        case locked
        /// The file is damaged.
        case damaged
        /// The database refused what it was given: a broken rule of the schema, or a name that is no host.
        case rejected
        /// Stored content could not be understood.
        case unreadable
        /// The exports beside the database know entries that it lacks.
        case outdated
        /// Anything else SQLite or the system reports.
        case failed
    }

    package var code: Code
    /// The file concerned.
    package var path: String
    /// Starts lower case; says what was tried and why it did not work.
    package var reason: String
    /// What a person can do next; empty when nothing is known.
    package var remedy: String

    package init(_ code: Code, path: String, reason: String, remedy: String = "") {
        self.code = code
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(path): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}

extension StoreError {
    /// What `error` means, when it came up while doing `operation` on `path`.
    ///
    /// Only SQLite's own words are kept: the statement and its arguments may hold what hosts sent.
    init(_ error: any Error, path: String, operation: String) {
        if let known = error as? StoreError {
            self = known
            return
        }
        guard let cause = error as? DatabaseError else {
            self.init(valueError: error, path: path, operation: operation)
            return
        }
        var code = Code(cause.resultCode)
        // A full disk is an I/O error where it is the shared memory beside the database that cannot grow.
        if cause.resultCode == .SQLITE_IOERR, Self.isFull(path) { code = .full }
        let reason = "\(operation): \(cause.message ?? "\(cause.resultCode)")"
        self.init(code, path: path, reason: reason, remedy: code.remedy)
    }

    /// Whether the file system of `path` has less room than the shared memory beside a database needs.
    private static func isFull(_ path: String) -> Bool {
        DiskRoom(at: StoreFile.folder(of: path)).map { $0.free < 64 << 10 } ?? false
    }

    private init(valueError error: any Error, path: String, operation: String) {
        switch error {
        case is EncodingError, is DecodingError, is StoredValueError:
            self.init(.unreadable, path: path, reason: "\(operation): \(error)", remedy: Code.unreadable.remedy)
        case is RowDecodingError, is MetricPacking.Damaged:
            // Its own words hold the whole row, which may be what a host sent.
            self.init(
                .unreadable, path: path, reason: "\(operation): a stored value was not written by macha",
                remedy: Code.unreadable.remedy)
        default: self.init(.failed, path: path, reason: "\(operation): \(error)")
        }
    }
}

extension StoreError.Code {
    /// Source: sqlite.org/rescode.html.
    init(_ result: ResultCode) {
        self =
            switch result {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
            case .SQLITE_NOTADB: .notOurs
            case .SQLITE_CORRUPT: .damaged
            case .SQLITE_FULL: .full
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .notWritable
            case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH: .rejected
            default: .failed
            }
    }

    var remedy: String {
        switch self {
        case .notWritable: "run as the user who owns the state directory, or name another with --state-dir"
        case .notOurs: "move the file away, or name another state directory with --state-dir"
        case .newerSchema: "install that version again, or name another state directory with --state-dir"
        case .full: "free space on its file system; nothing was partially written"
        case .locked: "try again; if it persists, look for a stopped process with `fuser` on the file"
        case .damaged: "stop every macha process, keep a copy, then restore a backup or try `sqlite3 FILE .recover`"
        case .unreadable: "find out what else is damaged: macha audit verify"
        case .outdated: ExportConflict.remedy
        case .rejected, .failed: ""
        }
    }
}
