// SPDX-License-Identifier: MIT

/// The command line, before it is parsed.
enum CommandLineParsing {
    /// Options every command takes, and whether a value follows.
    private static let global = ["--config": true, "--inventory": true, "--state-dir": true, "--json": false]

    /// The words to parse, from all words with the program's name.
    ///
    /// Global options before the command are moved behind it, where the commands declare them, but before a `--`: what
    /// follows that belongs to a remote program. A program called by another of its names gets that command. As the first
    /// Macha's did, `macha-logs` follows on a terminal.
    static func normalized(_ words: [String], isTerminal: Bool) -> [String] {
        let program = words.first.flatMap { $0.split(separator: "/").last.map(String.init) } ?? ""
        var rest = (FirstMacha.programs[program] ?? []) + words.dropFirst()
        if program == "macha-logs", isTerminal, !rest.contains("--json") { rest.append("--follow") }
        var moved: [String] = []
        while let first = rest.first, let takesValue = option(first) {
            let count = takesValue && !first.contains("=") ? 2 : 1
            moved += rest.prefix(count)
            rest.removeFirst(min(count, rest.count))
        }
        rest = answer(rest)
        // Without a command there is nothing to move behind: the parser shall complain about the words as they were.
        guard !rest.isEmpty else { return moved }
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        rest.insert(contentsOf: moved, at: end)
        return rest
    }

    /// `approve 3` and `reject 3` in full.
    private static func answer(_ words: [String]) -> [String] {
        func isID(_ word: String) -> Bool { !word.isEmpty && word.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        switch words.first {
        case "approve" where words.dropFirst().first.map(isID) ?? false: return ["approve"] + words
        case "reject": return ["approve"] + words
        default: return words
        }
    }

    private static func option(_ word: String) -> Bool? {
        global[word] ?? (word.contains("=") ? global[String(word.prefix { $0 != "=" })] : nil)
    }
}
