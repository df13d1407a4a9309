// SPDX-License-Identifier: MIT

/// What stands between the entries of a stream that has no line ends, told by its first bytes.
enum LineShape: Equatable {
    case lines
    /// Another byte ends each line: a carriage return, or zero.
    case separated(UInt8)
    /// One array of JSON objects, as log stores export them.
    case array

    /// How many bytes without a line end tell that there is none.
    static let needed = 4096

    /// `nil` while there are too few bytes to tell.
    static func detect(_ bytes: UnsafeRawBufferPointer, final: Bool) -> LineShape? {
        if beginsArray(bytes) { return .array }
        if bytes.contains(0x0a) { return .lines }
        guard final || bytes.count >= needed else { return nil }
        for byte: UInt8 in [0x0d, 0] where bytes.count(where: { $0 == byte }) >= 2 { return .separated(byte) }
        return .lines
    }

    /// `[`, blanks, `{`, blanks, `"`.
    private static func beginsArray(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var expected = Array("[{\"".utf8)[...]
        for byte in bytes.prefix(256) {
            if byte == expected.first {
                expected.removeFirst()
                if expected.isEmpty { return true }
            } else if byte > 0x20 {
                return false
            }
        }
        return false
    }
}

/// Cuts one array of objects into a line for each, however the stream is cut.
struct ArraySplitter {
    private var depth = 0
    private var isQuoted = false
    private var isEscaped = false

    mutating func split(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in bytes {
            if isQuoted {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5c {
                    isEscaped = true
                } else if byte == 0x22 {
                    isQuoted = false
                }
                out.append(byte)
                continue
            }
            switch byte {
            case 0x22:
                isQuoted = true
                out.append(byte)
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if depth > 0 { out.append(byte) }
                depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth = max(0, depth - 1)
                if depth > 0 { out.append(byte) }
            // Between two elements; what follows the array are lines again.
            case UInt8(ascii: ",") where depth == 1: out.append(0x0a)
            // Blanks between elements say nothing; inside one, a line end must not cut it.
            case _ where depth == 1 && byte <= 0x20: continue
            case 0x0a where depth > 1: out.append(0x20)
            default: out.append(byte)
            }
        }
        return out
    }
}
