// SPDX-License-Identifier: MIT
import MachaModel
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("nas", "nas", true), ("nas", "nas2", false), ("", "", true), ("", "a", false), ("*", "", true),
        ("*", "anything", true), ("**", "x", true), ("a*", "abc", true), ("*c", "abc", true), ("a*c", "ac", true),
        ("a*b*c", "aXbXbc", true), ("a*b*c", "aXbX", false), ("*ab", "aab", true), ("?", "", false), ("?", "ä", true),
        ("??", "ä", false), ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]", "d", true),
        ("[^a-c]", "a", false),
        ("[]a]", "]", true), ("[a-]", "-", true), ("[-a]", "-", true), ("[*?]", "*", true), ("[*?]", "x", false),
        ("web-[0-9][0-9]", "web-07", true), ("web-[0-9][0-9]", "web-7", false), ("Nas", "nas", false), ("]", "]", true),
    ])
    func `a pattern fits all of a text or not`(pattern: String, text: String, expected: Bool) throws {
        #expect(try #require(Glob(pattern)).matches(text) == expected)
    }

    @Test(arguments: ["[", "[a", "[]", "[!]", "[z-a]", "a[b", "[a-"])
    func `an unfinished set is no pattern`(pattern: String) {
        #expect(Glob(pattern) == nil)
    }

    @Test func `a pattern of many stars does not blow up`() throws {
        // Trying every way to share the text among the stars would take longer than the universe is old.
        let pattern = String(repeating: "a*", count: 60) + "b"
        #expect(try #require(Glob(pattern)).matches(String(repeating: "a", count: 253)) == false)
    }

    @Test(arguments: [("nas", false), ("web-*", true), ("web-?", true), ("[a]", true), ("a]", false)])
    func `a name is distinguished from a pattern`(text: String, expected: Bool) {
        #expect(Glob.isPattern(text) == expected)
    }
}
