// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaViews

struct PageTests {
    @Test func `blocks follow one another and wrap with their margins`() {
        var page = Page()
        page.text(Cell("nas", .heading), Cell("has a problem that takes more words than fit", .warning))
        page.gap()
        page.text("indented words go on like this", indent: 2)
        page.facts([.init("kernel", "6.12.9"), .init("up", "3 d 4 h and a few more minutes")])
        #expect(
            page.rendered(for: .wide(24)) == """
                nas has a problem that
                takes more words than
                fit

                  indented words go on
                  like this
                kernel  6.12.9
                up      3 d 4 h and a
                        few more minutes

                """)
    }

    @Test func `an empty table says so`() {
        var page = Page()
        page.table(Table([.init("host")]), orSay: "no hosts match")
        #expect(page.rendered(for: .pipe) == "no hosts match\n")
    }

    private static let attacks = [
        "\u{1b}[2J\u{1b}[31mfake", "\u{9b}31m", "a\rb", "a\u{8}b", "\u{202e}txt.exe", "\u{1b}]0;title\u{7}", "a\nb\nc",
        "\u{2028}x", "\u{200b}\u{feff}", "\u{e000}", "\u{e0041}tag", "\u{7f}", "\u{0}",
    ]

    @Test(arguments: attacks)
    func `nothing a host sends steers the terminal`(attack: String) {
        var page = Page()
        page.text(Cell(attack), Cell(UntrustedText(attack)), "\(attack)", indent: 1)
        page.facts([.init(attack, Cell(attack))])
        page.table(Table([.init(attack)], rows: [[Cell(attack)]]), orSay: Cell(attack))
        let text = page.rendered(for: .wide(80))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory.isHarmless })
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 5)
    }

    @Test(arguments: attacks)
    func `JSON keeps the whole text and escapes control characters`(attack: String) throws {
        let json = try JSONText.document([attack])
        #expect(json.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory.isHarmless })
        #expect(
            try JSONDecoder().decode([String].self, from: Data(json.utf8)).map { Array($0.unicodeScalars) } == [
                Array(attack.unicodeScalars)
            ])
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isHarmless: Bool {
        switch self {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
