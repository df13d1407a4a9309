// SPDX-License-Identifier: MIT

/// Secrets that are known by what stands before them: an address of the web, a header, a name, a flag.
extension SecretFinder {
    /// `scheme://user:password@host`, and `scheme://token@host` where the token looks like one.
    mutating func findWebPasswords() {
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
    mutating func findHeaders() {
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
    mutating func findAssignments() {
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
    mutating func findFlags() {
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
}
