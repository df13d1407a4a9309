// SPDX-License-Identifier: MIT

extension Schema {
    /// What `macha serve` says of itself to everybody who opens the same file; one row at most.
    static let daemon = """
        CREATE TABLE daemon (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT;
        """
}
