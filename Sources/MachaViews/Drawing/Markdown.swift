// SPDX-License-Identifier: MIT

/// Text for a Markdown document, in which nothing of it is markup.
enum Markdown {
    /// `cell` for running text, headings and tables. What could be markup is escaped (spec.commonmark.org 2.4, and the
    /// tables, strikes, links and mathematics of github.github.com/gfm); a plain sentence stays readable as it is.
    static func text(_ cell: Cell) -> String {
        var result = ""
        for (index, character) in cell.text.enumerated() {
            // A line that begins so would be a list, a quotation or a heading of its own.
            let opensBlock = index == 0 ? "#>-+=" : result.allSatisfy(\.isNumber) ? ".)" : ""
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            // A mention or an address: escaped with a backslash it would still be found by what renders.
            case "@": result += "&#64;"
            case ":": result += "\\:"
            case ".": result += opensBlock.contains(".") || result.lowercased().hasSuffix("www") ? "\\." : "."
            case _ where "\\`*_[]|~$#!^{}".contains(character) || opensBlock.contains(character):
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
