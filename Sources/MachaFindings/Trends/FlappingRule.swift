// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Services that die every now and then. Each time they come back, so no single look shows more than a number.
///
/// A warning: it works most of the time. A service that dies all the time is a crash loop, which one observation shows
/// and which this rule leaves alone. A night of trouble that is over is left alone too: the deaths must lie in three
/// hours or more.
enum FlappingRule {
    private static let span = 86_400
    private static let hours = 3

    static func findings(_ present: Present) -> [Finding] {
        let units = present.snapshot[UnitsProbe.self].value?.units ?? []
        return units.filter { !$0.isFailed && !$0.isRestarting }.compactMap { unit in
            let key = SeriesKey(.unitRestarts, unit.name)
            guard let value = present.values[key] else { return nil }
            let deaths = deaths(key, value, present)
            let count = deaths.values.reduce(0, +)
            // A loop is all within the last hour; it is the unit detector's.
            guard count >= Double(present.trend.flappingRestarts), deaths.count >= hours else { return nil }
            let name = unit.name.printable(limit: 100)
            return Finding(
                .unitFlapping, host: present.host, subject: unit.name, .warning,
                "\(name) was restarted after failing \(Int(count)) times within a day, in \(deaths.count) different hours.",
                telling: [
                    .unit(
                        UntrustedText("\(unit.name): NRestarts=\(Int(value)) Result=\(unit.result ?? "unknown")"),
                        .init(result: unit.result, mountPoint: nil))
                ],
                remedy: "Read what it logged before it failed.",
                commands: ["journalctl -u \(unit.name.asArgument("UNIT")) --since=-1d -p warning"])
        }
    }

    /// Restarts by the hour they were noticed in. The counter falls to 0 when somebody starts the unit again.
    private static func deaths(_ key: SeriesKey, _ value: Double, _ present: Present) -> [Int: Double] {
        var deaths: [Int: Double] = [:]
        let since = present.now - span
        let hourly = (present.history.hourly[key] ?? []).filter { $0.start + 3600 > since }
        // Restarted units alone are listed: one that appears while we watch had not died before.
        let isNew =
            hourly.first.map { $0.start - 3600 > since && Double(present.now - $0.start) < present.watched - 3600 }
            ?? (present.watched > 3600)
        var last: Double? = isNew ? 0 : nil
        func count(_ value: Double, at time: Int) {
            if let last, value != last { deaths[time / 3600, default: 0] += value > last ? value - last : value }
            last = value
        }
        for bucket in hourly {
            count(bucket.min, at: bucket.start)
            count(bucket.max, at: bucket.start)
        }
        count(value, at: present.now)
        return deaths.filter { $0.value > 0 }
    }
}
