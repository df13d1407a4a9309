// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension Store {
    /// More than a year of weekly and two months of daily reports to compare with.
    private static let keptReports = 120
    /// Seconds: a time of a schedule that is further ahead was written by a clock that was wrong, and counts as nothing.
    private static let ahead = 86_400.0

    /// The newest report of this kind; `nil` when there is none, or none that can be read.
    package func lastReport(_ kind: ReportKind, at now: Date) throws(StoreError) -> StoredReport? {
        try read("cannot read the reports") { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM report WHERE kind = ? AND due_at <= ? ORDER BY due_at DESC LIMIT 1",
                arguments: [kind.rawValue, now.timeIntervalSince1970 + Self.ahead]
            ).flatMap { row in try Self.ifReadable { try StoredReport(row) } }
        }
    }

    /// How the hosts were at `time` or before, by the newest report that says so; `nil` when none is kept.
    package func reportMark(at time: Date) throws(StoreError) -> StoredReport? {
        try read("cannot read the reports") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM report WHERE made_at <= ? ORDER BY made_at DESC LIMIT 5",
                arguments: [time.timeIntervalSince1970]
            ).lazy.compactMap { row in try? StoredReport(row) }.first
        }
    }

    /// Records that `report` was made and puts its notices into the outbox, in one transaction: a process that is killed has
    /// done both or neither. Returns `false`, and does nothing, when another process was first.
    package func keep(_ report: StoredReport, notices: [PlannedNotice]) throws(StoreError) -> Bool {
        try write("cannot record the report") { db in
            try db.execute(
                sql: "INSERT INTO report (kind, due_at, made_at, mark) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [
                    report.kind.rawValue, report.dueAt.timeIntervalSince1970, report.madeAt.timeIntervalSince1970,
                    try StoredJSON.text(of: report.mark),
                ])
            guard db.changesCount == 1 else { return false }
            for notice in notices { try Self.enqueue(notice, at: report.madeAt, db) }
            try db.execute(
                sql: "DELETE FROM report WHERE id NOT IN (SELECT id FROM report ORDER BY id DESC LIMIT ?)",
                arguments: [Self.keptReports])
            return true
        }
    }
}

extension StoredReport {
    fileprivate init(_ row: Row) throws {
        guard let kind = ReportKind(rawValue: try row.value("kind")) else {
            throw StoredValueError(column: "report.kind")
        }
        self.init(
            kind: kind, dueAt: try row.time("due_at"), madeAt: try row.time("made_at"),
            mark: try StoredJSON.value(ReportMark.self, from: try row.value("mark")))
    }
}
