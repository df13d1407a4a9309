// SPDX-License-Identifier: MIT

/// Other names for hosts, users and addresses: the same one for the same thing within a digest, and a way back.
package struct Pseudonyms: Sendable {
    private var names: [[UInt8]: String] = [:]
    private var originals: [String: [UInt8]] = [:]
    private var counts: [String: Int] = [:]
    private let hosts: Set<[UInt8]>

    /// - Parameter hosts: names of machines that are known, for a short name has no shape of its own.
    package init(hosts: Set<String> = []) { self.hosts = Set(hosts.map { Array($0.utf8) }) }

    /// The text with every host, user and address replaced by `host-1`, `user-1`, `addr-1` …
    package mutating func replace(in text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        var previous: [UInt8] = []
        while at < text.count {
            guard Self.joins(text[at]) else {
                // `user=` and `for "` announce a name as a blank does; anything else forgets the word before.
                if text[at] != 0x20 && text[at] != 0x3d && text[at] != 0x22 && text[at] != 0x27 && text[at] != 0x3a {
                    previous = []
                }
                out.append(text[at])
                at += 1
                continue
            }
            var end = at
            while end < text.count, Self.joins(text[end]) { end += 1 }
            while end > at,
                text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: ":")
                    || text[end - 1] == UInt8(ascii: "-")
            { end -= 1 }
            if end == at { end = at + 1 }
            let word = Array(text[at..<end])
            out += replaceWord(word, after: previous)
            previous = word.map { $0 | 0x20 }
            at = end
        }
        return out
    }

    /// The text with the original names again.
    package func restore(_ text: String) -> String {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            if at == 0 || !Self.joins(bytes[at - 1]), let end = Self.madeNameEnd(bytes, at),
                let original = originals[String(decoding: bytes[at..<end], as: UTF8.self)]
            {
                out += original
                at = end
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Where a name of our making that starts here ends.
    private static func madeNameEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        for kind in kinds where bytes[start...].starts(with: kind) {
            var end = start + kind.count
            while end < bytes.count, bytes[end] >= 0x30, bytes[end] <= 0x39 { end += 1 }
            if end > start + kind.count { return end }
        }
        return nil
    }

    private static let kinds = ["host-", "addr-", "user-"].map { Array($0.utf8) }

    private mutating func replaceWord(_ word: [UInt8], after previous: [UInt8]) -> [UInt8] {
        if hosts.contains(word) { return name("host", word) }
        // What looks like a name of our making gets one, or the way back would be lost.
        if Self.madeNameEnd(word, 0) != nil { return name("host", word) }
        if let split = Self.addressEnd(word) { return name("addr", Array(word[..<split])) + word[split...] }
        if Self.isHost(word) { return name("host", word) }
        if Self.announcesUser(previous), Self.isUser(word) { return name("user", word) }
        if names[word]?.hasPrefix("user-") == true { return name("user", word) }
        return word
    }

    private mutating func name(_ kind: String, _ word: [UInt8]) -> [UInt8] {
        if let known = names[word] { return Array(known.utf8) }
        counts[kind, default: 0] += 1
        let made = "\(kind)-\(counts[kind] ?? 1)"
        names[word] = made
        originals[made] = word
        return Array(made.utf8)
    }

    private static func joins(_ byte: UInt8) -> Bool {
        Bytes.isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
            || byte >= 0x80
    }

    /// Where an address at the start of a word ends: IPv4 with or without a port, IPv6, MAC.
    private static func addressEnd(_ word: [UInt8]) -> Int? {
        var groups = 0
        var digits = 0
        var at = 0
        while at < word.count {
            if word[at] >= 0x30, word[at] <= 0x39 {
                digits += 1
            } else if word[at] == UInt8(ascii: "."), digits > 0, digits < 4 {
                groups += 1
                digits = 0
            } else {
                break
            }
            at += 1
        }
        if groups == 3, digits > 0, digits < 4, at == word.count || word[at] == UInt8(ascii: ":") { return at }
        let colons = word.count { $0 == UInt8(ascii: ":") }
        let isHex = word.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || (($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66) || $0 == UInt8(ascii: ":")
        }
        guard isHex, colons >= 3, colons >= 5 || Bytes.first("::", in: word, from: 0) != nil else { return nil }
        return word.count
    }

    private static func isHost(_ word: [UInt8]) -> Bool {
        guard word.count > 3, !word.contains(UInt8(ascii: ":")), word.first != UInt8(ascii: ".") else { return false }
        let labels = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty && !$0.contains(UInt8(ascii: "_")) }),
            let last = labels.last
        else { return false }
        return endings.contains(String(decoding: last, as: UTF8.self)) && labels[0].contains { ($0 | 0x20) >= 0x61 }
    }

    private static let endings: Set<String> = [
        "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "dev", "io", "arpa", "local", "lan", "home",
        "internal", "de", "uk", "fr", "nl", "eu", "us", "ch", "at",
        "it", "es", "se", "no", "fi", "pl", "cz", "ru", "cn", "jp", "br", "au", "ca", "in", "kr", "hk", "tw", "mx",
        "tr", "cloud", "app", "xyz", "online", "site", "tech",
    ]

    private static func announcesUser(_ word: [UInt8]) -> Bool {
        ["user", "username", "account", "login", "ruser", "acct"].contains { Array($0.utf8) == word }
    }

    private static func isUser(_ word: [UInt8]) -> Bool {
        guard word.count <= 32, let first = word.first, (first | 0x20) >= 0x61, (first | 0x20) <= 0x7a else {
            return false
        }
        return word.allSatisfy { Bytes.isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
            && !notUsers.contains(String(decoding: word, as: UTF8.self))
    }

    private static let notUsers: Set<String> = [
        "unknown", "name", "id", "for", "from", "is", "and", "or", "not", "with", "manager", "by", "in", "on", "has",
        "was", "session", "service", "slice", "authentication", "request",
    ]
}
