// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import MachaCLI

struct TimeArgumentTests {
    /// 2027-01-15 09:00:00 +01:00
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test(arguments: [
        ("2h", -7200), ("90s", -90), ("1.5h", -5400), ("3d", -259_200), ("1w", -604_800), ("08:00", -3600),
        ("2027-01-15", -32_400), ("2027-01-15 08:30", -1800), ("2027-01-15T08:30:15", -1785),
        ("2027-01-15 08:30 +00:00", 1800), ("2027-01-15T08:00:00Z", 0),
    ])
    func `a time is a span before now, or local unless it says otherwise`(text: String, seconds: Double) throws {
        let zone = try #require(TimeZone(secondsFromGMT: 3600))
        #expect(TimeArgument.date(text, now: now, zone: zone) == now.addingTimeInterval(seconds))
    }

    @Test(arguments: [
        "", "soon", "2", "h", "-2h", "0h", "2027-13-01", "2027-02-30", "25:00", "12:60", "2h ago", "+01:00",
    ])
    func `anything else is no time`(text: String) { #expect(TimeArgument.date(text, now: now) == nil) }
}
