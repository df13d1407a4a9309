// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

/// How one figure of a host went over time, for a small picture of it.
package struct Trend: Sendable, Encodable, Hashable {
    /// What the values count.
    package enum Unit: String, Sendable, Encodable {
        /// 0…1 of a whole.
        case share
        /// A bare number, as the load average is.
        case number
    }

    /// What a figure was during a span of time. A span in which nothing was known has no point.
    package struct Point: Sendable, Encodable, Hashable {
        /// When the span began.
        package var time: Date
        /// The mean.
        package var value: Double
        /// The lowest and the highest of the span.
        package var low: Double
        package var high: Double

        package init(time: Date, value: Double, low: Double, high: Double) {
            self.time = time
            self.value = value
            self.low = low
            self.high = high
        }
    }

    /// As in `load`, `memory`, `disk /srv`.
    package var name: UntrustedText
    package var unit: Unit
    /// Oldest first.
    package var points: [Point]

    package init(_ name: String, _ unit: Unit, _ points: [Point]) {
        self.name = UntrustedText(name)
        self.unit = unit
        self.points = points.filter { $0.value.isFinite }.sorted { $0.time < $1.time }
    }

    /// The stretches without a hole. A look that is missing, because the host was off or silent, is shown as a hole and
    /// not bridged: between two points further apart than three times the usual distance nothing is known.
    package var stretches: [[Point]] {
        let distances = zip(points, points.dropFirst()).map { $1.time.timeIntervalSince($0.time) }.sorted()
        guard let usual = distances.isEmpty ? nil : distances[distances.count / 2] else {
            return points.isEmpty ? [] : [points]
        }
        return points.reduce(into: []) { stretches, point in
            if let last = stretches.last?.last, point.time.timeIntervalSince(last.time) <= 3 * usual {
                stretches[stretches.count - 1].append(point)
            } else {
                stretches.append([point])
            }
        }
    }
}

/// What is known of a host's figures over time: the one door through which history reaches a report.
package struct FigureHistory: Sendable {
    package var trends: [Trend]
    /// Seconds until the fullest file system is full, if it goes on growing as it did; `nil` when it does not grow or too
    /// little is known.
    package var diskUntilFull: Double?

    package static let none = FigureHistory(trends: [], diskUntilFull: nil)

    package init(trends: [Trend], diskUntilFull: Double?) {
        self.trends = trends
        self.diskUntilFull = diskUntilFull
    }

    /// The figures that are drawn; `mount` names the file system whose filling is shown.
    package static func keys(mount: String) -> [SeriesKey] {
        [SeriesKey(.load), SeriesKey(.memory), SeriesKey(.diskUsed, mount), SeriesKey(.diskSize, mount)]
    }

    /// From buckets of ``keys(mount:)``, `nil` where there was no check. A figure that was known once makes no trend.
    package init(_ buckets: [SeriesKey: [MetricBucket?]], mount: String, outlook: FillOutcome) {
        func trend(_ name: String, _ unit: Trend.Unit, _ buckets: [MetricBucket]) -> Trend? {
            buckets.count > 1 ? Trend(name, unit, buckets.map { Trend.Point($0) }) : nil
        }
        func known(_ key: SeriesKey) -> [MetricBucket] { (buckets[key] ?? []).compactMap { $0 } }
        let sizes = Dictionary(
            known(SeriesKey(.diskSize, mount)).map { ($0.start, $0.mean) }, uniquingKeysWith: { first, _ in first })
        let disk = known(SeriesKey(.diskUsed, mount)).compactMap { used in
            sizes[used.start].flatMap { $0 > 0 ? used.divided(by: $0) : nil }
        }
        trends = [
            trend("load", .number, known(SeriesKey(.load))), trend("memory", .share, known(SeriesKey(.memory))),
            trend("disk \(mount)", .share, disk),
        ].compactMap { $0 }
        diskUntilFull = outlook.forecast?.seconds
    }
}

extension Trend.Point {
    fileprivate init(_ bucket: MetricBucket) {
        self.init(
            time: Date(timeIntervalSince1970: Double(bucket.start)), value: bucket.mean, low: bucket.min,
            high: bucket.max)
    }
}

extension MetricBucket {
    fileprivate func divided(by whole: Double) -> MetricBucket {
        MetricBucket(start: start, min: min / whole, mean: mean / whole, max: Swift.min(1, max / whole))
    }
}
