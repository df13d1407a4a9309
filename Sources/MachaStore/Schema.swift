// SPDX-License-Identifier: MIT
import GRDB

/// The tables and how they came to be. A migration that has shipped is never edited; the next change is a new one.
enum Schema {
    /// "Mach" as four bytes: marks the file as ours (sqlite.org/pragma.html#pragma_application_id).
    static let applicationID = 0x4D61_6368

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 snapshots") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: snapshots)
        }
        migrator.registerMigration("2 metrics") { try $0.execute(sql: metrics) }
        migrator.registerMigration("3 actions") { try $0.execute(sql: actions) }
        migrator.registerMigration("4 queue") { try $0.execute(sql: queue) }
        migrator.registerMigration("5 analyses") { try $0.execute(sql: analyses) }
        migrator.registerMigration("6 machines") { try $0.execute(sql: machines) }
        migrator.registerMigration("7 endpoint codes") { try $0.execute(sql: endpointCodes) }
        migrator.registerMigration("8 remedies") { try $0.execute(sql: remedies) }
        migrator.registerMigration("9 issues") { try $0.execute(sql: issues) }
        migrator.registerMigration("10 daemon") { try $0.execute(sql: daemon) }
        migrator.registerMigration("11 issue states") { try $0.execute(sql: issueStates) }
        migrator.registerMigration("12 notifications") { try $0.execute(sql: notifications) }
        migrator.registerMigration("13 host reports") { try $0.execute(sql: hostReports) }
        migrator.registerMigration("14 backups") { try $0.execute(sql: backups) }
        migrator.registerMigration("15 machine marks") { try $0.execute(sql: machineMarks) }
        migrator.registerMigration("16 reports") { try $0.execute(sql: reports) }
        return migrator
    }

    /// Applies what is missing; throws when the database knows migrations that this program does not.
    static func bringUpToDate(_ writer: some DatabaseWriter, path: String) throws {
        let unknown = try writer.read { db in
            try migrator.appliedIdentifiers(db).subtracting(migrator.migrations).sorted()
        }
        guard unknown.isEmpty else {
            throw StoreError(
                .newerSchema, path: path,
                reason: "a newer version of macha has changed this database (\(unknown.joined(separator: ", ")))",
                remedy: StoreError.Code.newerSchema.remedy)
        }
        try migrator.migrate(writer)
    }

    /// Throws when `db` holds tables of another program. An empty database belongs to nobody yet.
    static func refuseForeign(_ db: Database, path: String) throws {
        let mark = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if mark == applicationID { return }
        let tables = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'grdb\\_%' ESCAPE '\\'")
        guard mark == 0, tables == 0 else {
            throw StoreError(
                .notOurs, path: path, reason: "cannot open the database: it belongs to another program",
                remedy: StoreError.Code.notOurs.remedy)
        }
    }

    /// Times are seconds since 1970 by the controller's clock.
    private static let snapshots = """
        CREATE TABLE snapshot (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            host TEXT NOT NULL CHECK (host <> ''),
            taken_at REAL NOT NULL,
            duration REAL NOT NULL CHECK (duration >= 0),
            contact TEXT NOT NULL CHECK (contact <> ''),
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT;
        CREATE INDEX snapshot_newest ON snapshot (host, taken_at DESC, id DESC);

        CREATE TABLE finding (
            snapshot_id INTEGER NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 16),
            kind TEXT NOT NULL CHECK (kind <> ''),
            subject TEXT,
            severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
            summary TEXT NOT NULL,
            remedy TEXT NOT NULL,
            evidence TEXT NOT NULL CHECK (json_type(evidence) = 'array'),
            PRIMARY KEY (snapshot_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sighting (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 16),
            host TEXT NOT NULL CHECK (host <> ''),
            kind TEXT NOT NULL CHECK (kind <> ''),
            subject TEXT,
            severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
            summary TEXT NOT NULL,
            remedy TEXT NOT NULL,
            evidence TEXT NOT NULL CHECK (json_type(evidence) = 'array'),
            sight TEXT NOT NULL CHECK (json_valid(sight)),
            first_seen REAL NOT NULL,
            last_seen REAL NOT NULL CHECK (last_seen >= first_seen),
            count INTEGER NOT NULL CHECK (count >= 1),
            closed_at REAL CHECK (closed_at >= last_seen)
        ) STRICT;
        CREATE UNIQUE INDEX sighting_open ON sighting (fingerprint) WHERE closed_at IS NULL;
        CREATE INDEX sighting_history ON sighting (fingerprint, closed_at);
        CREATE INDEX sighting_host ON sighting (host) WHERE closed_at IS NULL;
        """
}
