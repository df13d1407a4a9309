// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaFindings
package import MachaModel
package import struct Foundation.Date

/// What happened between two times, for reports.
extension Store {
    /// Runs that ended in the span, oldest first, without those that never began. One that cannot be read is left out, for
    /// `audit verify` to name.
    package func runs(endedAfter start: Date, until end: Date) throws(StoreError) -> [StoredRun] {
        try read("cannot read the runs") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM run WHERE ended_at > ? AND ended_at <= ?
                        AND state IN ('verified', 'failed', 'rolled-back', 'interrupted') ORDER BY ended_at, id
                    """, arguments: [start.timeIntervalSince1970, end.timeIntervalSince1970]
            ).compactMap { row in try Self.ifReadable { try StoredRun(row) } }
        }
    }

    /// Approvals that ended in the span without an answer, or approved and not begun.
    package func approvals(expiredAfter start: Date, until end: Date) throws(StoreError) -> [Approval] {
        try read("cannot read the approvals") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM approval WHERE state IN ('waiting', 'granted', 'expired')
                        AND expires_at > ? AND expires_at <= ? ORDER BY id
                    """, arguments: [start.timeIntervalSince1970, end.timeIntervalSince1970]
            ).compactMap { row in try Self.ifReadable { try Self.approval(row) } }
        }
    }

    /// How many problems of `hosts`, warnings and worse, came up and went in the span; each problem counts once.
    package func issueCounts(
        of hosts: [String], after start: Date, until end: Date
    ) throws(StoreError) -> (opened: Int, resolved: Int) {
        try read("cannot count the issues") { db in
            func count(_ kinds: [IssueEvent.Kind]) throws -> Int {
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(DISTINCT issue_id) FROM issue_event JOIN issue ON issue.id = issue_id
                        WHERE at > ? AND at <= ? AND issue_event.severity <> 'info'
                            AND issue_event.kind IN (SELECT value FROM json_each(?))
                            AND host IN (SELECT value FROM json_each(?))
                        """,
                    arguments: [
                        start.timeIntervalSince1970, end.timeIntervalSince1970,
                        try StoredJSON.text(of: kinds.map(\.rawValue)), try StoredJSON.text(of: hosts),
                    ]) ?? 0
            }
            return (try count([.opened, .reopened]), try count([.resolved]))
        }
    }

    /// What models were asked in a span.
    package struct ModelUse: Hashable, Sendable, Encodable {
        package var analyses = 0
        /// Without a usable answer.
        package var failed = 0
        package var cost = AnalysisCost()
        /// Older analyses of a host make room for newer ones: there may have been more.
        package var isAtLeast = false

        package init() {}
    }

    package func modelUse(after start: Date, until end: Date) throws(StoreError) -> ModelUse {
        try read("cannot read the analyses") { db in
            var use = ModelUse()
            var perHost: [String: Int] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT host, body FROM analysis WHERE made_at > ? AND made_at <= ?",
                arguments: [start.timeIntervalSince1970, end.timeIntervalSince1970])
            while let row = try rows.next() {
                perHost[try row.value("host"), default: 0] += 1
                let outcome = try Self.ifReadable {
                    try StoredJSON.value(AnalysisOutcome.self, from: try row.value("body"))
                }
                switch outcome {
                case .usable(let analysis):
                    use.analyses += 1
                    use.cost = use.cost + analysis.cost
                case .unusable, nil: use.failed += 1
                }
            }
            use.isAtLeast = perHost.values.contains { $0 >= Self.keptAnalyses }
            return use
        }
    }

    /// What became of the notices of a span.
    package struct NoticeUse: Hashable, Sendable, Encodable {
        /// A receiver that did not get everything.
        package struct Loss: Hashable, Sendable, Encodable {
            package var receiver: String
            package var count: Int
            /// What went wrong with the newest of them.
            package var reason: String
        }

        /// Without reports.
        package var sent = 0
        /// Given up, or tried and not arrived yet.
        package var lost: [Loss] = []
        /// Problems that were not told, by reason.
        package var held: [String: Int] = [:]

        package init() {}
    }

    package func noticeUse(after start: Date, until end: Date) throws(StoreError) -> NoticeUse {
        try read("cannot read the notices") { db in
            let span: StatementArguments = [start.timeIntervalSince1970, end.timeIntervalSince1970]
            var use = NoticeUse()
            use.sent =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM notification
                        WHERE state = 'sent' AND created_at > ? AND created_at <= ? AND occasion <> 'report'
                        """, arguments: span) ?? 0
            use.lost = try Row.fetchAll(
                db,
                sql: """
                    -- The reason is that of the row with the highest id: sqlite.org/lang_select.html#bareagg
                    SELECT receiver, count(*) AS count, reason, max(id) FROM notification
                    WHERE reason <> '' AND state <> 'sent' AND created_at > ? AND created_at <= ?
                    GROUP BY receiver ORDER BY receiver
                    """, arguments: span
            ).map {
                NoticeUse.Loss(
                    receiver: try $0.value("receiver"), count: try $0.value("count"), reason: try $0.value("reason"))
            }
            for row in try Row.fetchAll(
                db,
                sql: """
                    SELECT reason, count(DISTINCT alert) AS count FROM notification_held
                    WHERE last_at > ? AND last_at <= ? GROUP BY reason
                    """, arguments: span)
            {
                use.held[try row.value("reason")] = try row.value("count")
            }
            return use
        }
    }
}
