// SPDX-License-Identifier: MIT

/// A program and its arguments as one line that a login shell splits into exactly these words again.
///
/// SSH carries a command as one string that the account's shell reads, so quoting happens here, once, at the wire, and
/// nowhere else. Quotes and backslashes stand outside the single quotes, because fish, unlike POSIX shells, reads a backslash inside
/// them; so do exclamation marks, which tcsh reads there. Every word is quoted: a plain one may be an alias (zsh has them for any
/// word) or a part of the shell's language.
package enum CommandQuoting {
    package static func line(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

    private static func quote(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return "'\(word)'" }
        var line = ""
        var run = ""
        func flush() {
            if !run.isEmpty { line += "'\(run)'" }
            run = ""
        }
        for character in word.unicodeScalars {
            switch character {
            case "'", "\\", "!":
                flush()
                line += "\\"
                line.unicodeScalars.append(character)
            default: run.unicodeScalars.append(character)
            }
        }
        flush()
        return line.isEmpty ? "''" : line
    }

    /// What no shell finds a meaning in, inside quotes: most words are nothing else, and need no look at each character.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "!")
    }
}
