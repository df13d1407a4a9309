// SPDX-License-Identifier: MIT

extension Schema {
    /// The backups that were written from this database: what is not listed is never deleted to make room.
    static let backups = """
        CREATE TABLE backup (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            made_at REAL NOT NULL,
            folder TEXT NOT NULL CHECK (folder <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            faults INTEGER NOT NULL CHECK (faults >= 0)
        ) STRICT;
        CREATE INDEX backup_folder ON backup (folder, id DESC);
        """
}
