// SPDX-License-Identifier: MIT
package import MachaModel

/// A fleet report as Markdown, as plain text and as a page for mails and browsers. Words of hosts are never markup, and
/// nothing is loaded.
package struct ReportDrawing: Sendable {
    let report: ReportDocument

    package init(report: ReportDocument) { self.report = report }

    /// Markdown, at most `limit` bytes; what is least important is left out first, and counted.
    package func markdown(limit: Int) -> String {
        lines(limit: limit, heading: { "# \($0)" }, section: { "## \($0)" }) {
            $0.markdownEscaped
        } entry: { entry in
            let label = entry.label.isEmpty ? "" : "**\(entry.label.markdownEscaped)** "
            let detail = entry.detail.isEmpty ? "" : " (\(entry.detail.markdownEscaped))"
            return "- \(label)\(entry.text.markdownEscaped)\(detail)"
        } command: {
            "    \($0)"
        }
    }

    /// The same to be read as it is, in a terminal or a mail without HTML: marked as Markdown marks it, and without the
    /// escapes that would be in the way. Addresses in it are broken up.
    package func text(limit: Int) -> String {
        lines(
            limit: limit, heading: { "# \($0)" }, section: { "## \($0)" }, text: MessageDrawing.defused,
            entry: Self.plainEntry, command: { "    \($0)" })
    }

    /// For a telephone that shows text as it is.
    func plain(limit: Int) -> String {
        lines(
            limit: limit, heading: { $0 }, section: { "\($0):" }, text: MessageDrawing.defused,
            entry: Self.plainEntry, command: { $0 })
    }

    private static func plainEntry(_ entry: ReportDocument.Entry) -> String {
        let label = entry.label.isEmpty ? "" : "\(MessageDrawing.defused(entry.label)): "
        let detail = entry.detail.isEmpty ? "" : " (\(MessageDrawing.defused(entry.detail)))"
        return "- \(label)\(MessageDrawing.defused(entry.text))\(detail)"
    }

    private func lines(
        limit: Int, heading: (String) -> String, section title: (String) -> String, text: (String) -> String,
        entry: (ReportDocument.Entry) -> String, command: (String) -> String
    ) -> String {
        var lines = [heading(text(report.title)), "", text(report.summary.joined(separator: " "))]
        for section in report.sections {
            lines += ["", title(text(section.title)), ""] + section.entries.map(entry)
            if section.left > 0 { lines.append("- and \(section.left) more") }
            if !section.command.isEmpty { lines += ["", command(section.command)] }
        }
        for note in report.notes { lines += ["", text(note)] }
        return Self.fit(lines, limit: limit)
    }

    /// Whole lines as far as they fit.
    private static func fit(_ lines: [String], limit: Int) -> String {
        var text = ""
        for (index, line) in lines.enumerated() {
            let rest = "\n… and \(lines[index...].count { !$0.isEmpty }) more lines\n"
            let isLast = index == lines.count - 1
            guard text.utf8.count + line.utf8.count + 1 + (isLast ? 0 : rest.utf8.count) <= limit else {
                return text + rest
            }
            text += line + "\n"
        }
        return text
    }
}
