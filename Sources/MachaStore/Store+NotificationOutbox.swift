// SPDX-License-Identifier: MIT
import GRDB
import MachaModel
package import struct Foundation.Date

/// How often a notice is tried, and when.
package struct NoticeRetry: Hashable, Sendable {
    /// Seconds to the next attempt, by the number of those before; the last one counts for all that follow.
    package var waits: [Double]
    /// Attempts after which it is given up.
    package var most: Int

    /// From ten seconds to an hour: a server that is down over a night is met again, a day and a half in all.
    package static let standard = NoticeRetry(waits: [10, 30, 60, 300, 900, 1_800, 3_600], most: 40)

    package init(waits: [Double], most: Int) {
        self.waits = waits
        self.most = most
    }

    func wait(after attempts: Int) -> Double { waits.isEmpty ? 0 : waits[min(max(attempts, 1), waits.count) - 1] }
}

extension Store {
    /// The receivers for which something may be sent at `now`.
    package func receiversWithDueNotices(at now: Date) throws(StoreError) -> [String] {
        try read("cannot read the outbox") { db in
            try String.fetchAll(
                db, sql: "SELECT DISTINCT receiver FROM (\(Self.due)) ORDER BY receiver",
                arguments: ["now": now.timeIntervalSince1970])
        }
    }

    /// When something in the outbox is due next; `nil` when nothing waits.
    package func nextNoticeDue() throws(StoreError) -> Date? {
        try read("cannot read the outbox") { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT min(max(due_at, coalesce(lease_until, due_at))) AS due FROM notification WHERE state = 'waiting'
                    """)
            return try row?.time(ifAny: "due")
        }
    }

    /// Takes the oldest notice for `receiver` that is due, for `seconds`. The attempt is counted before its first byte
    /// leaves: a process killed in the middle leaves a notice that is sent once more when the time is over, and not for ever.
    ///
    /// Notices of one receiver leave in order: one that waits for its next attempt holds those behind it back.
    package func claimNotice(
        for receiver: String, seconds: Double, at now: Date
    ) throws(StoreError) -> StoredNotice? {
        try write("cannot take a notice from the outbox") { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    UPDATE notification SET attempts = attempts + 1, lease_until = :until
                    WHERE id = (SELECT id FROM (\(Self.due)) WHERE receiver = :receiver) RETURNING *
                    """,
                arguments: [
                    "now": now.timeIntervalSince1970, "receiver": receiver,
                    "until": now.timeIntervalSince1970 + seconds,
                ]
            )
            guard let row else { return nil }
            if let notice = try Self.ifReadable({ try StoredNotice(row) }) { return notice }
            // It would hold back all behind it for ever.
            try Self.end(
                try row.value("id"), "failed", reason: "what is stored of it was not written by macha", at: now, db)
            return nil
        }
    }

    /// The receiver has it.
    package func finishNotice(_ id: Int64, at now: Date) throws(StoreError) {
        try end(id, "sent", reason: "", at: now)
    }

    /// It did not arrive: tried again later, or given up when that is hopeless or was tried often enough. Returns when it is
    /// tried again; `nil` when it is not. `wait` is what the receiver asked for, in seconds.
    @discardableResult
    package func failNotice(
        _ id: Int64, because reason: String, isPermanent: Bool, wait: Double?, retry: NoticeRetry, at now: Date
    ) throws(StoreError) -> Date? {
        try write("cannot put a notice back into the outbox") { db in
            let attempts =
                try Int.fetchOne(db, sql: "SELECT attempts FROM notification WHERE id = ?", arguments: [id]) ?? 0
            guard !isPermanent, attempts < retry.most else {
                try Self.end(id, "failed", reason: reason, at: now, db)
                return nil
            }
            let next = now.addingTimeInterval(min(max(retry.wait(after: attempts), wait ?? 0), 86_400))
            try db.execute(
                sql:
                    "UPDATE notification SET due_at = ?, lease_until = NULL, reason = ? WHERE id = ? AND state = 'waiting'",
                arguments: [next.timeIntervalSince1970, reason, id])
            return next
        }
    }

    /// Gives up what waits for receivers that the configuration no longer has.
    package func dropNotices(besides receivers: [String], at now: Date) throws(StoreError) {
        try write("cannot clear the outbox") { db in
            try db.execute(
                sql: """
                    UPDATE notification SET state = 'failed', ended_at = ?, lease_until = NULL,
                        reason = 'the configuration no longer has this receiver'
                    WHERE state = 'waiting' AND receiver NOT IN (SELECT value FROM json_each(?))
                    """,
                arguments: [now.timeIntervalSince1970, try StoredJSON.text(of: receivers)])
        }
    }

    /// A receiver that has not taken anything for a while.
    package struct ReceiverTrouble: Hashable, Sendable {
        package var receiver: String
        package var since: Date
        package var reason: String

        package init(receiver: String, since: Date, reason: String) {
            self.receiver = receiver
            self.since = since
            self.reason = reason
        }
    }

    /// Receivers whose oldest waiting notice failed before `time`, or whose newest one was given up after the last that
    /// arrived.
    package func receiversInTrouble(before time: Date) throws(StoreError) -> [ReceiverTrouble] {
        try read("cannot read the outbox") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT receiver, min(created_at) AS since, max(reason) AS reason FROM notification AS failed
                    WHERE reason <> '' AND (state = 'failed' OR state = 'waiting' AND created_at <= ?)
                        AND NOT EXISTS (
                            SELECT 1 FROM notification AS later WHERE later.receiver = failed.receiver
                                AND later.state = 'sent' AND later.ended_at > failed.created_at)
                    GROUP BY receiver ORDER BY receiver
                    """, arguments: [time.timeIntervalSince1970]
            ).map {
                ReceiverTrouble(
                    receiver: try $0.value("receiver"), since: try $0.time("since"), reason: try $0.value("reason"))
            }
        }
    }

    private func end(_ id: Int64, _ state: String, reason: String, at now: Date) throws(StoreError) {
        try write("cannot note how a notice ended") { try Self.end(id, state, reason: reason, at: now, $0) }
    }

    private static func end(_ id: Int64, _ state: String, reason: String, at now: Date, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE notification SET state = ?, ended_at = ?, lease_until = NULL, reason = ?
                WHERE id = ? AND state = 'waiting'
                """, arguments: [state, now.timeIntervalSince1970, reason, id])
    }

    /// The oldest waiting notice of each receiver, where it may be sent at `:now`. A lease from the future, of a clock that
    /// was set back by more than any lease lasts, holds nothing.
    private static let due = """
        SELECT * FROM notification WHERE id IN (SELECT min(id) FROM notification WHERE state = 'waiting' GROUP BY receiver)
            AND (due_at <= :now OR due_at > :now + 86400)
            AND (lease_until IS NULL OR lease_until <= :now OR lease_until > :now + 86400)
        """
}

extension StoredNotice {
    init(_ row: Row) throws {
        id = try row.value("id")
        receiver = try row.value("receiver")
        guard let occasion = PlannedNotice.Occasion(rawValue: try row.value("occasion")),
            let state = State(rawValue: try row.value("state"))
        else { throw StoredValueError(column: "notification \(id)") }
        self.occasion = occasion
        self.state = state
        message = try StoredJSON.value(NoticeMessage.self, from: try row.value("message"))
        alerts = try StoredJSON.value([String].self, from: try row.value("alerts"))
        createdAt = try row.time("created_at")
        attempts = try row.value("attempts")
        dueAt = try row.time("due_at")
        endedAt = try row.time(ifAny: "ended_at")
        reason = try row.value("reason")
    }
}

extension StoredHeldNotice {
    init(_ row: Row) throws {
        receiver = try row.value("receiver")
        alert = try row.value("alert")
        guard let reason = HeldNotice.Reason(rawValue: try row.value("reason")) else {
            throw StoredValueError(column: "notification_held.reason")
        }
        self.reason = reason
        host = try row.value("host")
        summary = try row.value("summary")
        words = try row.value("words")
        firstAt = try row.time("first_at")
        lastAt = try row.time("last_at")
        times = try row.value("times")
    }
}
