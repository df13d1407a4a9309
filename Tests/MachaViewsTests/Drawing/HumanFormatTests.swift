// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import MachaViews

struct HumanFormatTests {
    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
        (7_945_689_498, "7.4 GiB"), (Int64.max, "8.0 EiB"),
    ])
    func `bytes count in 1024s`(count: Int64, text: String) {
        #expect(HumanFormat.bytes(count) == text)
    }

    @Test(arguments: [
        (0, "0 %"), (0.001, "<1 %"), (0.42, "42 %"), (0.994, ">99 %"), (0.9999, ">99 %"), (1, "100 %"), (1.5, "150 %"),
        (.nan, "?"),
    ])
    func `a share is not rounded to empty or full`(share: Double, text: String) {
        #expect(HumanFormat.percent(share) == text)
    }

    @Test(arguments: [
        (0, "0.0 s"), (0.449, "0.4 s"), (9.99, "9.9 s"), (12.9, "12 s"), (60, "1 min"), (725, "12 min 5 s"),
        (3_600, "1 h"), (3_659, "1 h"), (7_265, "2 h 1 min"), (273_600, "3 d 4 h"), (-90, "-1 min 30 s"),
        (.infinity, "?"), (1e300, "?"),
    ])
    func `a duration has its two largest units`(seconds: Double, text: String) {
        #expect(HumanFormat.duration(seconds: seconds) == text)
    }

    @Test(arguments: [
        (0, "just now"), (-4, "just now"), (12, "12 s ago"), (120, "2 min ago"), (7_199, "1 h ago"),
        (259_200, "3 d ago"), (-300, "in 5 min"),
    ])
    func `an age has one unit, and a clock that runs ahead shows`(seconds: Double, text: String) {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(HumanFormat.age(of: now - seconds, now: now) == text)
    }

    @Test(arguments: [
        (3_600, "2027-01-15 09:00:05 +01:00"), (0, "2027-01-15 08:00:05 +00:00"),
        (-34_200, "2027-01-14 22:30:05 -09:30"),
    ])
    func `a local time says its offset`(offset: Int, text: String) throws {
        let zone = try #require(TimeZone(secondsFromGMT: offset))
        #expect(HumanFormat.localTime(Date(timeIntervalSince1970: 1_800_000_005), in: zone) == text)
    }
}
