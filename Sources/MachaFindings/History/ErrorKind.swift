// SPDX-License-Identifier: MIT
import MachaModel
package import MachaProbes

/// What an error message says once everything that varies is left out, so that the same error is the same kind on any day.
///
/// `nginx: connect() to 10.0.0.7:443 failed (111: refused)` and the same for another address are one kind. Words are kept,
/// and whatever holds a digit, a path, an address or quotes becomes `*`; only the first twelve parts count, because
/// free text tends to stand at the end. Two errors that differ in one word only are two kinds.
package struct ErrorKind: Hashable, Sendable {
    /// The program and the words that stay, safe to print.
    package let text: String
    /// Who logs it.
    package let program: String
    /// 64 bits of FNV-1a over ``text``: what is stored.
    package let id: Int64

    package init(_ entry: JournalEntry) {
        let name = entry.identifier ?? entry.unit ?? "unknown"
        program = Self.words(name, limit: 3)
        text = "\(program): \(Self.words(entry.message?.raw ?? "", limit: 12))".printable(limit: 200)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        id = Int64(bitPattern: hash)
    }

    private static func words(_ text: String, limit: Int) -> String {
        var parts: [Substring] = []
        var isQuoted = false
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        for word in line.prefix(400).split(whereSeparator: { " \t,;()[]{}<>".contains($0) }) {
            let quotes = word.count { "\"'`".contains($0) }
            let isVariable = isQuoted || quotes > 0 || !isPlain(word)
            if quotes % 2 == 1, !isApostrophe(word) { isQuoted.toggle() }
            let part: Substring = isVariable && !isApostrophe(word) ? "*" : word
            if part == "*", parts.last == "*" { continue }
            guard parts.count < limit else { break }
            parts.append(part)
        }
        return parts.joined(separator: " ")
    }

    /// Letters, with `-`, `_`, `.` or `:` at most: no figure, no path, no key with its value.
    private static func isPlain(_ word: Substring) -> Bool {
        word.utf8.count <= 30
            && word.utf8.allSatisfy { byte in
                byte >= 0x80 || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || [0x2d, 0x5f, 0x2e, 0x3a, 0x21, 0x3f].contains(byte)
            }
    }

    /// `can't` is a word.
    private static func isApostrophe(_ word: Substring) -> Bool {
        guard let at = word.firstIndex(of: "'"), at != word.startIndex, word.last != "'" else { return false }
        return isPlain(Substring(word.replacing("'", with: "")))
    }
}
