// SPDX-License-Identifier: MIT

extension Schema {
    /// The job queue. Times are seconds since 1970 by the clock of whoever wrote them.
    ///
    /// `rank` and `turn` are what a claim orders by, so that it is one step down an index however long the queue is:
    /// `rank` is the priority a job has risen to; `turn` is its tag of start-time fair queueing (Goyal, Vin and Cheng,
    /// SIGCOMM 1996): each job of a host comes one turn after the one before it, and a host that was idle starts at the
    /// turn that is being served now.
    static let queue = """
        CREATE TABLE job (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind <> ''),
            host TEXT CHECK (host <> ''),
            priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
            rank INTEGER NOT NULL CHECK (rank BETWEEN 0 AND 3),
            ranked_at REAL NOT NULL,
            turn INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN (
                'blocked', 'queued', 'delayed', 'running', 'done', 'failed', 'cancelled', 'expired', 'superseded', 'shed')),
            payload TEXT NOT NULL CHECK (json_valid(payload)),
            models TEXT CHECK (json_type(models) = 'array'),
            key TEXT,
            root INTEGER,
            created_at REAL NOT NULL,
            due_at REAL NOT NULL,
            deadline REAL,
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
            claims INTEGER NOT NULL DEFAULT 0 CHECK (claims >= attempts),
            endpoint TEXT,
            worker TEXT,
            lease_until REAL,
            cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
            result TEXT CHECK (result IS NULL OR json_valid(result)),
            reason TEXT,
            finished_at REAL,
            CHECK ((state = 'running') = (lease_until IS NOT NULL)),
            CHECK (state <> 'running' OR (worker IS NOT NULL AND endpoint IS NOT NULL)),
            CHECK ((state = 'done') = (result IS NOT NULL)),
            CHECK ((state IN ('done', 'failed', 'cancelled', 'expired', 'superseded', 'shed')) = (finished_at IS NOT NULL))
        ) STRICT;
        CREATE INDEX job_next ON job (rank, turn, id) WHERE state = 'queued';
        CREATE INDEX job_rising ON job (ranked_at) WHERE state = 'queued' AND rank > 1;
        CREATE INDEX job_due ON job (due_at) WHERE state = 'delayed';
        CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
        CREATE INDEX job_endpoint ON job (endpoint) WHERE state = 'running';
        CREATE INDEX job_deadline ON job (deadline)
            WHERE deadline IS NOT NULL AND state IN ('blocked', 'queued', 'delayed');
        CREATE INDEX job_waiting ON job (rank DESC, turn DESC, id DESC) WHERE state IN ('blocked', 'queued', 'delayed');
        CREATE INDEX job_key ON job (key) WHERE key IS NOT NULL AND state IN ('blocked', 'queued', 'delayed');
        CREATE INDEX job_root ON job (root);
        CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

        CREATE TABLE job_need (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
            need INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
            required INTEGER NOT NULL CHECK (required IN (0, 1)),
            PRIMARY KEY (job, need),
            CHECK (job <> need)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX job_needed ON job_need (need);

        CREATE TABLE queue_turn (
            host TEXT PRIMARY KEY,
            turn INTEGER NOT NULL,
            served INTEGER NOT NULL DEFAULT 0 CHECK (served >= 0)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE queue_clock (id INTEGER PRIMARY KEY CHECK (id = 0), turn INTEGER NOT NULL) STRICT;
        INSERT INTO queue_clock VALUES (0, 0);

        CREATE TABLE endpoint (
            name TEXT PRIMARY KEY CHECK (name <> ''),
            failures INTEGER NOT NULL CHECK (failures >= 0),
            set_aside_until REAL,
            reason TEXT,
            CHECK ((failures > 0) = (set_aside_until IS NOT NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE partial_result (
            key TEXT PRIMARY KEY CHECK (key <> ''),
            body TEXT NOT NULL CHECK (json_valid(body)),
            used_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX partial_result_used ON partial_result (used_at);
        """
}
