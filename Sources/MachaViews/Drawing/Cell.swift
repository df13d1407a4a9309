// SPDX-License-Identifier: MIT
package import MachaModel

/// The meaning of a piece of text. It chooses a colour where there is one; the words carry the meaning.
package enum Role: Hashable, Sendable, CaseIterable {
    case plain, heading, ok, warning, critical, unknown, dim

    /// The parameters of the terminal's "select graphic rendition" (ECMA-48, 8.3.117); the sixteen colours only, which
    /// every person's theme keeps readable.
    fileprivate var rendition: String? {
        switch self {
        case .plain: nil
        case .heading: "1"
        case .ok: "32"
        case .warning: "33"
        case .critical: "1;31"
        case .unknown: "35"
        case .dim: "2"
        }
    }
}

/// One line of text that is safe to show, and its role.
///
/// Whatever it is made from goes through `printable`, and nothing else can be rendered: no text of a host, a log or a
/// model reaches the terminal with an escape sequence in it.
package struct Cell: Hashable, Sendable {
    /// One line of printable characters.
    package let text: String
    let role: Role

    /// `limit` is the most characters that are kept.
    package init(_ text: String, _ role: Role = .plain, limit: Int = 1_000) {
        self.text = text.printable(limit: limit)
        self.role = role
    }

    /// The same of what a host, a log or a model said.
    package init(_ text: UntrustedText, _ role: Role = .plain, limit: Int = 1_000) {
        self.init(text.raw, role, limit: limit)
    }

    /// The severity in words and colour.
    init(_ severity: Severity) {
        switch severity {
        case .info: self.init("info")
        case .warning: self.init("warning", .warning)
        case .critical: self.init("critical", .critical)
        }
    }

    var width: Int { text.displayWidth }

    /// The text as it goes to the terminal.
    package func rendered(color: Bool) -> String { Self.render(text, role, color: color) }

    /// `part` of this cell, in its colour.
    func rendered(_ part: Substring, color: Bool) -> String { Self.render(String(part), role, color: color) }

    private static func render(_ text: String, _ role: Role, color: Bool) -> String {
        guard color, let rendition = role.rendition, !text.isEmpty else { return text }
        return "\u{1b}[\(rendition)m\(text)\u{1b}[0m"
    }
}

extension Cell: ExpressibleByStringInterpolation {
    /// A literal of our own source.
    package init(stringLiteral value: String) { self.init(value) }
}
