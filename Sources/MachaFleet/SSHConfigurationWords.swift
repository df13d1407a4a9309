// SPDX-License-Identifier: MIT

/// The words of a line of ssh_config(5).
enum SSHConfigurationWords {
    /// The keyword and its arguments; none for an empty line and for a comment. Blanks part words, and one `=` may stand behind
    /// the keyword; quotes hold blanks, and a backslash quotes itself, a quote or a blank (misc.c, `argv_split`).
    static func split(_ line: some StringProtocol) -> [String] {
        var words: [String] = []
        var (word, isWord) = ("", false)
        var quote: Character?
        var rest = line[...].drop { $0.isWhitespace }
        guard rest.first != "#" else { return [] }
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" || character == "\r" }
        while let next = rest.popFirst() {
            if next == "\\", let quoted = rest.first, "\\'\" ".contains(quoted), quoted != " " || quote == nil {
                word.append(quoted)
                isWord = true
                rest.removeFirst()
            } else if next == quote {
                quote = nil
            } else if quote == nil, next == "\"" || next == "'" {
                (quote, isWord) = (next, true)
            } else if quote == nil, isBlank(next) || next == "=" && words.isEmpty {
                guard isWord else { continue }
                words.append(word)
                (word, isWord) = ("", false)
                if words.count == 1 { rest = afterKeyword(next, rest) }
            } else if quote == nil, !isWord, next == "#" {
                break
            } else {
                word.append(next)
                isWord = true
            }
        }
        return isWord ? words + [word] : words
    }

    /// Passes over the one `=` that may follow the keyword and its blanks.
    private static func afterKeyword<Text: StringProtocol>(_ mark: Character, _ rest: Text) -> Text
    where Text.SubSequence == Text {
        let bare = rest.drop { $0 == " " || $0 == "\t" }
        return mark != "=" && bare.first == "=" ? bare.dropFirst() : bare
    }
}
