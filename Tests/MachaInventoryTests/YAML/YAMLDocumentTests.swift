// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@Suite struct YAMLDocumentTests {
    private func lines(_ text: String) -> [String] { YAMLDocument(text, file: "f").mistakes.map(\.description) }

    private func entries(_ text: String) throws -> [YAMLEntry] {
        let root = try #require(YAMLDocument(text, file: "f").root)
        guard case .mapping(let entries) = root.kind else { return [] }
        return entries
    }

    @Test func `a duplicate key before a syntax error is reported too`() {
        let found = lines("a: 1\nb: { c: 1, c: 2 }\nd: [\n")
        #expect(found.count == 2)
        #expect(found.first == "f:2:6: key 'c' is given twice")
        #expect(found.last?.hasPrefix("f:4:1: not valid YAML: ") == true)
    }

    @Test(arguments: ["&x a: 1\n&y a: 2", "!!str a: 1\na: 2", "\"\\x61\": 1\na: 2", "\"\": 1\n'': 2"])
    func `a duplicate key that cannot be renamed is reported at its first position`(text: String) {
        let document = YAMLDocument(text, file: "f")
        #expect(document.mistakes.count == 1)
        #expect(document.mistakes.first?.description.hasPrefix("f:1:1: key ") == true)
        #expect(!document.isComplete)
    }

    @Test func `more duplicate keys than are worth a parse each are still reported`() {
        let text = (1...100).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        #expect(lines(text).count > 60)
    }

    @Test func `keys keep their text, whatever stands beside a duplicate`() throws {
        let keys = try entries("ä: 1\n'ä': 2\n-x: 1\n-x: 2\n~: 1\n~: 2\nb c: 1\n").map(\.key)
        #expect(keys == ["ä", "ä", "-x", "-x", "~", "~", "b c"])
    }

    @Test(arguments: ["\n", "\r\n", "\r", "\u{85}", "\u{2028}"])
    func `lines are counted as YAML counts them`(lineBreak: String) {
        let text = ["a: é", "b: { x: 1, ü: 2, ü: 3 }", "b: 4"].joined(separator: lineBreak)
        #expect(
            lines(text) == [
                "f:2:18: key 'ü' is given twice; the first is on line 2",
                "f:3:1: key 'b' is given twice; the first is on line 2",
            ])
    }

    @Test func `positions of values count from one`() throws {
        let entry = try #require(try entries("a: 1\nlist:\n  - é: \"x\"\n").last)
        #expect(entry.position == SourcePosition(file: "f", line: 2, column: 1))
        guard case .sequence(let items) = entry.value.kind, case .mapping(let inner) = items.first?.kind else {
            Issue.record("not a list of mappings")
            return
        }
        #expect(inner.first?.value.position == SourcePosition(file: "f", line: 3, column: 8))
    }

    @Test func `nesting without end is refused, not followed`() {
        let document = YAMLDocument(String(repeating: "[", count: 100_000), file: "f")
        #expect(document.mistakes.count == 1)
        #expect(!document.isComplete)
    }

    @Test func `a character that YAML forbids is reported with its position`() {
        #expect(lines("a: 1\nb: x\u{1}y\n").first?.hasPrefix("f:2:5: not valid YAML: ") == true)
    }

    @Test(arguments: [("~", true), ("", true), ("null", true), ("\"\"", false), ("'null'", false), ("nil", false)])
    func `only a plain null is null`(text: String, expected: Bool) throws {
        #expect(try entries("a: \(text)").first?.value.isNull == expected)
    }
}
