// SPDX-License-Identifier: MIT

extension Schema {
    /// What was called a sighting is an issue: the same rows, ids and times.
    static let issues = """
        DROP INDEX sighting_open;
        DROP INDEX sighting_history;
        DROP INDEX sighting_host;
        ALTER TABLE sighting RENAME TO issue;
        ALTER TABLE issue RENAME COLUMN sight TO coverage;
        ALTER TABLE issue RENAME COLUMN closed_at TO resolved_at;
        CREATE UNIQUE INDEX issue_open ON issue (fingerprint) WHERE resolved_at IS NULL;
        CREATE INDEX issue_history ON issue (fingerprint, resolved_at);
        CREATE INDEX issue_host ON issue (host) WHERE resolved_at IS NULL;
        """
}
