// SPDX-License-Identifier: MIT

extension Schema {
    /// An issue has a state, a history and a person's word; a problem that returns is the same issue again. What was one row
    /// a time becomes one row a problem, the newest; the earlier times are in its history.
    static let issueStates = """
        CREATE TABLE issue_of_states (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 16),
            host TEXT NOT NULL CHECK (host <> ''),
            kind TEXT NOT NULL CHECK (kind <> ''),
            subject TEXT,
            severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
            summary TEXT NOT NULL,
            remedy TEXT NOT NULL,
            evidence TEXT NOT NULL CHECK (json_type(evidence) = 'array'),
            coverage TEXT NOT NULL CHECK (json_valid(coverage)),
            first_seen REAL NOT NULL,
            last_seen REAL NOT NULL CHECK (last_seen >= first_seen),
            count INTEGER NOT NULL CHECK (count >= 1),
            resolved_at REAL CHECK (resolved_at >= last_seen),
            commands TEXT NOT NULL CHECK (json_type(commands) = 'array'),
            figures TEXT NOT NULL CHECK (json_type(figures) = 'object'),
            origin TEXT NOT NULL CHECK (origin IN ('observed', 'reported')),
            state TEXT NOT NULL CHECK (state IN
                ('open', 'acknowledged', 'investigating', 'fixing', 'resolved', 'closed')),
            created_at REAL NOT NULL,
            recurrences INTEGER NOT NULL CHECK (recurrences >= 0),
            regressions INTEGER NOT NULL CHECK (regressions BETWEEN 0 AND recurrences),
            resolution TEXT CHECK (resolution IN ('observed', 'repaired', 'person')),
            acknowledgement TEXT CHECK (acknowledgement IS NULL OR json_valid(acknowledgement)),
            acknowledged_until REAL,
            is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
            CHECK ((state IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)),
            CHECK ((state = 'acknowledged') = (acknowledgement IS NOT NULL))
        ) STRICT;

        CREATE TABLE issue_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            issue_id INTEGER NOT NULL REFERENCES issue_of_states (id) ON DELETE CASCADE,
            at REAL NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('opened', 'worsened', 'analysed', 'action-began', 'action-ended',
                'commented', 'acknowledged', 'lapsed', 'resolved', 'reopened', 'closed')),
            by TEXT NOT NULL CHECK (by <> ''),
            note TEXT NOT NULL,
            severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical'))
        ) STRICT;

        INSERT INTO issue_of_states
        SELECT id, fingerprint, host, kind, subject, severity, summary, remedy, evidence, coverage, first_seen, last_seen,
            count, resolved_at, commands, figures, 'observed', iif(resolved_at IS NULL, 'open', 'resolved'),
            (SELECT min(first_seen) FROM issue AS first WHERE first.fingerprint = issue.fingerprint),
            (SELECT count(*) - 1 FROM issue AS every WHERE every.fingerprint = issue.fingerprint), 0,
            iif(resolved_at IS NULL, NULL, 'observed'), NULL, NULL, 0
        FROM issue WHERE id = (SELECT max(id) FROM issue AS last WHERE last.fingerprint = issue.fingerprint);

        INSERT INTO issue_event (issue_id, at, kind, by, note, severity)
        SELECT id, at, kind, 'macha', '', severity FROM (
            SELECT kept.id, each.first_seen AS at, each.severity, each.id AS part, 0 AS place, iif(each.id =
                (SELECT min(id) FROM issue AS first WHERE first.fingerprint = each.fingerprint), 'opened', 'reopened')
                AS kind
            FROM issue AS each JOIN issue_of_states AS kept USING (fingerprint)
            UNION ALL
            SELECT kept.id, each.resolved_at, each.severity, each.id, 1, 'resolved'
            FROM issue AS each JOIN issue_of_states AS kept USING (fingerprint) WHERE each.resolved_at IS NOT NULL
        ) ORDER BY part, place;

        DELETE FROM sqlite_sequence WHERE name = 'issue_of_states';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'issue_of_states', seq FROM sqlite_sequence WHERE name = 'issue';
        DROP TABLE issue;
        ALTER TABLE issue_of_states RENAME TO issue;

        CREATE INDEX issue_host ON issue (host) WHERE resolved_at IS NULL;
        CREATE INDEX issue_ended ON issue (resolved_at) WHERE resolved_at IS NOT NULL;
        CREATE INDEX issue_acknowledged ON issue (kind) WHERE state = 'acknowledged';
        CREATE INDEX issue_lapsing ON issue (acknowledged_until) WHERE acknowledged_until IS NOT NULL;
        CREATE INDEX issue_to_archive ON issue (id) WHERE state = 'closed' AND is_archived = 0;
        CREATE INDEX issue_event_of ON issue_event (issue_id, id);

        CREATE TABLE silence (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            selector TEXT NOT NULL CHECK (selector <> ''),
            kind TEXT CHECK (kind <> ''),
            subject TEXT CHECK (subject <> ''),
            begins_at REAL NOT NULL,
            ends_at REAL NOT NULL CHECK (ends_at > begins_at),
            by TEXT NOT NULL CHECK (by <> ''),
            reason TEXT NOT NULL CHECK (reason <> ''),
            ended_at REAL,
            ended_by TEXT,
            CHECK ((ended_at IS NULL) = (ended_by IS NULL))
        ) STRICT;

        CREATE TABLE maintenance (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            host TEXT NOT NULL CHECK (host <> ''),
            begins_at REAL NOT NULL,
            ends_at REAL NOT NULL CHECK (ends_at > begins_at),
            by TEXT NOT NULL CHECK (by <> ''),
            reason TEXT NOT NULL,
            ended_at REAL,
            ended_by TEXT,
            CHECK ((ended_at IS NULL) = (ended_by IS NULL))
        ) STRICT;
        """
}
