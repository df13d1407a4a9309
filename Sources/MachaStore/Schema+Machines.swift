// SPDX-License-Identifier: MIT

extension Schema {
    /// Which machine answered under which name, and since when. A machine that was reinstalled, or another one that took the
    /// name over, is a row of its own. An unknown mark is an empty text.
    ///
    /// The column of `action` names the NULL of earlier rows: before SQLite 3.45 `json_valid(NULL)` is 0, not NULL, and adding
    /// the column failed in every database that had acted.
    static let machines = """
        CREATE TABLE host_machine (
            host TEXT NOT NULL CHECK (host <> ''),
            host_key TEXT NOT NULL,
            machine_id TEXT NOT NULL,
            first_seen REAL NOT NULL,
            last_seen REAL NOT NULL CHECK (last_seen >= first_seen),
            is_listed INTEGER NOT NULL DEFAULT 1 CHECK (is_listed IN (0, 1)),
            PRIMARY KEY (host, host_key, machine_id)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE action ADD COLUMN machine TEXT CHECK (machine IS NULL OR json_valid(machine));
        """

    /// Which names a machine has is found without reading those of the whole fleet.
    static let machineMarks = """
        CREATE INDEX host_machine_key ON host_machine (host_key);
        CREATE INDEX host_machine_id ON host_machine (machine_id);
        """
}
