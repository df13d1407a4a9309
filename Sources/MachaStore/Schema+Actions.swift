// SPDX-License-Identifier: MIT

extension Schema {
    /// Approvals, runs and their actions, the audit and the pause.
    ///
    /// What must never happen is refused by the schema itself, whoever writes: an audit entry that is changed, removed or
    /// out of order, two changes under way on one host, an action that is begun twice or goes back to a state it has
    /// left, an approval that is answered or used twice.
    static let actions = """
        CREATE TABLE approval (
            id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 0),
            host TEXT NOT NULL CHECK (host <> ''),
            question TEXT NOT NULL CHECK (question <> ''),
            finding TEXT,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'granted', 'rejected', 'expired', 'superseded', 'used')),
            expires_at REAL NOT NULL,
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT;
        CREATE UNIQUE INDEX approval_waiting ON approval (host, question) WHERE state = 'waiting';
        CREATE INDEX approval_question ON approval (host, question, id);
        CREATE INDEX approval_open ON approval (state) WHERE state IN ('waiting', 'granted');
        CREATE TRIGGER approval_only_forward BEFORE UPDATE OF state ON approval
        WHEN NEW.state <> OLD.state AND NOT (
            (OLD.state = 'waiting' AND NEW.state IN ('granted', 'rejected', 'expired', 'superseded'))
            OR (OLD.state = 'granted' AND NEW.state IN ('used', 'expired', 'superseded')))
        BEGIN SELECT RAISE(ABORT, 'an approval never goes back'); END;
        CREATE TRIGGER approval_kept BEFORE DELETE ON approval
        BEGIN SELECT RAISE(ABORT, 'an approval is never deleted'); END;

        CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            host TEXT NOT NULL CHECK (host <> ''),
            approval_id INTEGER UNIQUE REFERENCES approval (id),
            state TEXT NOT NULL CHECK (state IN
                ('authorised', 'started', 'verified', 'failed', 'rolled-back', 'interrupted', 'skipped')),
            proposal TEXT NOT NULL CHECK (json_valid(proposal)),
            authority TEXT NOT NULL CHECK (json_valid(authority)),
            authorised_at REAL NOT NULL,
            ended_at REAL,
            note TEXT NOT NULL DEFAULT '',
            CHECK ((state IN ('authorised', 'started')) = (ended_at IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX run_one_at_a_time ON run (host) WHERE state = 'started';
        CREATE INDEX run_open ON run (state) WHERE state IN ('authorised', 'started');
        CREATE TRIGGER run_only_forward BEFORE UPDATE OF state ON run
        WHEN NEW.state <> OLD.state AND NOT (
            (OLD.state = 'authorised' AND NEW.state IN ('started', 'skipped'))
            OR (OLD.state = 'started' AND NEW.state IN ('verified', 'failed', 'rolled-back', 'interrupted')))
        BEGIN SELECT RAISE(ABORT, 'a run never goes back'); END;
        CREATE TRIGGER run_kept BEFORE DELETE ON run
        BEGIN SELECT RAISE(ABORT, 'a run is never deleted'); END;

        CREATE TABLE action (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run_id INTEGER NOT NULL REFERENCES run (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            host TEXT NOT NULL CHECK (host <> ''),
            kind TEXT NOT NULL CHECK (kind <> ''),
            target TEXT NOT NULL,
            footprint TEXT NOT NULL CHECK (footprint <> ''),
            playbook TEXT,
            is_automatic INTEGER NOT NULL CHECK (is_automatic IN (0, 1)),
            outcome TEXT NOT NULL CHECK (outcome IN ('running', 'verified', 'failed', 'rolled-back', 'interrupted')),
            before TEXT NOT NULL CHECK (json_valid(before)),
            started_at REAL NOT NULL,
            ended_at REAL,
            UNIQUE (run_id, position),
            CHECK ((outcome = 'running') = (ended_at IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX action_one_at_a_time ON action (host) WHERE outcome = 'running';
        CREATE INDEX action_recent ON action (started_at);
        CREATE INDEX action_of_target ON action (host, kind, target, id);
        CREATE TRIGGER action_only_forward BEFORE UPDATE OF outcome ON action
        WHEN NEW.outcome <> OLD.outcome AND OLD.outcome <> 'running'
        BEGIN SELECT RAISE(ABORT, 'an action never goes back'); END;
        CREATE TRIGGER action_kept BEFORE DELETE ON action
        BEGIN SELECT RAISE(ABORT, 'an action is never deleted'); END;

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY CHECK (sequence >= 0),
            at REAL NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            host TEXT,
            payload TEXT NOT NULL CHECK (json_valid(payload)),
            previous TEXT NOT NULL CHECK (length(previous) = 64),
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
        ) STRICT;
        CREATE INDEX audit_host ON audit (host, sequence);
        CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
        WHEN NEW.sequence <> coalesce((SELECT max(sequence) + 1 FROM audit), 0)
            OR NEW.previous <> coalesce((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), NEW.previous)
        BEGIN SELECT RAISE(ABORT, 'the audit entry does not follow the last one'); END;
        CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TRIGGER audit_kept BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TABLE audit_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            sequence INTEGER NOT NULL,
            hash TEXT NOT NULL CHECK (length(hash) = 64)
        ) STRICT;

        CREATE TABLE pause (
            host TEXT PRIMARY KEY,
            by TEXT NOT NULL CHECK (by <> ''),
            since REAL NOT NULL,
            reason TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE decision (
            host TEXT NOT NULL CHECK (host <> ''),
            question TEXT NOT NULL CHECK (question <> ''),
            verdict TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (host, question)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE export (
            file TEXT PRIMARY KEY,
            sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
