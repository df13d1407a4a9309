// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaProbes
import MachaTestSupport
import Testing

/// A healthy recorded host at any time, with a past made up for it.
struct WatchedHost {
    /// Noon of a Wednesday, UTC.
    static let noon = 1_800_446_400 - 1_800_446_400 % 86_400 + 43_200
    static let hour = 3600
    static let day = 86_400

    var now = WatchedHost.noon
    var history = HostHistory()
    var thresholds = Thresholds()
    /// Nothing was logged unless a test says so.
    var answers = ["journal": WrittenJournal.body([])]

    /// Watched for a month.
    init() { history.watchedSince = Date(timeIntervalSince1970: Double(now - 30 * Self.day)) }

    var snapshot: Snapshot {
        get throws {
            let host = try RecordedHost.named("healthy")
            let changes = answers.mapValues { Optional(ProbeSection(name: "", status: 0, body: $0)) }
            let sections = host.sections.map { section in
                ProbeSection(
                    name: section.name, status: section.status,
                    body: changes[section.name].flatMap { $0 }?.body ?? section.body)
            }
            return Snapshot(
                host: "web", takenAt: Date(timeIntervalSince1970: Double(now)), duration: 1, sections: sections)
        }
    }

    /// What is found beyond what one look shows.
    func findings() throws -> [Finding] {
        let snapshot = try snapshot
        let alone = Set(Detectors.findings(in: snapshot, thresholds: thresholds).map(\.fingerprint))
        return Detectors.findings(in: snapshot, thresholds: thresholds, history: history)
            .filter { !alone.contains($0.fingerprint) }
    }

    func labels() throws -> [String] { try findings().map(\.label) }

    /// A past of `metric` in which `value` says how it was at a time: every five minutes for six hours, hours before.
    mutating func past(_ metric: Metric, _ subject: String = "", days: Int = 28, _ value: (Int) -> Double) {
        let key = SeriesKey(metric, subject)
        history.hourly[key] = stride(from: now - days * Self.day, to: now, by: Self.hour).map { start in
            let hour = start - start % Self.hour
            let values = stride(from: hour, to: min(hour + Self.hour, now), by: 300).map { value($0) }
            return MetricBucket(start: hour, values) ?? MetricBucket(start: hour, min: 0, mean: 0, max: 0)
        }
        history.recent[key] = stride(from: now - 6 * Self.hour, to: now, by: 300).map { MetricSample($0, value($0)) }
    }
}
