// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// Figures that are higher than they ever were at this time of day, on this kind of day, in four weeks.
///
/// Information only: unusual is not wrong. It takes an hour without an exception, and clearly more than the highest of
/// the hours around this one on working days (or on weekends). Times are UTC, so that nothing moves with a host's zone;
/// an hour to either side is compared as well. The baseline is the past itself: nothing has to be trained or set.
enum UnusualRule {
    /// Working days that must be known, and days of weekends.
    private static let leastDays = (working: 10, weekend: 4)

    private struct Figure {
        var kind: FindingKind
        var metric: Metric
        var name: String
        /// Less above the highest than this is nothing.
        var margin: Double
        /// Shares cannot be half as much again as 0.8.
        var isShare: Bool
        var text: (Double) -> String
    }

    static func findings(_ present: Present) -> [Finding] {
        guard present.watched >= present.trend.learningSpan else { return [] }
        return figures.compactMap { finding($0, present) }
    }

    private static func finding(_ figure: Figure, _ present: Present) -> Finding? {
        let key = SeriesKey(figure.metric)
        let lately = present.recent(key).filter { $0.at > present.now - 3600 - 300 }
        guard lately.count >= 4, let first = lately.first, present.now - first.at >= 3000,
            let least = lately.map(\.value).min(), let usual = usual(key, present)
        else { return nil }
        let isOpen = present.isOpen(figure.kind)
        let margin = figure.margin * (isOpen ? 0.5 : 1)
        let factor = 1 + (present.trend.unusualFactor - 1) * (isOpen ? 0.5 : 1)
        let limit = figure.isShare ? usual.most + margin : max(usual.most * factor, usual.most + margin)
        guard least > limit else { return nil }
        let kind = isWeekend(present.now) ? "weekend day" : "weekday"
        return Finding(
            figure.kind, host: present.host, .info,
            "\(figure.name) has been at least \(figure.text(least)) for an hour, which is more than at this time on any \(kind) "
                + "of the last four weeks (\(figure.text(usual.most)) at most).",
            evidence: ["\(figure.metric.rawValue): compared with \(usual.days) days"])
    }

    /// The highest of comparable hours, and of how many days they are.
    private static func usual(_ key: SeriesKey, _ present: Present) -> (most: Double, days: Int)? {
        let isWeekend = isWeekend(present.now)
        let hour = present.now / 3600 % 24
        let hours = (present.history.hourly[key] ?? []).filter { bucket in
            guard bucket.start < present.now - 86_400 / 2, Self.isWeekend(bucket.start) == isWeekend else {
                return false
            }
            let distance = abs(bucket.start / 3600 % 24 - hour)
            return min(distance, 24 - distance) <= 1
        }
        let days = Set(hours.map { $0.start / 86_400 }).count
        guard days >= (isWeekend ? leastDays.weekend : leastDays.working), let most = hours.map(\.max).max() else {
            return nil
        }
        return (most, days)
    }

    /// The first of January 1970 was a Thursday.
    private static func isWeekend(_ time: Int) -> Bool { [2, 3].contains(time / 86_400 % 7) }

    private static func percent(_ value: Double) -> String { "\(Int(value.rounded())) %" }
    private static func share(_ value: Double) -> String { percent(value * 100) }

    private static var figures: [Figure] {
        [
            Figure(
                kind: .unusualCPU, metric: .cpu, name: "Processor use", margin: 0.25, isShare: true, text: share),
            Figure(
                kind: .unusualMemory, metric: .memory, name: "Memory use", margin: 0.15, isShare: true, text: share),
            Figure(
                kind: .unusualLoad, metric: .load, name: "Load", margin: 2, isShare: false,
                text: { "\((min($0, 1e6) * 10).rounded() / 10)" }),
            Figure(
                kind: .unusualIOPressure, metric: .ioPressure, name: "The time stalled on disks", margin: 10,
                isShare: false, text: percent),
            Figure(
                kind: .unusualCollectTime, metric: .collectTime, name: "The time to check the host", margin: 5,
                isShare: false,
                text: { "\(Int(min($0, 1e6).rounded())) s" }),
        ]
    }
}
