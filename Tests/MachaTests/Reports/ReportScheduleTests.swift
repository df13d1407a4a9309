// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaInventory
import MachaModel
import Testing

struct ReportScheduleTests {
    private let zone: TimeZone

    init() throws { zone = try #require(TimeZone(identifier: "Europe/Zurich")) }

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    private func schedule(daily: Int?, weekly: ReportSettings.Weekly? = nil) -> ReportSchedule {
        var settings = ReportSettings()
        settings.daily = daily
        settings.weekly = weekly
        return ReportSchedule(settings, zone: zone)
    }

    @Test(arguments: [
        ("2026-11-30T06:29:59Z", "2026-11-29T06:30:00Z", "2026-11-30T06:30:00Z"),
        ("2026-11-30T06:30:00Z", "2026-11-30T06:30:00Z", "2026-12-01T06:30:00Z"),
        // Summer time ends on 25 October 2026 and begins on 28 March 2027.
        ("2026-10-25T05:00:00Z", "2026-10-24T05:30:00Z", "2026-10-25T06:30:00Z"),
        ("2027-03-28T05:30:00Z", "2027-03-28T05:30:00Z", "2027-03-29T05:30:00Z"),
    ])
    func `a daily report is due at its time on the wall`(now: String, last: String, next: String) throws {
        let schedule = schedule(daily: 7 * 60 + 30)
        #expect(schedule.last(.daily, at: try date(now)) == (try date(last)))
        #expect(schedule.next(.daily, after: try date(now)) == (try date(next)))
        #expect(schedule.last(.weekly, at: try date(now)) == nil)
    }

    @Test func `a time that a spring day leaves out is due once, and so is one that an autumn day has twice`() throws {
        let schedule = schedule(daily: 2 * 60 + 30)
        for (begin, days) in [("2027-03-26T12:00:00Z", 4), ("2026-10-23T12:00:00Z", 4)] {
            var (now, times) = (try date(begin), Set<Date>())
            for _ in 0..<(days * 96) {
                now += 900
                times.insert(try #require(schedule.last(.daily, at: now)))
            }
            // And the one before the first of these days.
            #expect(times.count == days + 1)
            #expect(!zip(times.sorted(), times.sorted().dropFirst()).contains { schedule.isSameDay($0, $1) })
        }
        #expect(schedule.last(.daily, at: try date("2027-03-28T12:00:00Z")) == (try date("2027-03-28T01:00:00Z")))
        #expect(schedule.last(.daily, at: try date("2026-10-25T12:00:00Z")) == (try date("2026-10-25T00:30:00Z")))
    }

    @Test(arguments: MaintenanceHours.Day.allCases)
    func `a weekly report is due on its day`(day: MaintenanceHours.Day) throws {
        let schedule = schedule(daily: nil, weekly: .init(day: day, minute: 20 * 60))
        // 30 November 2026 is a Monday.
        let index = try #require(MaintenanceHours.Day.allCases.firstIndex(of: day))
        let now = try date("2026-11-30T12:00:00Z")
        let next = try date("2026-11-30T19:00:00Z").addingTimeInterval(Double(index) * 86_400)
        #expect(schedule.next(.weekly, after: now) == next)
        #expect(schedule.last(.weekly, at: now) == next.addingTimeInterval(-7 * 86_400))
    }
}
