// SPDX-License-Identifier: MIT

extension String {
    /// This line as running text of a Markdown document, in which nothing of it is markup: no link, image, mention or
    /// heading (spec.commonmark.org 2.4, and the tables, strikes, links and mathematics of github.github.com/gfm). A plain
    /// sentence stays readable as it is.
    package var markdownEscaped: String {
        var result = ""
        for (index, character) in enumerated() {
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
}
