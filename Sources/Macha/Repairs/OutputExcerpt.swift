// SPDX-License-Identifier: MIT
import MachaJournal
import MachaModel

/// What is kept of a command's output: the last lines, without secrets, and never more than ``limit`` bytes.
enum OutputExcerpt {
    /// Bytes of one action's output that the audit keeps.
    static let limit = 4_096

    /// Of both streams together, as text.
    static func text(_ result: CommandResult) -> UntrustedText {
        text(result.standardOutput + (result.standardError.isEmpty ? [] : result.standardError))
    }

    /// The words of a command, with blanks between; bounded.
    static func command(_ words: [String]) -> UntrustedText {
        var redactor = Redactor()
        let clean = redactor.clean(command: words)
        return UntrustedText(String(decoding: clean.prefix(limit), as: UTF8.self))
    }

    static func text(_ output: some Sequence<UInt8>) -> UntrustedText {
        // Redacted before it is cut: half a secret would not be known as one.
        var redactor = Redactor()
        let bytes = Array(output).suffix(64 << 10)
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            redactor.clean(Array($0))
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        var kept: [[UInt8]] = []
        var size = 0
        for line in lines.reversed() {
            size += line.count + 1
            guard size <= limit else {
                if kept.isEmpty { kept.append(Array(line.prefix(limit))) }
                break
            }
            kept.append(line)
        }
        let cut = kept.count < lines.count ? "… \(lines.count - kept.count) lines before\n" : ""
        return UntrustedText(
            cut + kept.reversed().map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"))
    }
}

extension CommandResult {
    /// What it said last, on standard error if there is one; of two or three lines the first, which says what was wrong,
    /// where the others say where to read on. Safe to print.
    var lastWords: String {
        let text = standardError.isEmpty ? standardOutput : standardError
        let lines = OutputExcerpt.text(text).raw.split(whereSeparator: \.isNewline)
        let line = lines.count <= 3 ? lines.first : lines.last
        return line.map { String($0).printable(limit: 200) } ?? ""
    }
}
