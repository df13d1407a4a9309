// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import MachaViews

/// What probes without words of their own told, as a person reads it.
struct PlainFactsTests {
    private struct Disk: Encodable {
        var device: String
        var celsius: Int
        var hours: Int
        var isFailing: Bool
    }

    private struct State: Encodable {
        var journalBytes = 1_288_490_188
        var keyExpiry = 1_806_007_235
        var none: [String] = []
        var disks = [
            Disk(device: "/dev/sda", celsius: 31, hours: 20_123, isFailing: false),
            Disk(device: "/dev/sdb", celsius: 40, hours: 7, isFailing: true),
        ]
    }

    @Test func `sizes, times and degrees have units, and each item of a list is a line`() throws {
        let facts = PlainFacts.of(State())
        let shown = Dictionary(facts.map { ($0.name, $0.value.text) }, uniquingKeysWith: { first, _ in first })
        #expect(shown["journal bytes"] == "1.2 GiB")
        #expect(try #require(shown["key expiry"]).hasPrefix("2027-03-2"))
        #expect(shown["none"] == "none")
        #expect(shown["/dev/sda"] == "celsius 31 °C, hours 20123 h, is failing no")
        #expect(shown["/dev/sdb"] == "celsius 40 °C, hours 7 h, is failing yes")
    }

    @Test func `a long list says how many it leaves out`() {
        let facts = PlainFacts.of(["names": (0..<25).map { ["name": "n\($0)"] }])
        #expect(facts.count == 21)
        #expect(facts.last?.value.text == "… and 5 more")
    }
}
