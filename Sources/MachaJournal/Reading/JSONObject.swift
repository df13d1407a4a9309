// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads the fields of one journal entry out of one JSON object, without a tree.
///
/// A value may be a string, `null` (journald leaves out what is longer than 4 KiB), an array of bytes (what is no UTF-8), or an
/// array of values (a field given twice: the first one counts).
enum JSONObject {
    enum Kind {
        /// No whole object.
        case broken
        /// Has a field that only a journal has.
        case journal
        /// Any other object, as programs write that log in JSON.
        case foreign
    }

    static func read(_ text: ByteSlice, _ scratch: inout Scratch, _ entry: inout EntryView) -> Kind {
        var at = skipBlanks(text, 0)
        guard at < text.count, text[at] == UInt8(ascii: "{") else { return .broken }
        at = skipBlanks(text, at + 1)
        if at < text.count, text[at] == UInt8(ascii: "}") {
            return skipBlanks(text, at + 1) == text.count ? .foreign : .broken
        }
        var kind = Kind.foreign
        while true {
            guard at < text.count, text[at] == 0x22, let keyEnd = stringEnd(text, at + 1) else { return .broken }
            let key = text.slice(at + 1, keyEnd)
            if Field.isJournals(key) { kind = .journal }
            at = skipBlanks(text, keyEnd + 1)
            guard at < text.count, text[at] == UInt8(ascii: ":") else { return .broken }
            at = skipBlanks(text, at + 1)
            guard let after = value(text, at, key, &scratch, &entry) else { return .broken }
            at = skipBlanks(text, after)
            guard at < text.count else { return .broken }
            if text[at] == UInt8(ascii: "}") { return skipBlanks(text, at + 1) == text.count ? kind : .broken }
            guard text[at] == UInt8(ascii: ",") else { return .broken }
            at = skipBlanks(text, at + 1)
        }
    }

    private static func value(
        _ text: ByteSlice, _ at: Int, _ key: ByteSlice, _ scratch: inout Scratch, _ entry: inout EntryView
    ) -> Int? {
        guard at < text.count else { return nil }
        switch text[at] {
        case 0x22:
            guard let end = stringEnd(text, at + 1) else { return nil }
            var content = text.slice(at + 1, end)
            if content.count > 0, memchr(content.base, 0x5c, content.count) != nil {
                content = unescape(content, &scratch)
            }
            Field.assign(key, content, &entry)
            return end + 1
        case UInt8(ascii: "["):
            return array(text, at, key, &scratch, &entry)
        case UInt8(ascii: "{"):
            return skipNested(text, at)
        default:
            var end = at
            while end < text.count, isBareByte(text[end]) { end += 1 }
            guard end > at else { return nil }
            if text[at] != UInt8(ascii: "n") { Field.assign(key, text.slice(at, end), &entry) }
            return end
        }
    }

    static func isBareByte(_ byte: UInt8) -> Bool {
        ByteClass.table[Int(byte)] & (ByteClass.letter | ByteClass.digit | ByteClass.dot) != 0
            || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "+")
    }

    /// An array of byte numbers becomes bytes; in an array of strings the first one counts.
    private static func array(
        _ text: ByteSlice, _ start: Int, _ key: ByteSlice, _ scratch: inout Scratch, _ entry: inout EntryView
    ) -> Int? {
        var at = skipBlanks(text, start + 1)
        if at < text.count, text[at] >= 0x30, text[at] <= 0x39 {
            guard let close = memchr(text.base + at, 0x5d, text.count - at) else { return nil }
            let end = UnsafeRawPointer(close) - UnsafeRawPointer(text.base)
            let room = scratch.take((end - at) / 2 + 1)
            var count = 0
            var value = 0
            var open = false
            while at <= end {
                let byte = text[at]
                if byte >= 0x30, byte <= 0x39 {
                    value = min(value * 10 + Int(byte - 0x30), 999)
                    open = true
                } else if open {
                    guard value < 256 else { return skipNested(text, start) }
                    room[count] = UInt8(value)
                    count += 1
                    value = 0
                    open = false
                }
                at += 1
            }
            Field.assign(key, ByteSlice(UnsafePointer(room), count), &entry)
            return end + 1
        }
        if at < text.count, text[at] == 0x22, let end = stringEnd(text, at + 1) {
            var content = text.slice(at + 1, end)
            if content.count > 0, memchr(content.base, 0x5c, content.count) != nil {
                content = unescape(content, &scratch)
            }
            Field.assign(key, content, &entry)
        }
        return skipNested(text, start)
    }

    /// Passes over an array or object of any depth.
    static func skipNested(_ text: ByteSlice, _ start: Int) -> Int? {
        var depth = 0
        var at = start
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return at + 1 }
            case 0x22:
                guard let end = stringEnd(text, at + 1) else { return nil }
                at = end
            default: break
            }
            at += 1
        }
        return nil
    }

    @inline(__always)
    static func skipBlanks(_ text: ByteSlice, _ start: Int) -> Int {
        var at = start
        while at < text.count, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0a || text[at] == 0x0d { at += 1 }
        return at
    }

    /// The closing quote of a string whose content begins at `start`.
    @inline(__always)
    static func stringEnd(_ text: ByteSlice, _ start: Int) -> Int? {
        var at = start
        while at < text.count {
            guard let quote = memchr(text.base + at, 0x22, text.count - at) else { return nil }
            let end = UnsafeRawPointer(quote) - UnsafeRawPointer(text.base)
            var slashes = 0
            while end - slashes > start, text[end - slashes - 1] == 0x5c { slashes += 1 }
            if slashes & 1 == 0 { return end }
            at = end + 1
        }
        return nil
    }

    static func unescape(_ text: ByteSlice, _ scratch: inout Scratch) -> ByteSlice {
        let room = scratch.take(text.count + 4)
        var count = 0
        var at = 0
        while at < text.count {
            let byte = text[at]
            guard byte == 0x5c, at + 1 < text.count else {
                room[count] = byte
                count += 1
                at += 1
                continue
            }
            at += 2
            switch text[at - 1] {
            case UInt8(ascii: "n"): room[count] = 0x0a
            case UInt8(ascii: "t"): room[count] = 0x09
            case UInt8(ascii: "r"): room[count] = 0x0d
            case UInt8(ascii: "b"): room[count] = 0x08
            case UInt8(ascii: "f"): room[count] = 0x0c
            case UInt8(ascii: "u"):
                var code = unit(text, at)
                at += 4
                if code & 0xfc00 == 0xd800, at + 6 <= text.count, text[at] == 0x5c, text[at + 1] == UInt8(ascii: "u") {
                    let low = unit(text, at + 2)
                    if low & 0xfc00 == 0xdc00 {
                        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
                        at += 6
                    }
                }
                let scalar = Unicode.Scalar(code) ?? "\u{fffd}"
                for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    room[count] = unit
                    count += 1
                }
                continue
            default: room[count] = text[at - 1]
            }
            count += 1
        }
        return ByteSlice(UnsafePointer(room), count)
    }

    /// Four hexadecimal digits; what is none counts as 0.
    private static func unit(_ text: ByteSlice, _ start: Int) -> UInt32 {
        var value: UInt32 = 0
        for at in start..<(start + 4) {
            guard at < text.count else { return 0xfffd }
            let byte = text[at]
            let lower = byte | 0x20
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            default: value = value << 4 | (lower >= 0x61 && lower <= 0x66 ? UInt32(lower - 0x57) : 0)
            }
        }
        return value
    }
}
