// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
import MachaModel
package import MachaProbes
package import struct Foundation.Date

extension Store {
    /// What was known of the snapshot's host before it was taken, for the rules that need more than one observation.
    ///
    /// It does not matter whether the snapshot itself has been recorded since.
    package func history(for snapshot: Snapshot) throws(StoreError) -> HostHistory {
        try read("cannot read the history of \(snapshot.host)") { db in
            var history = HostHistory()
            history.open = Set(
                try String.fetchAll(
                    try db.cachedStatement(
                        sql: "SELECT fingerprint FROM issue WHERE host = ? AND resolved_at IS NULL"),
                    arguments: [snapshot.host]
                ).map { Fingerprint(stored: $0) })
            history.machines = try Self.knownMachines(for: snapshot, db)
            guard let reading = try MetricReading(snapshot.host, db) else { return history }
            let now = Int(snapshot.takenAt.timeIntervalSince1970.rounded(.down))
            let today = min(reading.host.foldedUntil, now)
            let looks = try reading.looks(from: min(today, now - HostHistory.recentSpan), to: now)
            for key in reading.series.keys {
                let late = looks[key] ?? []
                let folded = try reading.hours(key, from: now - HostHistory.hourlySpan, to: today)
                history.hourly[key] = folded + MetricReading.hours(of: late.filter { $0.at >= today })
                history.recent[key] = late.filter { $0.at >= now - HostHistory.recentSpan }
            }
            history.marks = reading.host.marks
            history.watchedSince = Date(timeIntervalSince1970: Double(reading.host.watchedSince))
            history.errorKinds = try ErrorKinds.firstSeen(ErrorKinds.of(snapshot), on: reading.host.id, db)
            history.forgetOtherMachine()
            return history
        }
    }

    /// When each host was first observed, as far as its figures are kept; in whole seconds, rounded down.
    package func watchedSince() throws(StoreError) -> [String: Date] {
        try read("cannot read since when hosts are watched") { db in
            var times: [String: Date] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT host, watched_since FROM metric_host") {
                let time = try Self.ifReadable { try row.seconds("watched_since") }
                guard let time else { continue }
                times[try row.value("host")] = Date(timeIntervalSince1970: Double(time))
            }
            return times
        }
    }

    /// A figure of a host over time, for a sparkline: exactly `buckets` equal spans from `since` to before `until`, `nil`
    /// where there was no check.
    ///
    /// The last 48 hours come from every single look. Of older days, spans of two hours and more are made of hours with
    /// their extremes, shorter ones of means of 5 minutes for up to 30 days.
    package func history(
        host: String, metric: Metric, subject: String = "", since: Date, until: Date, buckets: Int
    ) throws(StoreError) -> [MetricBucket?] {
        let key = SeriesKey(metric, subject)
        return try history(host: host, [key], since: since, until: until, buckets: buckets)[key] ?? []
    }

    /// Several figures of one host at once; the same as one by one, in one read.
    package func history(
        host: String, _ keys: [SeriesKey], since: Date, until: Date, buckets: Int
    ) throws(StoreError) -> [SeriesKey: [MetricBucket?]] {
        let spans = BucketSpans(
            from: Int(since.timeIntervalSince1970.rounded(.down)), to: Int(until.timeIntervalSince1970.rounded(.up)),
            count: max(1, buckets))
        return try read("cannot read the figures of \(host)") { db in
            let reading = try MetricReading(host, db)
            // Looks cover all series, so they are read once; days are read series by series.
            let kept = reading.map { $0.host.foldedUntil - MetricFold.lookSpan } ?? spans.from
            let looksFrom = min(max(spans.from, kept), max(spans.from, spans.to))
            let looks = try reading?.looks(from: looksFrom, to: spans.to) ?? [:]
            var histories: [SeriesKey: [MetricBucket?]] = [:]
            for key in keys {
                var parts: [MetricBucket] = []
                if let reading, spans.from < looksFrom {
                    parts =
                        spans.length >= 2 * MetricFold.coarse
                        ? try reading.hours(key, from: spans.from, to: looksFrom)
                        : try reading.means(key, from: spans.from, to: looksFrom).map { MetricBucket($0) }
                }
                histories[key] = spans.gather(parts + (looks[key] ?? []).map { MetricBucket($0) })
            }
            return histories
        }
    }

    /// What is remembered of a host, by metric and subject.
    package func series(of host: String) throws(StoreError) -> [SeriesKey] {
        try read("cannot read the figures of \(host)") { db in
            try MetricReading(host, db)?.series.keys
                .sorted { ($0.metric.rawValue, $0.subject) < ($1.metric.rawValue, $1.subject) } ?? []
        }
    }

    /// Records that `host` will be rebooted about then, so that the boot is no surprise: it counts from five minutes
    /// before `time` to an hour after it, and for the next boot only.
    package func expectReboot(of host: String, at time: Date) throws(StoreError) {
        try write("cannot record the reboot of \(host)") { db in
            let known =
                try MetricHost(host, db)
                ?? MetricHost.create(host, at: Int(time.timeIntervalSince1970), db)
            var marks = known.marks
            marks.plannedReboot = time
            try known.keep(marks, db)
        }
    }
}

/// A span of time in equal parts.
private struct BucketSpans {
    let from: Int
    let to: Int
    let count: Int

    /// Seconds of one part, rounded up.
    var length: Int { max(1, (max(0, to - from) + count - 1) / count) }

    /// One bucket a part out of finer ones, by when each began.
    func gather(_ parts: [MetricBucket]) -> [MetricBucket?] {
        var gathered = [[MetricBucket]](repeating: [], count: count)
        for part in parts where (from..<max(from, to)).contains(part.start) {
            gathered[min(count - 1, (part.start - from) / length)].append(part)
        }
        return gathered.enumerated().map { index, parts in
            guard let least = parts.map(\.min).min(), let most = parts.map(\.max).max() else { return nil }
            let mean = parts.map(\.mean).reduce(0, +) / Double(parts.count)
            return MetricBucket(start: from + index * length, min: least, mean: mean, max: most)
        }
    }
}

extension MetricBucket {
    fileprivate init(_ sample: MetricSample) {
        self.init(start: sample.at, min: sample.value, mean: sample.value, max: sample.value)
    }
}
