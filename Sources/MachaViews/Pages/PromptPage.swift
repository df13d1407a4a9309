// SPDX-License-Identifier: MIT
package import Macha
import MachaModel

/// A prompt for people: how its tokens are spent, then its words.
package enum PromptPage {
    /// The prompt as the model would get it.
    package static func page(_ preview: PromptPreview) -> Page {
        var page = Page()
        page.facts([
            .init("host", Cell(preview.host)), .init("model", Cell(preview.model)),
            .init("context", Cell("\(preview.context) tokens")),
            .init("journal", Cell("\(preview.journalLines) lines")),
            .init("prompts", Cell(count(preview))),
        ])
        page.gap()
        var table = Table([
            .init("prompt", .right), .init("section"), .init("lines", .right), .init("left out", .right),
            .init("tokens", .right),
        ])
        for (index, item) in preview.prompts.enumerated() {
            for section in item.sections {
                table.append([
                    Cell("\(index + 1)"), Cell(section.title), Cell("\(section.lines)"),
                    Cell("\(section.leftOut)", section.leftOut > 0 ? .warning : .dim), Cell("\(section.tokens)"),
                ])
            }
            table.append([
                Cell("\(index + 1)"), Cell("all", .heading), Cell(""), Cell(""), Cell("\(item.tokens)", .heading),
            ])
        }
        page.table(table, orSay: "no prompt")
        for (index, item) in preview.prompts.enumerated() {
            page.gap()
            page.text(Cell("prompt \(index + 1), \(item.kind.rawValue): system", .heading))
            page.lines(lines(item.system))
            page.gap()
            page.text(Cell("prompt \(index + 1), \(item.kind.rawValue): user", .heading))
            page.lines(lines(item.user))
        }
        return page
    }

    private static func count(_ preview: PromptPreview) -> String {
        guard preview.prompts.first?.kind == .mapChunk else { return "1" }
        return
            "\(preview.prompts.count) that read the journal in parts, then those that merge their notes, then the last"
    }

    private static func lines(_ text: String) -> [Cell] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { Cell(String($0), limit: 4_000) }
    }
}
