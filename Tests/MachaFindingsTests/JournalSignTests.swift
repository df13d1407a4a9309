// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaFindings
@testable import MachaProbes

/// The tables of what a line means whatever its priority, and the page that lists them.
struct JournalSignTests {
    private static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return (try? String(contentsOf: root.appending(path: "docs/journal-signs.md"), encoding: .utf8)) ?? ""
    }()

    private static func cell(_ texts: [[String]]) -> String {
        texts.map { $0.map { "`\($0.replacing("|", with: "\\|"))`" }.joined(separator: " … ") }.joined(separator: ", ")
    }

    private static func row(_ sign: JournalSign) -> String {
        let sender =
            if case .units(let names) = sign.sender {
                names.map { "`\($0)`" }.joined(separator: ", ")
            } else { "kernel" }
        return "| \(sender) | \(sign.isQuiet ? "notice, info" : "warning or worse") | \(cell(sign.texts)) | "
            + "\(sign.severity.rawValue) `\(FindingKind(sign.kind).rawValue)` | \(sign.source) |"
    }

    private static func row(_ lowering: JournalLowering) -> String {
        let programs =
            lowering.programs.map { $0.isEmpty ? "kernel" : $0.sorted().joined(separator: ", ") } ?? "anybody"
        return "| \(programs) | \(cell(lowering.texts)) | \(lowering.source) |"
    }

    @Test func `docs/journal-signs.md lists every text that raises or lowers, with its source`() {
        let rows = JournalSigns.all.map { Self.row($0) } + JournalLowering.all.map { Self.row($0) }
        let lacking = rows.filter { !Self.page.contains($0) }
        #expect(lacking.isEmpty, "\(lacking.joined(separator: "\n"))")
        let listed = Self.page.split(separator: "\n").count { $0.hasPrefix("| ") && !$0.hasPrefix("| who ") }
        #expect(listed == rows.count)
    }

    @Test(arguments: JournalSigns.all.map(\.summary))
    func `every sign tells a sentence, a source and what helps`(summary: String) throws {
        let sign = try #require(JournalSigns.all.first { $0.summary == summary })
        #expect(summary.hasSuffix(".") && !sign.source.isEmpty)
        #expect(!sign.texts.isEmpty && !sign.texts.contains { $0.isEmpty || $0.contains("") })
        #expect(!sign.kind.remedy.advice.isEmpty)
    }

    @Test func `texts matched on the host need no quoting in awk or the shell`() {
        let texts = JournalSigns.all.filter(\.isQuiet).flatMap(\.texts).flatMap { $0 }
        #expect(!texts.isEmpty)
        #expect(texts.filter { text in text.contains { "'\"\\\n".contains($0) } } == [])
    }
}
