// SPDX-License-Identifier: MIT

/// A straight line through points that a few wild ones do not bend, after Theil and Sen: the median of the slopes of all
/// pairs, and the span that holds the true slope with 99 % certainty (Sen 1968, by Kendall's rank statistic).
struct RobustTrend: Hashable {
    /// Per unit of time.
    let slope: Double
    let lowest: Double
    let highest: Double
    /// What the line says at the time of the last point, by the last quarter of the points.
    let level: Double
    /// Median distance of the points from the line.
    let noise: Double

    /// More points than this are thinned out: pairs grow with the square.
    static let limit = 48

    /// `nil` for fewer than four points, or when they have one time. Times ascend.
    init?(_ points: [(time: Double, value: Double)]) {
        let points = Self.thinned(points)
        guard points.count >= 4, let first = points.first, let last = points.last, last.time > first.time else {
            return nil
        }
        var slopes: [Double] = []
        slopes.reserveCapacity(points.count * (points.count - 1) / 2)
        for (index, early) in points.enumerated() {
            for late in points[(index + 1)...] where late.time > early.time {
                slopes.append((late.value - early.value) / (late.time - early.time))
            }
        }
        slopes.sort()
        let count = Double(points.count)
        let spread = 2.576 * (count * (count - 1) * (2 * count + 5) / 18).squareRoot()
        let middle = Double(slopes.count)
        let slope = Self.median(sorted: slopes)
        self.slope = slope
        lowest = slopes[max(0, Int((middle - spread) / 2))]
        highest = slopes[min(slopes.count - 1, Int(((middle + spread) / 2).rounded(.up)))]
        let offsets = points.map { $0.value - slope * ($0.time - last.time) }
        let level = Self.median(offsets.suffix(max(3, points.count / 4)))
        self.level = level
        let center = Self.median(offsets)
        noise = Self.median(offsets.map { abs($0 - center) })
    }

    /// At most ``limit`` points, each the median of its neighbours, the last ones among them.
    static func thinned(_ points: [(time: Double, value: Double)]) -> [(time: Double, value: Double)] {
        guard points.count > limit else { return points }
        return (0..<limit).map { index in
            let part = points[(index * points.count / limit)..<((index + 1) * points.count / limit)]
            let time = part.reduce(0) { $0 + $1.time } / Double(part.count)
            return (time, median(part.map(\.value)))
        }
    }

    /// 0 of nothing.
    static func median(_ values: some Sequence<Double>) -> Double { median(sorted: values.sorted()) }

    private static func median(sorted values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let half = values.count / 2
        return values.count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2
    }
}
