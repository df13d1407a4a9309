// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import struct Foundation.Data

/// Figures read back from samples and days, inside one view of the database.
struct MetricReading {
    let host: MetricHost
    let series: [SeriesKey: Int64]
    let db: Database

    init?(_ name: String, _ db: Database) throws {
        guard let host = try MetricHost(name, db) else { return nil }
        self.host = host
        self.db = db
        series = try host.series(db)
    }

    /// Every value from `from` to before `to` of all series, oldest first.
    func looks(from: Int, to: Int) throws -> [SeriesKey: [MetricSample]] {
        let raw = try MetricFold.looks(of: host.id, from: from, to: to, db)
        var samples: [SeriesKey: [MetricSample]] = [:]
        for (key, id) in series {
            samples[key] = raw[id]?.map { MetricSample($0.at, Double($0.value) * key.metric.step) }
        }
        return samples
    }

    /// The folded hours of a series in `[from, to)`, oldest first.
    func hours(_ key: SeriesKey, from: Int, to: Int) throws -> [MetricBucket] {
        let step = key.metric.step
        return try days(key, MetricFold.coarse, from, to).flatMap { day, body in
            let columns = try MetricPacking.day(body, count: 3, length: 24)
            return (0..<24).compactMap { hour -> MetricBucket? in
                let start = day + hour * MetricFold.coarse
                guard (from..<to).contains(start), let mean = columns[0][hour], let below = columns[1][hour],
                    let above = columns[2][hour]
                else { return nil }
                return MetricBucket(
                    start: start, min: Double(mean - below) * step, mean: Double(mean) * step,
                    max: Double(mean + above) * step)
            }
        }
    }

    /// The folded means of 5 minutes of a series in `[from, to)`, oldest first.
    func means(_ key: SeriesKey, from: Int, to: Int) throws -> [MetricSample] {
        try days(key, MetricFold.fine, from, to).flatMap { day, body in
            let column = try MetricPacking.day(body, count: 1, length: 288)[0]
            return column.enumerated().compactMap { slot, value -> MetricSample? in
                let at = day + slot * MetricFold.fine
                guard let value, (from..<to).contains(at) else { return nil }
                return MetricSample(at, Double(value) * key.metric.step)
            }
        }
    }

    /// `samples` hour by hour.
    static func hours(of samples: [MetricSample]) -> [MetricBucket] {
        var hours: [MetricBucket] = []
        var rest = samples[...]
        while let first = rest.first {
            let start = first.at - first.at % MetricFold.coarse
            let hour = rest.prefix { $0.at < start + MetricFold.coarse }
            if let bucket = MetricBucket(start: start, hour.map(\.value)) { hours.append(bucket) }
            rest = rest.dropFirst(hour.count)
        }
        return hours
    }

    private func days(_ key: SeriesKey, _ step: Int, _ from: Int, _ to: Int) throws -> [(Int, Data)] {
        guard let id = series[key] else { return [] }
        let statement = try db.cachedStatement(
            sql:
                "SELECT day, body FROM metric_day WHERE series_id = ? AND step = ? AND day >= ? AND day < ? ORDER BY day"
        )
        return try Row.fetchAll(statement, arguments: [id, step, MetricHost.day(of: from), to])
            .map { (try $0.seconds("day"), try $0.value("body")) }
    }
}
