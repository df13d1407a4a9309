// SPDX-License-Identifier: MIT

extension Schema {
    /// What was told to whom, what is still to be sent, and what was not sent and why.
    static let notifications = """
        CREATE TABLE notification_state (
            receiver TEXT PRIMARY KEY,
            body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE notification (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id TEXT NOT NULL CHECK (message_id <> ''),
            receiver TEXT NOT NULL CHECK (receiver <> ''),
            occasion TEXT NOT NULL,
            message TEXT NOT NULL CHECK (json_valid(message)),
            alerts TEXT NOT NULL CHECK (json_type(alerts) = 'array'),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
            created_at REAL NOT NULL,
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            due_at REAL NOT NULL,
            lease_until REAL,
            ended_at REAL CHECK ((state = 'waiting') = (ended_at IS NULL)),
            reason TEXT NOT NULL,
            UNIQUE (receiver, message_id)
        ) STRICT;
        CREATE INDEX notification_waiting ON notification (receiver, id) WHERE state = 'waiting';
        CREATE INDEX notification_ended ON notification (ended_at) WHERE state <> 'waiting';

        CREATE TABLE notification_held (
            receiver TEXT NOT NULL,
            alert TEXT NOT NULL CHECK (alert <> ''),
            reason TEXT NOT NULL,
            host TEXT,
            summary TEXT NOT NULL,
            words TEXT NOT NULL,
            first_at REAL NOT NULL,
            last_at REAL NOT NULL,
            times INTEGER NOT NULL CHECK (times >= 1),
            PRIMARY KEY (receiver, alert, reason)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX notification_held_last ON notification_held (last_at);
        """
}
