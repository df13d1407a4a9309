// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import MachaProbes
import struct Foundation.Data
import struct Foundation.Date

/// A host as the metric tables know it, inside one transaction.
struct MetricHost {
    let id: Int64
    let watchedSince: Int
    /// Looks before this are folded into days; a multiple of 86,400.
    let foldedUntil: Int
    let marks: HostTimeline

    init?(_ host: String, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT * FROM metric_host WHERE host = ?")
        guard let row = try Row.fetchOne(statement, arguments: [host]) else { return nil }
        id = try row.value("id")
        watchedSince = try row.seconds("watched_since")
        foldedUntil = try row.seconds("folded_until")
        marks = try StoredJSON.value(HostTimeline.self, from: try row.value("marks"))
    }

    static func day(of time: Int) -> Int { time - (time % 86_400 + 86_400) % 86_400 }

    /// Stores the figures, the marks and the error kinds of an observation.
    ///
    /// A sample that arrives after its day was folded is left out. When samples jump back by more than two days, the
    /// controller's clock was wrong before: what lies in its future is forgotten, or nothing would count until then.
    ///
    /// With `isReplaced` another machine has the name now: the marks of the one before are not its own.
    static func record(_ snapshot: Snapshot, isReplaced: Bool, _ db: Database) throws {
        let at = Int(snapshot.takenAt.timeIntervalSince1970.rounded(.down))
        var host = try MetricHost(snapshot.host, db) ?? create(snapshot.host, at: at, db)
        if at < host.foldedUntil - 2 * 86_400 {
            host = try host.forget(from: at, named: snapshot.host, db)
        }
        guard at >= host.foldedUntil else { return }
        if day(of: at) > host.foldedUntil { try MetricFold.fold(host, until: day(of: at), db) }
        let former = isReplaced ? HostTimeline() : host.marks
        try host.insert(MetricValues.values(of: snapshot, after: former), at: at, db)
        let marks = former.after(snapshot)
        if marks != host.marks { try host.keep(marks, db) }
        try ErrorKinds.record(snapshot, of: host.id, at: at, db)
    }

    /// The series that exist, by what they measure.
    func series(_ db: Database) throws -> [SeriesKey: Int64] {
        let statement = try db.cachedStatement(sql: "SELECT id, metric, subject FROM metric_series WHERE host_id = ?")
        var series: [SeriesKey: Int64] = [:]
        for row in try Row.fetchAll(statement, arguments: [id]) {
            // A figure that another version of this program kept is left alone.
            guard let metric = Metric(rawValue: try row.value("metric")) else { continue }
            series[SeriesKey(metric, try row.value("subject"))] = try row.value("id")
        }
        return series
    }

    func keep(_ marks: HostTimeline, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE metric_host SET marks = ? WHERE id = ?")
            .execute(arguments: [try StoredJSON.text(of: marks), id])
    }

    static func create(_ host: String, at: Int, _ db: Database) throws -> MetricHost {
        try db.execute(
            sql: "INSERT INTO metric_host (host, watched_since, folded_until, marks) VALUES (?, ?, ?, ?)",
            arguments: [host, at, day(of: at), try StoredJSON.text(of: HostTimeline())])
        guard let made = try MetricHost(host, db) else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return made
    }

    private func forget(from time: Int, named name: String, _ db: Database) throws -> MetricHost {
        let day = Self.day(of: time)
        try db.execute(sql: "DELETE FROM metric_look WHERE host_id = ? AND at >= ?", arguments: [id, day])
        try db.execute(
            sql: """
                DELETE FROM metric_day WHERE day >= ?
                AND series_id IN (SELECT id FROM metric_series WHERE host_id = ?)
                """, arguments: [day, id])
        try db.execute(
            sql:
                "UPDATE metric_host SET folded_until = ?, watched_since = min(watched_since, ?), marks = ? WHERE id = ?",
            arguments: [day, time, try StoredJSON.text(of: HostTimeline()), id])
        guard let changed = try MetricHost(name, db) else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return changed
    }

    private func insert(_ values: [SeriesKey: Double], at: Int, _ db: Database) throws {
        var known = try series(db)
        for key in values.keys where known[key] == nil {
            try db.cachedStatement(sql: "INSERT INTO metric_series (host_id, metric, subject) VALUES (?, ?, ?)")
                .execute(arguments: [id, key.metric.rawValue, key.subject])
            known[key] = db.lastInsertedRowID
        }
        let packed = values.compactMap { key, value in
            // 2^53 steps are exact and more than any figure has; beyond is not a figure.
            known[key].flatMap { id in
                let steps = (value / key.metric.step).rounded()
                return abs(steps) < 0x1p53 ? (id: id, value: Int64(steps)) : nil
            }
        }
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO metric_look (host_id, at, body) VALUES (?, ?, ?)")
            .execute(arguments: [id, at, MetricPacking.pack(look: packed)])
    }
}

/// Which kinds of error each host has shown, at most ``limit`` of it.
enum ErrorKinds {
    static let limit = 2000
    private static let forgetAfter = 90 * 86_400

    static func of(_ snapshot: Snapshot) -> Set<Int64> {
        let entries = snapshot[JournalProbe.self].value?.entries ?? []
        return Set(entries.lazy.filter { $0.priority <= 3 }.map { ErrorKind($0).id })
    }

    static func record(_ snapshot: Snapshot, of host: Int64, at: Int, _ db: Database) throws {
        let kinds = of(snapshot)
        guard !kinds.isEmpty else { return }
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO error_kind (host_id, kind, first_seen, last_seen) VALUES (:host, :kind, :at, :at)
                ON CONFLICT (host_id, kind) DO UPDATE SET
                    last_seen = max(last_seen, :at), first_seen = min(first_seen, :at)
                """)
        for kind in kinds { try insert.execute(arguments: ["host": host, "kind": kind, "at": at]) }
    }

    /// Forgets what was not seen for long, and the oldest beyond the limit.
    static func prune(_ host: Int64, now: Int, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM error_kind WHERE host_id = ? AND last_seen < ?", arguments: [host, now - forgetAfter])
        try db.execute(
            sql: """
                DELETE FROM error_kind WHERE host_id = :host AND kind IN (
                    SELECT kind FROM error_kind WHERE host_id = :host ORDER BY last_seen DESC LIMIT -1 OFFSET :limit)
                """, arguments: ["host": host, "limit": limit])
    }

    static func firstSeen(_ kinds: Set<Int64>, on host: Int64, _ db: Database) throws -> [Int64: Date] {
        let statement = try db.cachedStatement(
            sql: "SELECT first_seen FROM error_kind WHERE host_id = ? AND kind = ?")
        var seen: [Int64: Date] = [:]
        for kind in kinds {
            let time = try Int.fetchOne(statement, arguments: [host, kind])
            seen[kind] = time.map { Date(timeIntervalSince1970: Double($0)) }
        }
        return seen
    }
}
