// SPDX-License-Identifier: MIT
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

    /// One value that was known. A time at which nothing was known has no point.
    package struct Point: Sendable, Encodable, Hashable {
        package var time: Date
        package var value: Double

        package init(time: Date, value: Double) {
            self.time = time
            self.value = value
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

/// The figures of one look that are drawn as trends; `nil` is unknown.
package struct FigurePoint: Sendable, Hashable {
    package var time: Date
    /// One-minute load average.
    package var load: Double?
    /// 0…1.
    package var memoryUsed: Double?
    /// 0…1, of the file system the history was asked for.
    package var diskUsed: Double?

    package init(time: Date, load: Double? = nil, memoryUsed: Double? = nil, diskUsed: Double? = nil) {
        self.time = time
        self.load = load
        self.memoryUsed = memoryUsed
        self.diskUsed = diskUsed
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

    /// From looks in any order; `mount` names the file system that `diskUsed` speaks of.
    package init(_ points: [FigurePoint], mount: String) {
        func trend(_ name: String, _ unit: Trend.Unit, _ figure: (FigurePoint) -> Double?) -> Trend? {
            let known = points.compactMap { point in figure(point).map { Trend.Point(time: point.time, value: $0) } }
            return known.count > 1 ? Trend(name, unit, known) : nil
        }
        let disk = trend("disk \(mount)", .share) { $0.diskUsed }
        trends = [trend("load", .number) { $0.load }, trend("memory", .share) { $0.memoryUsed }, disk].compactMap { $0 }
        diskUntilFull = disk.flatMap { Self.untilFull($0.points) }
    }

    /// By the median of the slopes between all pairs of points (Theil and Sen), which a clean-up or a burst does not
    /// bend. Says nothing of less than eight looks or six hours, of what hardly grows, or beyond 90 days.
    private static func untilFull(_ points: [Trend.Point]) -> Double? {
        guard points.count >= 8, let first = points.first, let last = points.last,
            last.time.timeIntervalSince(first.time) >= 6 * 3600
        else { return nil }
        let slopes = points.indices.flatMap { left in
            points[(left + 1)...].compactMap { right -> Double? in
                let span = right.time.timeIntervalSince(points[left].time)
                return span > 0 ? (right.value - points[left].value) / span : nil
            }
        }.sorted()
        // Three quarters of all pairs must show growth: a disk that breathes does not fill.
        guard slopes.count >= 8, slopes[slopes.count / 4] > 0 else { return nil }
        let seconds = (1 - last.value) / slopes[slopes.count / 2]
        return seconds.isFinite && seconds < 90 * 86_400 ? max(0, seconds) : nil
    }
}
