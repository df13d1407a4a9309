// SPDX-License-Identifier: MIT
import MachaModel

extension ReportDrawing {
    /// A page of at most `limit` bytes, for mails and browsers. The only link is `link`, which is the configuration's.
    package func html(limit: Int, link: String?) -> String {
        let end = [
            report.notes.map { "<p><small>\(Self.text($0))</small></p>\n" }.joined(),
            link.map { "<p><a href=\"\($0.htmlEscaped)\">Open Macha</a></p>\n" } ?? "", "</body></html>\n",
        ].joined()
        var page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
            <title>\(Self.text(report.title))</title>
            <style>\(Self.style)</style></head><body>
            <h1>\(Self.text(report.title))</h1>
            <p>\(Self.text(report.summary.joined(separator: " ")))</p>

            """
        for (index, section) in report.sections.enumerated() {
            let text = Self.draw(section)
            let rest = "<p>… and \(report.sections.count - index) more sections</p>\n"
            guard page.utf8.count + text.utf8.count + rest.utf8.count + end.utf8.count <= limit else {
                page += rest
                break
            }
            page += text
        }
        return page + end
    }

    private static func draw(_ section: ReportDocument.Section) -> String {
        let entries = section.entries.map { entry in
            let label =
                entry.label.isEmpty ? "" : "<b style=\"color:\(color(entry.tone))\">\(text(entry.label))</b> "
            let detail = entry.detail.isEmpty ? "" : " <small>(\(text(entry.detail)))</small>"
            return "<li>\(label)\(text(entry.text))\(detail)</li>\n"
        }.joined()
        let more = section.left > 0 ? "<li>and \(section.left) more</li>\n" : ""
        let command = section.command.isEmpty ? "" : "<p><code>\(section.command.htmlEscaped)</code></p>\n"
        return "<h2>\(text(section.title))</h2>\n<ul>\n\(entries)\(more)</ul>\n\(command)"
    }

    private static func text(_ text: String) -> String { MessageDrawing.defused(text).htmlEscaped }

    /// There is no background of ours: each has a contrast of 3.8 and more on white and on the dark grey of mail programs.
    private static func color(_ tone: ReportDocument.Tone) -> String {
        switch tone {
        case .critical: "#d9453b"
        case .warning: "#b3701a"
        case .unknown: "#9461d6"
        case .good: "#2b8a50"
        case .plain: "inherit"
        }
    }

    private static let style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:44em;margin:0 auto;padding:1em}"
        + "h1{font-size:1.25em}h2{font-size:1em;margin:1.5em 0 .25em}ul{margin:0;padding-left:1.25em}"
        + "small{opacity:.75}code{font-size:.9em}"
}
