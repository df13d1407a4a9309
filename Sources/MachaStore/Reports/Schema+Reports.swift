// SPDX-License-Identifier: MIT

extension Schema {
    /// Which reports were made, and how the hosts were then: what the next one compares with.
    static let reports = """
        CREATE TABLE report (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('daily', 'weekly')),
            due_at REAL NOT NULL,
            made_at REAL NOT NULL,
            mark TEXT NOT NULL CHECK (json_valid(mark)),
            UNIQUE (kind, due_at)
        ) STRICT;
        CREATE INDEX report_made ON report (made_at);
        """
}
