// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import struct Foundation.Data
import struct Foundation.Date

/// Looks into days, and days into the past: every value for 48 hours, means of 5 minutes for 30 days, minimum, mean and
/// maximum of each hour for a year.
///
/// It runs when the first look of a new day is recorded and costs what that one host's day holds. Folding a day again
/// gives the same rows, so it may be cut off and begun again at any point.
enum MetricFold {
    static let fine = 300
    static let coarse = 3600
    static let lookSpan = 48 * 3600
    static let fineSpan = 30 * 86_400
    static let coarseSpan = 365 * 86_400

    /// Folds all whole days before `day` that are not folded yet, and forgets what is too old then.
    static func fold(_ host: MetricHost, until day: Int, _ db: Database) throws {
        let steps = Dictionary(
            try host.series(db).map { ($0.value, $0.key.metric.step) }, uniquingKeysWith: { first, _ in first })
        for start in try days(of: host, before: day, db) {
            for (id, samples) in try looks(of: host.id, from: start, to: start + 86_400, db) where steps[id] != nil {
                try insert(id, fine, start, MetricPacking.pack(day: [means(samples, from: start)]), db)
                try insert(id, coarse, start, MetricPacking.pack(day: hours(samples, from: start)), db)
            }
        }
        try db.cachedStatement(sql: "UPDATE metric_host SET folded_until = ? WHERE id = ?")
            .execute(arguments: [day, host.id])
        try prune(host.id, now: day, db)
    }

    /// Forgets what is older than its span, and series and error kinds of which nothing is left. Everything before `now`
    /// has been folded.
    private static func prune(_ host: Int64, now: Int, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM metric_look WHERE host_id = ? AND at < ?", arguments: [host, now - lookSpan])
        for (step, span) in [(fine, fineSpan), (coarse, coarseSpan)] {
            try db.execute(
                sql: """
                    DELETE FROM metric_day WHERE step = ? AND day < ?
                    AND series_id IN (SELECT id FROM metric_series WHERE host_id = ?)
                    """, arguments: [step, MetricHost.day(of: now - span), host])
        }
        try db.execute(
            sql: """
                DELETE FROM metric_series WHERE host_id = ?
                AND NOT EXISTS (SELECT 1 FROM metric_day WHERE series_id = metric_series.id)
                """, arguments: [host])
        try ErrorKinds.prune(host, now: now, db)
    }

    /// The values of every series in a span of time, oldest first.
    static func looks(of host: Int64, from: Int, to: Int, _ db: Database) throws -> [Int64: [(at: Int, value: Int64)]] {
        let statement = try db.cachedStatement(
            sql: "SELECT at, body FROM metric_look WHERE host_id = ? AND at >= ? AND at < ? ORDER BY at")
        var samples: [Int64: [(at: Int, value: Int64)]] = [:]
        let rows = try Row.fetchCursor(statement, arguments: [host, from, to])
        while let row = try rows.next() {
            let at = try row.seconds("at")
            for (id, value) in try MetricPacking.look(try row.value("body")) {
                samples[id, default: []].append((at, value))
            }
        }
        return samples
    }

    private static func days(of host: MetricHost, before day: Int, _ db: Database) throws -> [Int] {
        let days = try Int.fetchAll(
            db, sql: "SELECT DISTINCT at - at % 86400 FROM metric_look WHERE host_id = ? AND at >= ? AND at < ?",
            arguments: [host.id, host.foldedUntil, day])
        return days.sorted()
    }

    private static func insert(_ series: Int64, _ step: Int, _ day: Int, _ body: Data, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO metric_day (series_id, step, day, body) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [series, step, day, body])
    }

    private static func means(_ samples: [(at: Int, value: Int64)], from start: Int) -> [Int64?] {
        slots(samples, from: start, step: fine).map { $0.isEmpty ? nil : mean($0) }
    }

    /// Mean, and how far minimum and maximum lie from it.
    private static func hours(_ samples: [(at: Int, value: Int64)], from start: Int) -> [[Int64?]] {
        let slots = slots(samples, from: start, step: coarse)
        let means = slots.map { $0.isEmpty ? nil : mean($0) }
        let below = zip(slots, means).map { slot, mean in mean.map { $0 - (slot.min() ?? $0) } }
        let above = zip(slots, means).map { slot, mean in mean.map { (slot.max() ?? $0) - $0 } }
        return [means, below, above]
    }

    private static func slots(_ samples: [(at: Int, value: Int64)], from start: Int, step: Int) -> [[Int64]] {
        var slots = [[Int64]](repeating: [], count: 86_400 / step)
        for sample in samples { slots[(sample.at - start) / step].append(sample.value) }
        return slots
    }

    private static func mean(_ values: [Int64]) -> Int64 {
        Int64((values.reduce(0.0) { $0 + Double($1) } / Double(values.count)).rounded())
    }
}
