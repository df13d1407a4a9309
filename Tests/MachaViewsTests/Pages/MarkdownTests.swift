// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import Testing

@testable import MachaViews

struct MarkdownTests {
    private static let attacks =
        SampleFleet.attacks + [
            "# heading", "a | b | c", "[click](http://evil.example)", "![x](http://evil.example/p.png)",
            "**bold** _it_",
            "- item", "> quote", "```\ncode\n```", "`` ` ``", "@everyone", "http://evil.example", "1. one", "a\\b",
            "~~x~~",
            "<http://evil.example>", "[x]: http://evil.example", "| --- |", "&copy;",
        ]

    /// `text` as CommonMark reads it: an escaped character stands for itself, and what is left unescaped may be markup.
    private func unescaped(_ text: String) -> String {
        var rest = text[...]
        var result = ""
        while let character = rest.popFirst() {
            if character == "\\" { _ = rest.popFirst() } else { result.append(character) }
        }
        return result
    }

    @Test(arguments: attacks)
    func `nothing in running text is markup`(attack: String) {
        let bare = unescaped(Markdown.text(Cell(attack)).replacing(/&#64;/, with: "at"))
        #expect(!bare.contains { "#|[]!*_`~<>:$\n".contains($0) || $0 == "\\" }, "\(bare)")
        #expect(bare.firstMatch(of: /^([-+=]|\d+[.)])/) == nil, "\(bare)")
        #expect(!bare.replacing(/&(amp|lt|gt);/, with: "").contains { "&@".contains($0) })
    }

    @Test(arguments: attacks)
    func `code stays code`(attack: String) throws {
        let code = Markdown.code(Cell(attack))
        let fence = code.prefix { $0 == "`" }
        let inner = code.dropFirst(fence.count).dropLast(fence.count)
        #expect(code.hasSuffix(fence))
        #expect(!inner.split { $0 != "`" }.contains { $0.count == fence.count })
        #expect(!inner.hasPrefix("`") && !inner.hasSuffix("`"))
    }

    @Test(arguments: attacks)
    func `a hostile host cannot add rows, headings or columns to the report`(attack: String) {
        func page(_ text: String) -> [Substring] {
            var host = SampleFleet.report("nas", findings: [SampleFleet.unit(text, on: "nas", evidence: text)])
            host.figures.diskMount = UntrustedText(text)
            host.host = text
            host.analysis = SampleFleet.analysis(text)
            return FleetMarkdown.page(FleetReport([host], now: SampleFleet.now)).split(
                separator: "\n", omittingEmptySubsequences: false)
        }
        func shape(_ lines: [Substring]) -> [String] {
            lines.map { line in
                let bars = unescaped(String(line)).count { $0 == "|" }
                return line.hasPrefix("|") ? "row \(bars)" : String(line.prefix { "#- ".contains($0) })
            }
        }
        #expect(shape(page(attack)) == shape(page("plain")))
    }

    @Test func `a model's analysis is in the report, with its evidence`() {
        var host = SampleFleet.report("nas", findings: [SampleFleet.unit("nginx.service", on: "nas")])
        host.analysis = SampleFleet.analysis("the disk is full", failure: "no answer came")
        let page = FleetMarkdown.page(FleetReport([host], now: SampleFleet.now))
        let made = HumanFormat.minute(SampleFleet.now.addingTimeInterval(-3600), in: .current).replacing(
            ":", with: "\\:")
        for line in [
            "- **model: unknown** no answer came (", "  - → check the server",
            "- **model: was attention** the disk is full (desk/tiny, as of \(made))",
            "  - root cause: the disk is full (80 % sure)", "    - `j1 the disk is full`",
            "  - **critical** the disk is full\\: the disk is full",
            "  - proposes `collect-garbage older-than=30d` the disk is full",
            "  - suggests the disk is full (the disk is full)",
            "  - 2 calls · 900 tokens read, 80 written · 1 statement dropped\\: not supported by evidence",
        ] {
            #expect(page.contains("\n\(line)"), "\(line)\n\(page)")
        }
        // A host that only its model finds troubled has a section too.
        var quiet = SampleFleet.report("web")
        quiet.analysis = SampleFleet.analysis("odd")
        #expect(FleetMarkdown.page(FleetReport([quiet], now: SampleFleet.now)).contains("- **model: attention** odd"))
    }

    @Test func `the report says the same as the table`() {
        let page = FleetMarkdown.page(SampleFleet.fleet)
        #expect(page.hasPrefix("# 1 of 4 hosts needs attention now"))
        #expect(page.contains("| nas | critical |"))
        #expect(page.contains("**critical** nginx.service has failed. (since 20"))
        #expect(page.contains("`journalctl -u nginx.service -n 50`"))
    }
}
