// SPDX-License-Identifier: MIT
import MachaModel

/// What helps, on every page: the advice as a sentence, and each command on a line or in an element of its own, never wrapped by
/// us, so that it can be copied as it is.
package enum RemedyLines {
    /// Adds the advice and, below it, the commands.
    package static func add(
        _ advice: String, _ commands: [String], to page: inout Page, indent: Int, role: Role = .plain
    ) {
        guard let sentence = sentence(advice, commands) else { return }
        page.text(Cell("→ \(sentence)", role, limit: 600), indent: indent)
        add(commands, to: &page, indent: indent + 4)
    }

    /// The commands alone.
    package static func add(_ commands: [String], to page: inout Page, indent: Int) {
        page.lines(commands.map { Cell(String(repeating: " ", count: indent) + $0, limit: 4_000) })
    }

    /// Items of a list within an item.
    static func markdown(_ advice: String, _ commands: [String]) -> [String] {
        guard let sentence = sentence(advice, commands) else { return [] }
        return ["  - → \(Markdown.text(Cell(sentence, limit: 600)))"]
            + commands.map { "    - \(Markdown.code(Cell($0, limit: 4_000)))" }
    }

    static func html(_ advice: String, _ commands: [String]) -> HTML {
        guard let sentence = sentence(advice, commands) else { return "" }
        return "<p>→ \(Cell(sentence, limit: 600))</p>\(html(commands))"
    }

    /// The commands alone.
    static func html(_ commands: [String]) -> HTML {
        let lines: [HTML] = commands.map { "<pre class=x><code>\(Cell($0, limit: 4_000))</code></pre>" }
        return "\(lines)"
    }

    /// The advice, ending in a colon where commands follow; `nil` where there is nothing to say.
    private static func sentence(_ advice: String, _ commands: [String]) -> String? {
        guard !commands.isEmpty else { return advice.isEmpty ? nil : advice }
        return advice.isEmpty ? "Run:" : Remedy.opening(advice)
    }
}
