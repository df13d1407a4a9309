// SPDX-License-Identifier: MIT

/// A program and its arguments as one line that a login shell splits into exactly these words again.
///
/// SSH carries a command as one string that the account's shell reads, so quoting happens here, once, at the wire, and
/// nowhere else. Quotes and backslashes stand outside the single quotes, because fish, unlike POSIX shells,
/// reads a backslash inside them.
package enum CommandQuoting {
    package static func line(_ words: [String]) -> String {
        guard let program = words.first, reserved.contains(program) else {
            return words.map(quote).joined(separator: " ")
        }
        return (["'\(program)'"] + words.dropFirst().map(quote)).joined(separator: " ")
    }

    /// What sh, bash, zsh or fish take for a part of their language where a program is named, so `time` would not be run.
    private static let reserved: Set<String> = [
        "and", "begin", "case", "coproc", "do", "done", "elif", "else", "end", "esac", "fi",
        "for", "foreach", "function", "if", "in", "nocorrect", "not", "or", "repeat", "select", "switch", "then",
        "time",
        "until", "while",
    ]

    private static func quote(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        var line = ""
        var run = ""
        func flush() {
            if !run.isEmpty { line += "'\(run)'" }
            run = ""
        }
        for character in word.unicodeScalars {
            switch character {
            case "'", "\\":
                flush()
                line += "\\"
                line.unicodeScalars.append(character)
            default: run.unicodeScalars.append(character)
            }
        }
        flush()
        return line.isEmpty ? "''" : line
    }

    // `=`, `~`, `%`, `{` and the like mean something at some place in some shell, so only these go bare.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_-./:,@+".utf8.contains(byte)
        }
    }
}
