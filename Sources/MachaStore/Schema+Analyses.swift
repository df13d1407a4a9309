// SPDX-License-Identifier: MIT

extension Schema {
    /// What models made of hosts, and what was looked up because one asked.
    ///
    /// `state` names the problems the host had (``Finding/state(of:)``), `covers_until` the end of the journal that was
    /// read for a usable analysis: the next one begins there.
    static let analyses = """
        CREATE TABLE analysis (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            host TEXT NOT NULL CHECK (host <> ''),
            made_at REAL NOT NULL,
            is_usable INTEGER NOT NULL CHECK (is_usable IN (0, 1)),
            state TEXT NOT NULL,
            covers_until REAL,
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT;
        CREATE INDEX analysis_newest ON analysis (host, is_usable, id);

        CREATE TABLE lookup (
            host TEXT NOT NULL CHECK (host <> ''),
            question TEXT NOT NULL CHECK (question <> ''),
            state TEXT NOT NULL,
            answer TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (host, question)
        ) STRICT, WITHOUT ROWID;
        """
}
