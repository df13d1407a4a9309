// SPDX-License-Identifier: MIT
import MachaModel

/// A message as each receiver reads it. Words of hosts are never markup: no link, image, mention or tag can come of them.
struct MessageDrawing {
    let message: NoticeMessage

    /// Markdown, at most `limit` bytes.
    func markdown(limit: Int) -> String {
        Self.fit(
            message.lines.map { line in
                let text = line.text.markdownEscaped
                return switch line.kind {
                case .heading: "**\(text)**"
                case .item: "- \(text)"
                case .evidence: "  > \(text)"
                case .text: text
                case .command: "    \(line.text)"
                }
            }, separator: "\n\n", limit: limit)
    }

    /// Plain text, at most `limit` bytes. Addresses in it are broken up: what shows text makes links of them by itself.
    func plain(limit: Int) -> String {
        Self.fit(
            message.lines.map { line in
                let text = Self.defused(line.text)
                return switch line.kind {
                case .heading: "\(text):"
                case .item: "- \(text)"
                case .evidence: "    \(text)"
                case .text, .command: text
                }
            }, separator: "\n", limit: limit)
    }

    /// HTML for a mail: text and nothing that loads or links, but for the address of the configuration.
    func html(limit: Int) -> String {
        let lines = message.lines.map { line in
            let text = Self.defused(line.text).htmlEscaped
            return switch line.kind {
            case .heading: "<h3>\(text)</h3>"
            case .item: "<p><b>\(text)</b></p>"
            case .evidence: "<pre>\(text)</pre>"
            case .text: "<p>\(text)</p>"
            case .command: "<p><code>\(line.text.htmlEscaped)</code></p>"
            }
        }
        let link = message.click.map { "<p><a href=\"\($0.htmlEscaped)\">Open Macha</a></p>\n" } ?? ""
        return """
            <!DOCTYPE html>
            <html><body>
            <h2>\(Self.defused(message.title).htmlEscaped)</h2>
            \(Self.fit(lines, separator: "\n", limit: limit))
            \(link)</body></html>

            """
    }

    /// The title as plain text.
    var title: String { Self.defused(message.title) }

    /// `https://x` becomes `https: //x`, and a mention loses its name.
    static func defused(_ text: String) -> String {
        text.replacing("://", with: ": //").replacing("www.", with: "www ").replacing("mailto:", with: "mailto ")
    }

    /// Whole lines as far as they fit, and how many do not.
    private static func fit(_ lines: [String], separator: String, limit: Int) -> String {
        var text = ""
        for (index, line) in lines.enumerated() {
            let rest = "\(separator)… and \(lines.count - index) more lines"
            guard text.utf8.count + separator.utf8.count + line.utf8.count + rest.utf8.count <= limit else {
                return text.isEmpty ? String(line.prefix(max(0, limit / 4))) + "…" : text + rest
            }
            text += (text.isEmpty ? "" : separator) + line
        }
        return text
    }
}
