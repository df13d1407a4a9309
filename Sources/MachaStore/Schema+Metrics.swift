// SPDX-License-Identifier: MIT

extension Schema {
    /// Figures over time. Times are whole seconds since 1970 by the controller's clock; ``MetricPacking`` says what the
    /// bodies hold.
    ///
    /// A check is one row for all figures of a host, so recording costs one insert. Once a day is over its rows are
    /// folded into one row a figure: the means of 5 minutes, and minimum, mean and maximum of each hour. A row a value
    /// would take ten times the space.
    static let metrics = """
        CREATE TABLE metric_host (
            id INTEGER PRIMARY KEY,
            host TEXT NOT NULL UNIQUE CHECK (host <> ''),
            watched_since INTEGER NOT NULL,
            folded_until INTEGER NOT NULL CHECK (folded_until % 86400 = 0),
            marks TEXT NOT NULL CHECK (json_valid(marks))
        ) STRICT;

        CREATE TABLE metric_series (
            id INTEGER PRIMARY KEY,
            host_id INTEGER NOT NULL REFERENCES metric_host (id) ON DELETE CASCADE,
            metric TEXT NOT NULL CHECK (metric <> ''),
            subject TEXT NOT NULL,
            UNIQUE (host_id, metric, subject)
        ) STRICT;

        CREATE TABLE metric_look (
            host_id INTEGER NOT NULL REFERENCES metric_host (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (host_id, at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE metric_day (
            series_id INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
            step INTEGER NOT NULL CHECK (step IN (300, 3600)),
            day INTEGER NOT NULL CHECK (day % 86400 = 0),
            body BLOB NOT NULL,
            PRIMARY KEY (series_id, step, day)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE error_kind (
            host_id INTEGER NOT NULL REFERENCES metric_host (id) ON DELETE CASCADE,
            kind INTEGER NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL CHECK (last_seen >= first_seen),
            PRIMARY KEY (host_id, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX error_kind_oldest ON error_kind (host_id, last_seen);
        """
}
