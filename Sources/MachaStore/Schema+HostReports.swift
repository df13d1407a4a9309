// SPDX-License-Identifier: MIT

extension Schema {
    /// What a page of the fleet shows of each host's newest snapshot (`HostOverview`). It is deleted with that snapshot, and
    /// when somebody edits that: then the snapshot itself is read. `size` shows an edit that the trigger did not see.
    static let hostReports = """
        CREATE TABLE host_report (
            host TEXT PRIMARY KEY CHECK (host <> ''),
            snapshot_id INTEGER NOT NULL UNIQUE REFERENCES snapshot (id) ON DELETE CASCADE,
            size INTEGER NOT NULL CHECK (size > 0),
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER host_report_outdated AFTER UPDATE ON snapshot
        BEGIN DELETE FROM host_report WHERE snapshot_id = OLD.id; END;
        """
}
