// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import Testing

@testable import Macha

/// When a backup is due.
struct BackupScheduleTests {
    private static let berlin = TimeZone(identifier: "Europe/Berlin")

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(
        arguments: [
            (nil, "2026-11-30T10:00:00Z", true), ("2026-11-29T10:00:00Z", "2026-11-30T09:59:00Z", false),
            ("2026-11-29T10:00:00Z", "2026-11-30T10:00:00Z", true),
            ("2026-11-01T10:00:00Z", "2026-11-30T10:00:00Z", true),
            // The clock was set back: how old the last one is, is unknown.
            ("2026-12-05T10:00:00Z", "2026-11-30T10:00:00Z", true),
        ] as [(String?, String, Bool)])
    func `one is due when the interval is over, and one only after a long absence`(
        last: String?, now: String, isDue: Bool
    ) throws {
        let schedule = BackupSchedule(pace: .every(86_400), zone: .gmt)
        #expect(try schedule.isDue(last: try last.map { try date($0) }, now: date(now)) == isDue)
        #expect(!schedule.isDue(last: try date(now), now: try date(now)), "after it was made")
    }

    @Test(arguments: [
        // 03:30 in Berlin is 02:30 UTC in winter and 01:30 UTC in summer.
        ("2026-11-29T02:30:05Z", "2026-11-30T02:29:59Z", 210, false),
        ("2026-11-29T02:30:05Z", "2026-11-30T02:30:00Z", 210, true),
        // Missed at night, made in the morning, not again before the next night.
        ("2026-11-30T08:00:00Z", "2026-11-30T23:00:00Z", 210, false),
        ("2026-11-30T08:00:00Z", "2026-12-01T02:30:00Z", 210, true),
        // 02:30 does not exist on 29 March 2026, and is there twice on 25 October.
        ("2026-03-28T01:30:05Z", "2026-03-29T00:59:00Z", 150, false),
        ("2026-03-28T01:30:05Z", "2026-03-29T01:31:00Z", 150, true),
        ("2026-10-25T00:30:05Z", "2026-10-25T01:45:00Z", 150, false),
    ])
    func `a daily one is due at its time of day on the controller's clock`(
        last: String, now: String, minute: Int, isDue: Bool
    ) throws {
        let schedule = BackupSchedule(pace: .at(minute), zone: try #require(Self.berlin))
        #expect(try schedule.isDue(last: date(last), now: date(now)) == isDue)
    }
}
