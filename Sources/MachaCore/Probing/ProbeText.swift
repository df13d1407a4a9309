// SPDX-License-Identifier: MIT

/// Small readers that the probes share. None of them can fail on odd input; what is not there is `nil` or empty.
enum ProbeText {
    /// `key=value` lines; the first `=` parts them, and the last line with a key wins. Quotes around a value are removed.
    static func fields(_ text: some StringProtocol) -> [String: String] {
        var result: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            var value = line[line.index(after: equals)...]
            if value.count >= 2, let quote = value.first, quote == value.last, quote == "\"" || quote == "'" {
                value = value.dropFirst().dropLast()
            }
            result[String(line[..<equals])] = String(value)
        }
        return result
    }

    /// The parts between empty lines.
    static func blocks(_ text: String) -> [String] {
        text.split(separator: "\n\n", omittingEmptySubsequences: true).map { String($0) }
    }

    static func lines(_ text: some StringProtocol) -> [Substring] {
        text.split(whereSeparator: \.isNewline).map { Substring($0) }
    }

    static func words(_ line: some StringProtocol) -> [Substring] {
        line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { Substring($0) }
    }

    /// `nil` for an empty text, and for what systemd prints for a property without a value.
    static func present(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text != "[not set]", text != "n/a" else { return nil }
        return text
    }

    /// The start of `body`, to say which answer was not understood.
    static func unparsable(_ what: String, _ body: some StringProtocol) -> ProbeFailure {
        ProbeFailure(.unparsable, "\(what): \(body.prefix(120))")
    }
}
