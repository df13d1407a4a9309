// SPDX-License-Identifier: MIT
import MachaModel

/// Text for a Markdown document, in which nothing of it is markup.
enum Markdown {
    /// `cell` for running text, headings and tables, with all markup escaped.
    static func text(_ cell: Cell) -> String { cell.text.markdownEscaped }

    /// `cell` as code: between more backticks than it has in a row itself. Outside of tables only, where a bar is a bar.
    static func code(_ cell: Cell) -> String {
        guard !cell.text.isEmpty else { return "" }
        var (longest, run) = (0, 0)
        for character in cell.text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let edge = cell.text.hasPrefix("`") || cell.text.hasSuffix("`") || cell.text.hasPrefix(" ") ? " " : ""
        return fence + edge + cell.text + edge + fence
    }
}
