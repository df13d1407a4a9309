// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaTestSupport
import Testing

/// What is remembered of a look.
struct MetricValuesTests {
    private func warnings(after seconds: Double?, lost: Bool = false) throws -> Double? {
        let entries = [WrittenJournal.Entry(priority: 4, message: "a"), .init(priority: 3, message: "b")]
        var host = WatchedHost()
        let before = try host.snapshot
        host.answers["journal"] = WrittenJournal.body(entries, more: 7199, lost: lost)
        host.now += Int(seconds ?? 0)
        var marks: HostTimeline?
        if seconds != nil { marks = HostTimeline().after(before) }
        let values = MetricValues.values(of: try host.snapshot, after: marks)
        #expect(values[SeriesKey(.journalErrors)] == 1)
        return values[SeriesKey(.journalWarnings)]
    }

    @Test func `a flood that was counted and not sent is in the figures`() throws {
        #expect(try warnings(after: nil) == 7200)
        #expect(try warnings(after: 300) == 7200)
    }

    @Test func `a count over more than an hour is scaled to an hour, and never below the known count`() throws {
        #expect(try warnings(after: 7200) == 3600)
        #expect(try warnings(after: 7200, lost: true) == 7200)
        #expect(try warnings(after: 3600 * 24 * 365) == 1)
    }
}
