// SPDX-License-Identifier: MIT

/// Text for a Markdown document, in which nothing of it is markup.
enum Markdown {
    /// `cell` for running text, headings and tables: every character of ASCII that could mean something is escaped
    /// (spec.commonmark.org, 2.4), and what would be a tag or an entity is one of ours.
    static func text(_ cell: Cell) -> String {
        var result = ""
        for character in cell.text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            // A mention or an address: escaped with a backslash it would still be found by what renders.
            case "@": result += "&#64;"
            case _ where character.isASCII && (character.isPunctuation || character.isSymbol):
                result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }

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
