// SPDX-License-Identifier: MIT

/// What encoding a stream is in, told by its first bytes.
enum TextEncoding {
    case utf8, utf16LittleEndian, utf16BigEndian

    /// The encoding and how many bytes its mark takes; without a mark, text whose every second byte is zero is UTF-16.
    ///
    /// `nil` while there are too few bytes to tell.
    static func detect(_ bytes: UnsafeRawBufferPointer, final: Bool) -> (encoding: TextEncoding, mark: Int)? {
        guard bytes.count >= 4 || final else { return nil }
        if bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { return (.utf8, 3) }
        if bytes.count >= 2 {
            if bytes[0] == 0xff, bytes[1] == 0xfe { return (.utf16LittleEndian, 2) }
            if bytes[0] == 0xfe, bytes[1] == 0xff { return (.utf16BigEndian, 2) }
        }
        if bytes.count >= 4 {
            if bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return (.utf16LittleEndian, 0) }
            if bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return (.utf16BigEndian, 0) }
        }
        return (.utf8, 0)
    }
}

/// Turns UTF-16 into UTF-8, however the stream is cut.
struct UTF16Decoder {
    let isBigEndian: Bool
    /// The first byte of a unit whose second has not come.
    private var half: UInt8?
    private var high: UInt32?

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// The next bytes as UTF-8. A surrogate without its partner becomes U+FFFD.
    mutating func decode(_ bytes: UnsafeRawBufferPointer, final: Bool) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
            take(unit, &out)
        }
        if final, half != nil || high != nil { out += UTF8.encodedReplacementCharacter }
        return out
    }

    private mutating func take(_ unit: UInt32, _ out: inout [UInt8]) {
        if unit < 0x80, high == nil {
            out.append(UInt8(unit))
            return
        }
        var code = unit
        if let first = high {
            high = nil
            if unit & 0xfc00 == 0xdc00 {
                code = 0x10000 + ((first & 0x3ff) << 10) + (unit & 0x3ff)
            } else {
                out += UTF8.encodedReplacementCharacter
            }
        }
        if code & 0xfffffc00 == 0xd800 {
            high = code
            return
        }
        out += UTF8.encode(Unicode.Scalar(code) ?? "\u{fffd}") ?? UTF8.encodedReplacementCharacter
    }
}
