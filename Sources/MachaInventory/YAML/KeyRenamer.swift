// SPDX-License-Identifier: MIT

/// Renames duplicate keys in a copy of a file without moving anything else, and remembers what they were called.
struct KeyRenamer {
    /// The file, with renamed keys.
    private(set) var text: String
    /// The names the keys had, by where they begin.
    private(set) var renamed: [LinePlace: String] = [:]

    /// Each renamed key costs one more parse of the whole file.
    private static let limit = 64

    init(_ text: String) { self.text = text }

    /// Renames the key that begins at `place`. Answers false when that cannot be done: a key with an anchor or a tag, an
    /// empty one, a complex one, or too many of them.
    mutating func rename(_ name: String, at place: LinePlace) -> Bool {
        var lines = SourceLines(text)
        guard renamed.count < Self.limit, var index = lines.index(of: place) else { return false }
        if lines.scalars[index] == "\"" || lines.scalars[index] == "'" { index += 1 }
        guard index < lines.scalars.count, !"\"'\\&*!|>%@`[]{},#: \t\r\n".unicodeScalars.contains(lines.scalars[index]),
            let marker = Unicode.Scalar(0xe000 + UInt32(renamed.count))  // private use: no real key begins with it
        else { return false }
        lines.scalars[index] = marker
        renamed[place] = name
        text = String(String.UnicodeScalarView(lines.scalars))
        return true
    }
}

/// A line and a column, both from 1.
struct LinePlace: Hashable {
    var line: Int
    var column: Int
}

/// A text addressed the way libYAML does: by line and Unicode scalar.
struct SourceLines {
    var scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    func scalar(at place: LinePlace) -> Unicode.Scalar? { index(of: place).map { scalars[$0] } }

    /// `nil` past the end of the text.
    func index(of place: LinePlace) -> Int? {
        var line = 1
        var index = 0
        while line < place.line, index < scalars.count {
            if endsLine(index) { line += 1 }
            index += 1
        }
        index += place.column - 1
        return line == place.line && index < scalars.count ? index : nil
    }

    /// Where the character (as `String` counts them) with this number stands.
    func place(atCharacter offset: Int) -> LinePlace {
        let text = String(String.UnicodeScalarView(scalars))
        let end = text.prefix(offset).unicodeScalars.count
        let breaks = (0..<end).filter { endsLine($0) }
        return LinePlace(line: breaks.count + 1, column: end - (breaks.last.map { $0 + 1 } ?? 0) + 1)
    }

    // yaml.org/spec/1.1 b-char: line feed, carriage return (one break together), next line, and the two separators.
    private func endsLine(_ index: Int) -> Bool {
        switch scalars[index] {
        case "\n", "\u{85}", "\u{2028}", "\u{2029}": true
        case "\r": index + 1 >= scalars.count || scalars[index + 1] != "\n"
        default: false
        }
    }
}
