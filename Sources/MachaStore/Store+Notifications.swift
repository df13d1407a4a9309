// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension Store {
    /// Plans notices: hands `plan` what was told before and how many notices each receiver got within the last hour, and
    /// keeps what it returns, all in one transaction. Two processes that plan at once do so one after the other.
    ///
    /// What is stored of a receiver and cannot be read counts as nothing: it is told again rather than not at all.
    package func notify(
        at now: Date, plan: ([String: NotificationState], [String: Int]) -> NotificationPlan
    ) throws(StoreError) -> NotificationPlan {
        try write("cannot plan notices") { db in
            let stored = try Row.fetchAll(db, sql: "SELECT receiver, body FROM notification_state")
            var states: [String: NotificationState] = [:]
            for row in stored {
                states[try row.value("receiver")] = try Self.ifReadable {
                    try StoredJSON.value(NotificationState.self, from: try row.value("body"))
                }
            }
            let plan = plan(states, try Self.recentNotices(at: now, db))
            try Self.keep(plan.states, instead: stored, db)
            for notice in plan.notices { try Self.enqueue(notice, at: now, db) }
            for held in plan.held { try Self.keep(held, db) }
            return plan
        }
    }

    /// Puts notices into the outbox that no plan made.
    package func enqueue(_ notices: [PlannedNotice], at now: Date) throws(StoreError) {
        try write("cannot put a notice into the outbox") { db in
            for notice in notices { try Self.enqueue(notice, at: now, db) }
        }
    }

    /// What was sent, failed or waits, newest first.
    package func notices(limit: Int) throws(StoreError) -> [StoredNotice] {
        try read("cannot read the notices") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM notification ORDER BY id DESC LIMIT ?", arguments: [limit]
            ).compactMap { row in try Self.ifReadable { try StoredNotice(row) } }
        }
    }

    /// What was not sent and why, newest first.
    package func heldNotices(limit: Int) throws(StoreError) -> [StoredHeldNotice] {
        try read("cannot read the notices that were held back") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM notification_held ORDER BY last_at DESC LIMIT ?", arguments: [limit]
            ).compactMap { row in try Self.ifReadable { try StoredHeldNotice(row) } }
        }
    }

    /// Forgets notices that ended, and reasons that were last given, before `time`.
    package func pruneNotices(before time: Date) throws(StoreError) {
        try write("cannot forget old notices") { db in
            let arguments: StatementArguments = [time.timeIntervalSince1970]
            try db.execute(
                sql: "DELETE FROM notification WHERE state <> 'waiting' AND ended_at < ?", arguments: arguments)
            try db.execute(sql: "DELETE FROM notification_held WHERE last_at < ?", arguments: arguments)
        }
    }

    private static func recentNotices(at now: Date, _ db: Database) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT receiver, count(*) AS count FROM notification
                WHERE created_at > ? AND created_at <= ? AND occasion NOT IN ('message', 'report') GROUP BY receiver
                """,
            arguments: [now.timeIntervalSince1970 - 3_600, now.timeIntervalSince1970])
        return Dictionary(
            try rows.map { (try $0.value("receiver"), try $0.value("count")) }, uniquingKeysWith: { $1 })
    }

    /// Writes what has changed, and nothing else: most runs change nothing.
    private static func keep(
        _ states: [String: NotificationState], instead stored: [Row], _ db: Database
    ) throws {
        var before: [String: String] = [:]
        for row in stored { before[try row.value("receiver")] = try row.value("body") }
        for (receiver, state) in states {
            let text = try StoredJSON.text(of: state)
            guard before.removeValue(forKey: receiver) != text else { continue }
            try db.execute(
                sql: """
                    INSERT INTO notification_state (receiver, body) VALUES (?, ?)
                    ON CONFLICT (receiver) DO UPDATE SET body = excluded.body
                    """, arguments: [receiver, text])
        }
        for receiver in before.keys {
            try db.execute(sql: "DELETE FROM notification_state WHERE receiver = ?", arguments: [receiver])
        }
    }

    static func enqueue(_ notice: PlannedNotice, at now: Date, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO notification
                    (message_id, receiver, occasion, message, alerts, state, created_at, attempts, due_at, reason)
                VALUES (?, ?, ?, ?, ?, 'waiting', ?, 0, ?, '') ON CONFLICT DO NOTHING
                """,
            arguments: [
                notice.message.id, notice.receiver, notice.occasion.rawValue, try StoredJSON.text(of: notice.message),
                try StoredJSON.text(of: notice.alerts), now.timeIntervalSince1970, now.timeIntervalSince1970,
            ])
    }

    private static func keep(_ held: HeldNotice, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO notification_held
                    (receiver, alert, reason, host, summary, words, first_at, last_at, times)
                VALUES (:receiver, :alert, :reason, :host, :summary, :words, :at, :at, 1)
                ON CONFLICT (receiver, alert, reason) DO UPDATE SET
                    words = excluded.words, summary = excluded.summary, last_at = excluded.last_at, times = times + 1
                """,
            arguments: [
                "receiver": held.receiver, "alert": held.alert, "reason": held.reason.rawValue, "host": held.host,
                "summary": held.summary, "words": held.words, "at": held.at.timeIntervalSince1970,
            ])
    }
}
