// SPDX-License-Identifier: MIT

/// Text that a managed host wrote: log lines, unit names, error messages.
///
/// It is data. The raw form is kept as it came; whatever reaches a terminal goes through ``printable(limit:)``.
package struct UntrustedText: Hashable, Sendable {
    package let raw: String

    package init(_ raw: String) { self.raw = raw }

    /// One line with every control, format and bidirectional character replaced, cut after `limit` characters.
    package func printable(limit: Int = 200) -> String { raw.printable(limit: limit) }
}

extension UntrustedText: Codable {
    package init(from decoder: any Decoder) throws { raw = try decoder.singleValueContainer().decode(String.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(raw)
    }
}

extension UntrustedText: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}

extension String {
    /// This text as one line that cannot steer a terminal: control, format (bidirectional overrides among them),
    /// private-use and unassigned characters become `·`, line breaks and tabs a space; cut after `limit` characters with `…`.
    package func printable(limit: Int = 200) -> String {
        // Nearly every text is short and plain.
        if utf8.count <= limit, utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(limit * 4 + 4) {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n" || scalar == "\t" || scalar == "\r": result.append(" ")
            case .lineSeparator, .paragraphSeparator: result.append(" ")
            case .control, .format, .surrogate, .privateUse, .unassigned: result.append("·")
            default: result.append(scalar)
            }
        }
        let line = String(result)
        return line.count > limit ? String(line.prefix(max(0, limit - 1))) + "…" : line
    }

    /// This text in single quotes, for a message about a file: one line, safe to print, cut after 60 characters.
    package var quoted: String { "'\(printable(limit: 60))'" }
}
