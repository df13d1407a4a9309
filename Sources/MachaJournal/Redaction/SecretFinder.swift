// SPDX-License-Identifier: MIT

/// Finds secrets in a line: private keys, passwords and tokens in assignments, flags, headers, cookies and addresses of the web.
///
/// It decides by what stands before a value and by the value's own shape, and errs on the side of hiding. Pure; ranges are in bytes,
/// ascending and apart.
package struct SecretFinder {
    private let text: [UInt8]
    private let lower: [UInt8]
    private var found: [Range<Int>] = []

    /// The parts of a line that must not leave the machine.
    package static func ranges(in text: [UInt8]) -> [Range<Int>] {
        guard text.count >= 6 else { return [] }
        var finder = SecretFinder(text)
        finder.findKeyBlocks()
        finder.findWebPasswords()
        finder.findHeaders()
        finder.findAssignments()
        finder.findFlags()
        finder.findKnownTokens()
        finder.findBareKeys()
        return finder.merged()
    }

    private init(_ text: [UInt8]) {
        self.text = text
        lower = text.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
    }

    private func merged() -> [Range<Int>] {
        var out: [Range<Int>] = []
        for range in found.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) })
        where !range.isEmpty {
            if let last = out.last, range.lowerBound <= last.upperBound {
                out[out.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                out.append(range)
            }
        }
        return out
    }

    // MARK: what secrets look like by themselves

    private mutating func findKeyBlocks() {
        for start in Bytes.all("-----begin ", in: lower) {
            guard let label = Bytes.first("-----", in: lower, from: start + 11) else { continue }
            guard
                Bytes.first("key", in: lower, from: start) ?? .max < label
                    || Bytes.first("pgp message", in: lower, from: start) ?? .max < label
            else { continue }
            guard Bytes.first("public", in: lower, from: start) ?? .max > label else { continue }
            let end = Bytes.first("-----end", in: lower, from: label) ?? text.count
            found.append(label + 5..<max(label + 5, end))
        }
    }

    private static let prefixes: [([UInt8], Int)] = [
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20), ("glpat-", 16),
        ("glrt-", 16), ("xoxb-", 16),
        ("xoxp-", 16), ("xoxa-", 16), ("xapp-", 16), ("sk-", 20), ("sk_live_", 12), ("sk_test_", 12), ("rk_live_", 12),
        ("pk_live_", 12),
        ("AKIA", 16), ("ASIA", 16), ("AIza", 30), ("ya29.", 20), ("eyJ", 20), ("hvs.", 16), ("hvb.", 16), ("s.", 24),
        ("npm_", 20), ("pypi-", 16),
        ("dop_v1_", 20), ("SG.", 20), ("shpat_", 20), ("tskey-", 12), ("AGE-SECRET-KEY-", 20), ("hf_", 20),
        ("dckr_pat_", 16), ("whsec_", 16),
        ("lin_api_", 16), ("sntrys_", 20), ("nix:", 60), ("GOCSPX-", 16), ("EAAC", 40), ("ATATT", 20),
        ("-----BEGIN", 20),
    ].map { (Array($0.0.utf8), $0.1) }

    private mutating func findKnownTokens() {
        for (prefix, least) in Self.prefixes {
            for start in Bytes.all(prefix, in: text) where start == 0 || !Bytes.isWord(text[start - 1]) {
                let end = tokenEnd(start)
                guard end - start >= prefix.count + least else { continue }
                if prefix.count == 2, !Entropy.looksRandom(text[(start + 2)..<end]) { continue }
                found.append(start..<end)
            }
        }
    }

    /// A line that is nothing but base64: the middle of a key that was printed line by line.
    private mutating func findBareKeys() {
        var end = text.count
        while end > 0, text[end - 1] <= 0x20 { end -= 1 }
        guard end >= 48, text[..<end].allSatisfy({ Bytes.isWord($0) || $0 == 0x2b || $0 == 0x2f || $0 == 0x3d }),
            !text[..<end].contains(UInt8(ascii: "_")) || end >= 60, Entropy.looksRandom(text[..<end]),
            !Entropy.isHex(text[..<end])
        else { return }
        found.append(0..<end)
    }

    // MARK: what stands before a secret

    /// `scheme://user:password@host`, and `scheme://token@host` where the token looks like one.
    private mutating func findWebPasswords() {
        for start in Bytes.all("://", in: text) {
            let from = start + 3
            var at = from
            var colon: Int?
            var lastAt: Int?
            while at < text.count, text[at] > 0x20, text[at] != UInt8(ascii: "\""), text[at] != UInt8(ascii: "'"),
                text[at] != UInt8(ascii: "/") || lastAt == nil,
                text[at] != UInt8(ascii: "?") || lastAt == nil, text[at] != UInt8(ascii: "<"),
                text[at] != UInt8(ascii: ">")
            {
                if text[at] == UInt8(ascii: ":"), colon == nil { colon = at }
                if text[at] == UInt8(ascii: "@") { lastAt = at }
                at += 1
            }
            guard let lastAt else { continue }
            if let colon, colon < lastAt {
                // A path may hold `:` and `@` too; a password holds no `/` before its `@` unless it is written badly.
                if let slash = text[from..<lastAt].firstIndex(of: UInt8(ascii: "/")), slash < colon { continue }
                found.append(colon + 1..<lastAt)
            } else if lastAt - from >= 16, Entropy.looksRandom(text[from..<lastAt]) {
                found.append(from..<lastAt)
            }
        }
    }

    /// `Authorization: …`, `Bearer …`, `Basic …`, `Cookie: …`: all that follows, up to the end of the quoted or written header.
    private mutating func findHeaders() {
        for name in [
            "authorization:", "proxy-authorization:", "cookie:", "set-cookie:", "x-api-key:", "x-auth-token:",
            "x-amz-security-token:", "private-token:",
        ] {
            for start in Bytes.all(Array(name.utf8), in: lower) {
                var from = start + name.utf8.count
                while from < text.count, text[from] == 0x20 { from += 1 }
                var end = from
                while end < text.count, text[end] != UInt8(ascii: "\""), text[end] != UInt8(ascii: "'"),
                    text[end] != 0x0a, text[end] != 0x0d
                { end += 1 }
                let words = name.hasSuffix("cookie:") ? Int.max : 2
                var left = words
                var at = from
                while at < end, left > 0 {
                    while at < end, text[at] > 0x20 { at += 1 }
                    left -= 1
                    if left > 0 { while at < end, text[at] == 0x20 { at += 1 } }
                }
                found.append(from..<at)
            }
        }
        for scheme in ["bearer ", "basic ", "digest username="] {
            for start in Bytes.all(Array(scheme.utf8), in: lower) where start == 0 || !Bytes.isWord(text[start - 1]) {
                let from = start + scheme.utf8.count
                let end = tokenEnd(from)
                if end - from >= 8, Entropy.looksRandom(text[from..<end]) || end - from >= 20 && !isPlainWord(from, end)
                {
                    found.append(from..<end)
                }
            }
        }
    }

    /// `name=value`, `name: value`, `"name": "value"`.
    private mutating func findAssignments() {
        var at = 0
        while at < text.count {
            guard text[at] == UInt8(ascii: "=") || text[at] == UInt8(ascii: ":") else {
                at += 1
                continue
            }
            let sign = at
            at += 1
            var nameEnd = sign
            while nameEnd > 0,
                text[nameEnd - 1] == 0x20 || text[nameEnd - 1] == 0x22 || text[nameEnd - 1] == 0x27
                    || text[nameEnd - 1] == 0x5c
            { nameEnd -= 1 }
            var nameStart = nameEnd
            while nameStart > 0,
                Bytes.isWord(text[nameStart - 1]) || text[nameStart - 1] == UInt8(ascii: "-")
                    || text[nameStart - 1] == UInt8(ascii: ".")
            { nameStart -= 1 }
            guard nameStart < nameEnd else { continue }
            var from = sign + 1
            while from < text.count,
                text[from] == 0x20 || text[from] == 0x3d || text[from] == 0x5c || text[from] == 0x3e
            { from += 1 }
            guard from < text.count else { return }
            let quote = text[from] == 0x22 || text[from] == 0x27 ? text[from] : 0
            if quote != 0 { from += 1 }
            var end = from
            if quote != 0 {
                while end < text.count, text[end] != quote, text[end] != 0x0a { end += text[end] == 0x5c ? 2 : 1 }
                end = min(end, text.count)
            } else {
                end = valueEnd(from)
            }
            let trimmed = text[sign] == UInt8(ascii: ":") && quote == 0 ? trimmedEnd(from, end) : end
            guard trimmed > from else { continue }
            switch SecretName.judge(lower[nameStart..<nameEnd]) {
            case .secret where isSecretValue(from, trimmed, afterColon: text[sign] == UInt8(ascii: ":") && quote == 0):
                found.append(from..<trimmed)
            case .unknown where text[sign] == UInt8(ascii: "=") && quote == 0 && Entropy.isToken(text[from..<trimmed]):
                found.append(from..<trimmed)
            default: break
            }
        }
    }

    /// `--password x`, `-p x` behind programs that take a password so, `password x` and `secret is x`.
    private mutating func findFlags() {
        for flag in SecretName.flags {
            for start in Bytes.all(flag, in: lower) {
                var from = start + flag.count
                guard from < text.count, text[from] == 0x20 else { continue }
                guard start == 0 || !Bytes.isWord(text[start - 1]) else { continue }
                while from < text.count, text[from] == 0x20 { from += 1 }
                for verb in ["is ", "was ", "of "] where lower[from...].starts(with: verb.utf8) {
                    from += verb.utf8.count
                }
                if from < text.count, text[from] == 0x22 || text[from] == 0x27 { from += 1 }
                let end = valueEnd(from)
                let isFlag = flag.first == UInt8(ascii: "-") || flag.contains(0x20)
                if end > from, isFlag ? text[from] != UInt8(ascii: "-") : Entropy.isMixed(text[from..<end]) {
                    found.append(from..<end)
                }
            }
        }
        for start in Bytes.all("curl ", in: lower) {
            guard
                let user = Bytes.first(" -u ", in: lower, from: start)
                    ?? Bytes.first(" --user ", in: lower, from: start)
            else { continue }
            var from = user + 3
            while from < text.count, text[from] != 0x20 { from += 1 }
            let end = valueEnd(from + 1)
            if let colon = text[min(from + 1, end)..<end].firstIndex(of: UInt8(ascii: ":")) {
                found.append(colon + 1..<end)
            }
        }
    }

    // MARK: where values end

    private func tokenEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, Bytes.isWord(text[end]) || "-.+/=~".utf8.contains(text[end]) { end += 1 }
        while end > start, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return end
    }

    private func valueEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, text[end] > 0x20,
            !"\"'&;,)]}<>|".utf8.contains(text[end]) || text[end] == UInt8(ascii: "'") && end == start
        { end += 1 }
        return end
    }

    private func trimmedEnd(_ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start,
            text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: ":")
                || text[end - 1] == UInt8(ascii: ",")
        { end -= 1 }
        return end
    }

    private func isPlainWord(_ start: Int, _ end: Int) -> Bool {
        text[start..<end].allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }
    }

    /// Whether what follows a secret's name is a value: after a colon a plain word is prose (`password: incorrect`).
    private func isSecretValue(_ start: Int, _ end: Int, afterColon: Bool) -> Bool {
        if SecretName.isNoValue(lower[start..<end]) { return false }
        return !afterColon || Entropy.isMixed(text[start..<end])
    }
}
