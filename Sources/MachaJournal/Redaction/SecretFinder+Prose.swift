// SPDX-License-Identifier: MIT

/// Secrets that a sentence gives away: `the passphrase is 'blue horse'`, `password for bob was set to tulip`, `PIN 4711`.
extension SecretFinder {
    private static let names = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "pin", "api key", "recovery code", "psk",
    ].map { Array($0.utf8) }

    /// What is said of a secret without giving it away.
    private static let remarks = Set(
        [
            "required", "invalid", "incorrect", "expired", "missing", "not", "too", "already", "being", "never",
            "still",
            "about", "stored", "set", "unset", "empty", "wrong", "correct", "valid", "accepted", "rejected", "ok",
            "fine",
            "changed", "unchanged", "in", "on", "for", "from", "the", "a", "an", "needed", "necessary", "deprecated",
            "disabled", "enabled", "locked", "weak", "strong", "short", "long", "available", "unavailable", "used",
            "unused",
            "updated", "reset", "protected", "encrypted", "hashed", "loaded", "unknown", "null", "none", "only", "at",
            "going", "no", "now", "optional", "mandatory", "unsupported", "supported", "malformed", "bad", "good",
            "given",
            "kept", "read", "sent", "shown", "hidden", "lost", "found", "gone", "there", "here", "same", "different",
            "new",
            "old", "more", "less", "than", "by", "with", "without", "to", "of", "and", "or", "default", "out", "up",
            "down",
            "written", "taken", "known", "what", "that", "this", "it", "as", "over", "under", "because", "but", "until",
            "blank", "unsafe", "safe", "secret", "private", "public", "redacted", "unchecked", "absent", "present",
            "rotated",
        ].map { Array($0.utf8) })

    private static let verbs = ["is", "was", "are", "=", ":", "equals", "is:", "was:"].map { Array($0.utf8) }
    private static let fillers = ["is", "was", "now", "currently", "set", "to", "changed", "reset", "still", "called"]
        .map {
            Array($0.utf8)
        }
    private static let settings = ["set", "changed", "reset", "updated"].map { Array($0.utf8) }
    /// How many words may stand between a secret's name and its verb: `password for the user bob is`.
    private static let distance = 5

    mutating func findProse() {
        for name in Self.names {
            for start in Bytes.all(name, in: lower) {
                let end = start + name.count
                guard start == 0 || !joinsName(text[start - 1]), end < text.count, !joinsName(text[end]) else {
                    continue
                }
                findProse(after: end, name: name)
            }
        }
    }

    private func joinsName(_ byte: UInt8) -> Bool {
        Bytes.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }

    private mutating func findProse(after end: Int, name: [UInt8]) {
        var at = end
        var previous: ArraySlice<UInt8> = []
        for step in 0...Self.distance {
            guard let word = word(from: at) else { return }
            let letters = lower[word]
            if step == 0, isNumber(word), name == Array("pin".utf8) || name == Array("passcode".utf8) {
                if word.count >= 4 { found.append(word) }
                return
            }
            if step == 0, let quoted = quoted(at: word.lowerBound), name != Array("token".utf8),
                name != Array("secret".utf8)
            {
                return keep(quoted)
            }
            let isSetting = letters.elementsEqual("to".utf8) && Self.settings.contains(Array(previous))
            if Self.verbs.contains(Array(letters)) || isSetting {
                return findValue(from: word.upperBound, isPhrase: name == Array("passphrase".utf8))
            }
            guard !"\"';,(".utf8.contains(text[word.upperBound - 1]) else { return }
            previous = letters
            at = word.upperBound
        }
    }

    /// The value behind a verb, a quoted one whatever it is, a bare one unless it only says something of the secret.
    private mutating func findValue(from start: Int, isPhrase: Bool) {
        var at = start
        while let word = word(from: at) {
            if let quoted = quoted(at: word.lowerBound) { return keep(quoted) }
            let plain = trimmed(word)
            let letters = Array(lower[plain])
            if isPhrase, let phrase = phrase(from: plain.lowerBound) {
                found.append(phrase)
                return
            }
            if Self.fillers.contains(letters), self.word(from: word.upperBound) != nil {
                at = word.upperBound
                continue
            }
            let isRemark = Self.remarks.contains(letters) || SecretName.isNoValue(lower[plain]) || isParticiple(plain)
            if !plain.isEmpty, !isRemark, text[plain.lowerBound] != UInt8(ascii: "/"),
                text[plain.lowerBound] != UInt8(ascii: "[")
            {
                found.append(plain)
            }
            return
        }
    }

    /// Three or more plain words to the end of the sentence, none of which sentences are made of.
    private func phrase(from start: Int) -> Range<Int>? {
        var words = 0
        var at = start
        while let word = word(from: at) {
            let plain = trimmed(word)
            guard !plain.isEmpty, isPlainWord(plain.lowerBound, plain.upperBound),
                words == 0 || !Self.remarks.contains(Array(lower[plain]))
            else { return nil }
            words += 1
            at = plain.upperBound
            if plain.upperBound < word.upperBound { break }
        }
        return words >= 3 ? start..<at : nil
    }

    private mutating func keep(_ quoted: Range<Int>) {
        if !SecretName.isNoValue(lower[quoted]) { found.append(quoted) }
    }

    /// What stands between the quotes that open at `at`: straight, curved, or backticks.
    private func quoted(at start: Int) -> Range<Int>? {
        for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’"), ("„", "“"), ("«", "»")]
        where text[start...].starts(with: open.utf8) {
            let from = start + open.utf8.count
            let end = Bytes.first(close, in: text, from: from) ?? text.count
            return from < end ? from..<end : nil
        }
        return nil
    }

    private func word(from start: Int) -> Range<Int>? {
        var from = start
        while from < text.count, text[from] == 0x20 { from += 1 }
        var end = from
        while end < text.count, text[end] > 0x20 { end += 1 }
        return from < end ? from..<end : nil
    }

    private func trimmed(_ word: Range<Int>) -> Range<Int> {
        var end = word.upperBound
        while end > word.lowerBound, ".,;:)]}\"'>".utf8.contains(text[end - 1]) { end -= 1 }
        return word.lowerBound..<end
    }

    private func isNumber(_ word: Range<Int>) -> Bool {
        let digits = lower[trimmed(word)]
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `password is generated`, `token was being refreshed`: what happens to it, not what it is.
    private func isParticiple(_ word: Range<Int>) -> Bool {
        guard word.count > 5, isPlainWord(word.lowerBound, word.upperBound) else { return false }
        return ["ed", "ing"].contains { lower[word].suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
}
