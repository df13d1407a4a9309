// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Takes out what text says to a terminal: colours, titles, cursor movements.
///
/// Source: ECMA-48. A log that was copied from a screen may have lost the ESC bytes alone; then `[1;31m` at the start of a
/// line is a colour too, and so is every further one in that line.
enum TerminalText {
    private static let escape: UInt8 = 0x1b

    /// Whether a line begins with a control sequence, which hides what it is.
    @inline(__always)
    static func isColoured(_ text: ByteSlice) -> Bool {
        text.count > 0 && (text[0] == escape || (text[0] == UInt8(ascii: "[") && lostColour(text, 0) != nil))
    }

    /// Whether a text has no control sequences.
    @inline(__always)
    static func isPlain(_ text: ByteSlice) -> Bool {
        text.count == 0 || (memchr(text.base, Int32(escape), text.count) == nil && !isColoured(text))
    }

    /// The text without control sequences.
    static func stripped(_ text: ByteSlice, _ scratch: inout Scratch) -> ByteSlice {
        guard text.count > 0 else { return text }
        let lost = isColoured(text) && text[0] != escape
        let room = scratch.take(text.count)
        var count = 0
        var at = 0
        while at < text.count {
            if text[at] == escape {
                at = sequenceEnd(text, at)
            } else if lost, let end = lostColour(text, at) {
                at = end
            } else {
                room[count] = text[at]
                count += 1
                at += 1
            }
        }
        return ByteSlice(UnsafePointer(room), count)
    }

    /// Where the sequence that begins with the ESC at `start` ends.
    private static func sequenceEnd(_ text: ByteSlice, _ start: Int) -> Int {
        var at = start + 1
        guard at < text.count else { return at }
        switch text[at] {
        case UInt8(ascii: "["):  // CSI: parameters, then one final byte
            at += 1
            while at < text.count, text[at] >= 0x20, text[at] <= 0x3f { at += 1 }
            return at < text.count && text[at] >= 0x40 && text[at] <= 0x7e ? at + 1 : at
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            // OSC and its like: text up to BEL or ESC \. One without an end loses only what introduces it.
            var end = at + 1
            while end < text.count, text[end] != 0x0a, end - at < 4096 {
                if text[end] == 0x07 { return end + 1 }
                if text[end] == escape {
                    return end + 1 < text.count && text[end + 1] == UInt8(ascii: "\\") ? end + 2 : end
                }
                end += 1
            }
            return at + 1
        case 0x20...0x2f:  // a character set: intermediate bytes, then a final one
            while at < text.count, text[at] >= 0x20, text[at] <= 0x2f { at += 1 }
            return min(at + 1, text.count)
        case 0x30...0x7e: return at + 1
        default: return at
        }
    }

    /// The end of a colour whose ESC is missing: `[`, numbers, `m`; `[5m]` is a span of time in brackets.
    private static func lostColour(_ text: ByteSlice, _ start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "[") else { return nil }
        var at = start + 1
        while at < text.count, at - start < 20, text[at] == UInt8(ascii: ";") || (text[at] >= 0x30 && text[at] <= 0x39)
        {
            at += 1
        }
        guard at < text.count, text[at] == UInt8(ascii: "m") || (text[at] == UInt8(ascii: "K") && at - start < 3) else {
            return nil
        }
        at += 1
        return at < text.count && text[at] == UInt8(ascii: "]") ? nil : at
    }
}
