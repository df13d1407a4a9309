// SPDX-License-Identifier: MIT
import Testing

@testable import MachaModel

/// Spans and sizes, as they are typed and printed everywhere.
struct AmountTextTests {
    @Test(arguments: [
        ("90s", 90), ("5m", 300), ("1h30m", 5_400), ("1.5h", 5_400), ("3d", 259_200), ("2w", 1_209_600),
        ("0.5m", 30), ("007s", 7), ("0s", 0),
    ])
    func `a span of whole seconds is read`(text: String, seconds: Int) {
        #expect(DurationText.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "5", "m", "-5m", "+5m", "0.0001h", "1.2.3h", ".5h", "5.h", "5 m", "5M", "1h5", "1e3s", "٣m",
        "9999999999999s", "999999999999w",
    ])
    func `a text that is no span is refused`(text: String) { #expect(DurationText.seconds(text) == nil) }

    @Test(arguments: [1, 59, 60, 90, 3_600, 5_400, 86_400, 604_800, 3650 * 86_400])
    func `an exact span is read again`(seconds: Int) {
        #expect(DurationText.seconds(DurationText.exact(seconds)) == seconds)
    }

    @Test(arguments: [
        (0.0, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (7_200, "2 hours"),
        (172_800, "2 days"), (-5, "0 seconds"), (.infinity, "11574074 days"),
    ])
    func `a span in words has one unit`(seconds: Double, words: String) {
        #expect(DurationText.words(seconds) == words)
    }

    @Test(arguments: [
        ("500MiB", 524_288_000.0), ("1G", 1_073_741_824), ("100 GiB", 107_374_182_400), ("2TB", 2e12), ("1.5K", 1_536),
    ])
    func `a size is read`(text: String, bytes: Double) { #expect(ByteText.bytes(text) == bytes) }

    @Test(arguments: ["", "5", "GiB", "-1G", "1 g", "1..5G", "1e3G", "9999999999T"])
    func `a text that is no size is refused`(text: String) { #expect(ByteText.bytes(text) == nil) }

    @Test(arguments: [1 << 10, 500 << 20, 1 << 30, 3 << 40])
    func `an exact size is read again`(bytes: Int) {
        #expect(ByteText.bytes(ByteText.exact(bytes)) == Double(bytes))
    }

    @Test func `pretty JSON is read again, and keeps a list of single values on one line`() throws {
        let value: JSONValue = ["a": ["x\n", 1, true], "b": [["c": []]], "empty": [:]]
        #expect(try JSONValue.parse(value.prettyText) == value)
        #expect(value.prettyText.contains(#""a": ["x\n", 1, true]"#))
    }
}
