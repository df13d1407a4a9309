// SPDX-License-Identifier: MIT

/// Whether bytes look made by a generator of secrets rather than by a writer.
enum Entropy {
    /// Letters and digits mixed, or signs among them: `hunter2`, `p4ss!word`, `S3cr3t`.
    static func isMixed(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 4 else { return false }
        var digits = 0
        var letters = 0
        var signs = 0
        var upper = 0
        for byte in value {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5a:
                letters += 1
                upper += 1
            case 0x61...0x7a: letters += 1
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: ":"): break
            default: signs += 1
            }
        }
        if letters == 0 { return signs > 0 && digits > 0 }
        return digits > 0 || (signs > 0 && letters + signs >= 6)
            || (upper > 1 && letters - upper > 1 && value.count >= 12)
    }

    /// Long, of letters and digits, and with few repeats for its length.
    static func looksRandom(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 12, isMixed(value) || hasManyTurns(value) else { return false }
        return bitsPerByte(value) >= 3.0
    }

    /// A bare value that is surely a token: at least 20 bytes with both cases and digits, or 32 that turn often; never hex, which names things.
    static func isToken(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 20, value.count <= 512, !isHex(value) else { return false }
        var upper = false
        var lower = false
        var digit = false
        for byte in value {
            switch byte {
            case 0x41...0x5a: upper = true
            case 0x61...0x7a: lower = true
            case 0x30...0x39: digit = true
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "-"): break
            default: return false
            }
        }
        guard upper, lower, digit, value.first != UInt8(ascii: "/") else { return false }
        return bitsPerByte(value) >= 3.6 && hasManyTurns(value)
    }

    static func isHex(_ value: ArraySlice<UInt8>) -> Bool {
        value.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || (($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66) || $0 == UInt8(ascii: "-")
        }
    }

    /// Whether the kind of byte changes at least every fourth byte: words do so seldom.
    private static func hasManyTurns(_ value: ArraySlice<UInt8>) -> Bool {
        var turns = 0
        var before = 0
        for byte in value {
            let kind =
                switch byte {
                case 0x30...0x39: 1
                case 0x41...0x5a: 2
                case 0x61...0x7a: 3
                default: 4
                }
            if kind != before { turns += 1 }
            before = kind
        }
        return turns * 4 >= value.count
    }

    private static func bitsPerByte(_ value: ArraySlice<UInt8>) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        let total = Double(value.count)
        return counts.reduce(0) { $1 == 0 ? $0 : $0 + Double($1) / total * QuickMath.log2(total / Double($1)) }
    }
}

/// Searching in bytes.
enum Bytes {
    static func isWord(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || byte == 0x5f
    }

    static func first(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard let head = needle.first, text.count >= needle.count, start <= text.count - needle.count else {
            return nil
        }
        return text.withUnsafeBufferPointer { text in
            needle.withUnsafeBufferPointer { needle in
                for at in start...(text.count - needle.count) where text[at] == head {
                    var length = 1
                    while length < needle.count, text[at + length] == needle[length] { length += 1 }
                    if length == needle.count { return at }
                }
                return nil
            }
        }
    }

    static func first(_ needle: String, in text: [UInt8], from start: Int) -> Int? {
        first(Array(needle.utf8), in: text, from: start)
    }

    static func all(_ needle: [UInt8], in text: [UInt8]) -> [Int] {
        var out: [Int] = []
        var at = 0
        while let next = first(needle, in: text, from: at) {
            out.append(next)
            at = next + needle.count
        }
        return out
    }

    static func all(_ needle: String, in text: [UInt8]) -> [Int] { all(Array(needle.utf8), in: text) }
}
