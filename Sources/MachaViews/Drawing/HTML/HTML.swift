// SPDX-License-Identifier: MIT
import MachaModel

/// A piece of a web page: markup from our own source, with text inserted as text.
///
/// Only literals are markup. What is interpolated is a `Cell`, whose characters cannot steer anything and which is
/// escaped for element content and quoted attributes alike, a number, or another `HTML`. A plain `String` cannot be
/// interpolated: no text of a host becomes markup.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral value: StaticString) { text = "\(value)" }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    private init(raw: String) { text = raw }

    /// Bytes.
    var size: Int { text.utf8.count }

    static func + (left: HTML, right: HTML) -> HTML { HTML(raw: left.text + right.text) }

    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }

        mutating func appendInterpolation(_ cell: Cell) { text += cell.text.htmlEscaped }

        mutating func appendInterpolation(_ number: Int) { text += String(number) }

        mutating func appendInterpolation(_ html: HTML) { text += html.text }

        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }
    }
}

extension Role {
    /// The role's class in the style sheet.
    var html: HTML {
        switch self {
        case .plain: "p"
        case .heading: "h"
        case .ok: "o"
        case .warning: "w"
        case .critical: "c"
        case .unknown: "u"
        case .dim: "d"
        }
    }
}
