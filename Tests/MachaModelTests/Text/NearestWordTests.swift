// SPDX-License-Identifier: MIT
import Testing

@testable import MachaModel

@Suite struct NearestWordTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("", "abc", 3), ("abc", "abd", 1), ("abc", "acb", 1),
        ("abc", "abcd", 1), ("adress", "address", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func `the distance counts inserts, deletes, replacements and swaps`(left: String, right: String, expected: Int) {
        #expect(editDistance(Array(left), Array(right)) == expected)
        #expect(editDistance(Array(right), Array(left)) == expected)
    }

    @Test(
        arguments: [
            ("adress", "address"), ("PORT", "port"), ("prot", "port"), ("autonomi", "autonomy"),
            ("check_intervall", nil),
            ("zzz", nil), ("", nil), ("a", nil),
        ] as [(String, String?)])
    func `the nearest word is offered only when it is near`(word: String, expected: String?) {
        #expect(word.nearest(in: ["address", "port", "user", "autonomy"]) == expected)
    }

    @Test func `of several words the nearest is offered, and of equals the first`() {
        #expect("web-3".nearest(in: ["web-10", "web-1", "web-2"]) == "web-1")
        #expect("nass".nearest(in: ["mass", "nas", "nasa"]) == "mass")
    }
}
