// SPDX-License-Identifier: MIT

/// Secrets among the arguments of commands: `mysql -pSECRET`, `sshpass -p SECRET`, `curl -u bob:SECRET`.
extension SecretFinder {
    /// A word of a command line with its quotes taken off.
    private typealias Word = Range<Int>

    /// - Parameter isCommand: The line is a command somebody typed, not a log line that may quote one: then also what only
    ///   looks like a secret among arguments is one.
    mutating func findCommandFlags(isCommand: Bool) {
        guard
            isCommand || Bytes.first(" -", in: text, from: 0) != nil || Bytes.first(" /p:", in: text, from: 0) != nil
                || Bytes.first(" pass:", in: text, from: 0) != nil || Bytes.first("| ", in: text, from: 0) != nil
        else { return }
        let words = commandWords()
        var program: (name: String, flags: CommandFlags?, at: Int)?
        for (index, word) in words.enumerated() {
            let name = base(word)
            if let flags = CommandFlags.known[name] {
                program = (name, flags, index)
                findLast(flags, words, index)
            } else if CommandFlags.plain.contains(name) {
                program = (name, nil, index)
            } else if let flags = program?.flags {
                judge(index, words, flags, isAllowed: isAllowed(flags, words, program?.at ?? 0, index))
            }
            if program?.name == "openssl" || isCommand, text[word].starts(with: "pass:".utf8), word.count > 5 {
                found.append(word.lowerBound + 5..<word.upperBound)
            }
            if isCommand { guess(index, words, isPlain: program.map { $0.flags == nil } ?? false) }
        }
        findPiped(words)
        findVault(words)
    }

    private func isAllowed(_ flags: CommandFlags, _ words: [Word], _ program: Int, _ index: Int) -> Bool {
        guard let only = flags.only else { return true }
        return words[program..<index].contains { text[$0].elementsEqual(only.utf8) }
    }

    private mutating func judge(_ index: Int, _ words: [Word], _ flags: CommandFlags, isAllowed: Bool) {
        let word = words[index]
        let following = index + 1 < words.count ? words[index + 1] : nil
        guard isAllowed else { return }
        if flags.next.contains(where: { isFlag($0, word) }), let following, text[following.lowerBound] != dash {
            found.append(following)
        }
        for flag in flags.glued where word.count > flag.utf8.count && text[word].starts(with: flag.utf8) {
            // `--port` is no `-p` with a secret.
            guard !text[word].starts(with: "--".utf8) else { continue }
            found.append(word.lowerBound + flag.utf8.count..<word.upperBound)
        }
        for (flag, sign) in flags.behind {
            if isFlag(flag, word), let following {
                keep(behind: sign, in: following)
            } else if text[word].starts(with: flag.utf8), word.count > flag.utf8.count {
                keep(behind: sign, in: word.lowerBound + flag.utf8.count..<word.upperBound)
            }
        }
    }

    private mutating func keep(behind sign: UInt8, in word: Word) {
        guard let at = text[word].firstIndex(of: sign), at + 1 < word.upperBound else { return }
        found.append(at + 1..<word.upperBound)
    }

    /// The flag itself, or the last of several short ones: `-su` for `-s -u`.
    private func isFlag(_ flag: String, _ word: Word) -> Bool {
        if text[word].elementsEqual(flag.utf8) { return true }
        guard flag.utf8.count == 2, word.count > 2, word.count <= 6, let letter = flag.utf8.last,
            text[word.lowerBound] == dash
        else { return false }
        return text[word.upperBound - 1] == letter
            && text[(word.lowerBound + 1)..<word.upperBound].allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }
    }

    /// What a person's own command may hold without any known program: a flag with a secret's name, `-p` and something
    /// that no port, path or name looks like, a name followed by its value, a token.
    private mutating func guess(_ index: Int, _ words: [Word], isPlain: Bool) {
        let word = words[index]
        let following = index + 1 < words.count ? words[index + 1] : nil
        var name = lower[word]
        while name.first == dash { name = name.dropFirst() }
        let isFlag = name.count < word.count
        if let following, text[following.lowerBound] != dash, !looksLikePath(following), name.count >= 3,
            isFlag || name.contains(where: { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == dash })
                || SecretName.flags.contains(Array(name)) || name.suffix(8).elementsEqual("password".utf8),
            !name.contains(UInt8(ascii: "=")), SecretName.judge(name) == .secret
        {
            found.append(following)
        }
        if Entropy.isToken(text[word]) { found.append(word) }
        guard !isPlain, isFlag, word.count >= 2,
            [UInt8(ascii: "p"), UInt8(ascii: "P")].contains(text[word.lowerBound + 1])
        else { return }
        if word.count == 2, let following, looksTyped(following) { found.append(following) }
        if word.count > 2, looksTyped(word.lowerBound + 2..<word.upperBound) {
            found.append(word.lowerBound + 2..<word.upperBound)
        }
    }

    private func looksLikePath(_ word: Word) -> Bool {
        ["/", "./", "../", "~/"].contains { text[word].starts(with: $0.utf8) }
    }

    private func looksTyped(_ word: Word) -> Bool {
        word.count >= 6 && !text[word].contains { "/:.=,".utf8.contains($0) } && Entropy.isMixed(text[word])
    }

    private mutating func findLast(_ flags: CommandFlags, _ words: [Word], _ program: Int) {
        guard let letter = flags.last, let last = words.dropFirst(program + 2).last, text[last.lowerBound] != dash
        else {
            return
        }
        let isGiven =
            letter.isEmpty
            || words[program...].contains { text[$0.lowerBound] == dash && text[$0].contains(letter.utf8.first ?? 0) }
        if isGiven { found.append(last) }
    }

    /// `echo SECRET | sudo -S`, `printf bob:SECRET | chpasswd`.
    private mutating func findPiped(_ words: [Word]) {
        for (index, word) in words.enumerated() where text[word].elementsEqual("|".utf8) && index + 1 < words.count {
            guard CommandFlags.readers.contains(base(words[index + 1])),
                let echo = words[..<index].lastIndex(where: { ["echo", "printf"].contains(base($0)) })
            else { continue }
            for word in words[(echo + 1)..<index] where text[word.lowerBound] != dash { found.append(word) }
        }
    }

    /// `vault login SECRET`, `vault kv put PATH name=SECRET`.
    private mutating func findVault(_ words: [Word]) {
        guard let vault = words.firstIndex(where: { ["vault", "bao"].contains(base($0)) }) else { return }
        let rest = words[(vault + 1)...]
        let isWriting = rest.contains { word in
            ["put", "patch", "write"].contains { text[word].elementsEqual($0.utf8) }
        }
        let login = rest.firstIndex { text[$0].elementsEqual("login".utf8) }
        for index in rest.indices where text[words[index].lowerBound] != dash {
            if isWriting { keep(behind: UInt8(ascii: "="), in: words[index]) }
            if let login, index > login, !text[words[index]].contains(UInt8(ascii: "=")) { found.append(words[index]) }
        }
    }

    private var dash: UInt8 { UInt8(ascii: "-") }

    /// The last part of a program's path, in lower case; empty for what is none.
    private func base(_ word: Word) -> String {
        var start = word.lowerBound
        for at in word where "/=(`".utf8.contains(text[at]) { start = at + 1 }
        return start < word.upperBound && word.upperBound - start <= 20
            ? String(decoding: lower[start..<word.upperBound], as: UTF8.self) : ""
    }

    /// Words as a shell parts them, without carrying out anything: blanks part, quotes keep together and are left out at
    /// both ends, `;`, `&` and `|` are words of their own.
    private func commandWords() -> [Word] {
        var words: [Word] = []
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte <= 0x20 || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "&") {
                at += 1
            } else if byte == UInt8(ascii: "|") {
                words.append(at..<at + 1)
                at += 1
            } else if byte == 0x22 || byte == 0x27 {
                let end = text[(at + 1)...].firstIndex(of: byte) ?? text.count
                let inner = at + 1..<end
                // A quoted command line is read as one: `sh -c 'mysql -pSECRET'`.
                words +=
                    text[inner].contains(0x20) && !isValue(words.last) ? parted(inner) : inner.isEmpty ? [] : [inner]
                at = end + 1
            } else {
                var end = at
                while end < text.count, text[end] > 0x20, !";&|\"'".utf8.contains(text[end]) { end += 1 }
                words.append(at..<end)
                at = end
            }
        }
        return words
    }

    /// Whether the word before takes a value, which is then one word however many blanks it has.
    private func isValue(_ word: Word?) -> Bool {
        guard let word, text[word.lowerBound] == dash else { return false }
        return !text[word].elementsEqual("-c".utf8)
    }

    private func parted(_ range: Range<Int>) -> [Word] {
        var words: [Word] = []
        var start = range.lowerBound
        for at in range.lowerBound...range.upperBound where at == range.upperBound || text[at] <= 0x20 {
            if at > start { words.append(start..<at) }
            start = at + 1
        }
        return words
    }
}
