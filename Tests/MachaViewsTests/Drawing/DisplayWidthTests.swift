// SPDX-License-Identifier: MIT
import Testing

@testable import MachaViews

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("nginx", 5), ("Größe", 5), ("e\u{301}", 1), ("日本", 4), ("𠮷", 2), ("한국", 4), ("ﾊﾝ", 2), ("Ａ", 2),
        ("✅", 2), ("❤\u{fe0f}", 2), ("🇩🇪", 2), ("👍🏽", 2), ("✓", 1), ("…·", 2), ("—", 1), ("3", 1), ("©", 1),
        ("\u{301}", 0), ("م", 1),
    ])
    func `text takes the columns a terminal gives it`(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test(arguments: [
        ("", 5, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 100, ["one two three"]),
        ("one  two", 4, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("to abcdefgh", 4, ["to", "abcd", "efgh"]),
        ("日本語", 4, ["日本", "語"]),
        ("日本", 1, ["日", "本"]),
        ("   ", 2, [""]),
        ("exact fit", 5, ["exact", "fit"]),
    ])
    func `lines break between words, and inside a word only when they must`(text: String, width: Int, lines: [String]) {
        #expect(wrap(text, at: width).map { String($0) } == lines)
    }
}
