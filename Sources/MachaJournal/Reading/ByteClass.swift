// SPDX-License-Identifier: MIT

/// What a byte means to the tokeniser, one bit a fact; a chunk's facts are the union over its bytes.
enum ByteClass {
    static let digit: UInt8 = 1
    static let letter: UInt8 = 2
    /// A letter that is no hexadecimal digit.
    static let beyondHex: UInt8 = 4
    static let colon: UInt8 = 8
    static let slash: UInt8 = 16
    static let dot: UInt8 = 32
    /// Any other byte that holds words together: `_ - @ $ % + ~ \ & * # ! ? ^` and the back tick.
    static let joiner: UInt8 = 64
    /// Ends a chunk: blanks, control bytes, brackets, quotes and `, ; = |`.
    static let delimiter: UInt8 = 128

    /// 256 entries; process-wide and never written after it is made.
    nonisolated(unsafe) static let table: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        for byte in 0..<256 {
            table[byte] =
                switch UInt8(byte) {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digit
                case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): letter
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): letter | beyondHex
                case 0x80...0xff: letter | beyondHex
                case UInt8(ascii: ":"): colon
                case UInt8(ascii: "/"): slash
                case UInt8(ascii: "."): dot
                case 0...0x20, 0x7f: delimiter
                default: ",;=()[]{}<>\"'|".utf8.contains(UInt8(byte)) ? delimiter : joiner
                }
        }
        return UnsafePointer(table)
    }()
}

/// Mixing functions; fast, deterministic across runs and machines, and no defence against chosen input.
enum Mix {
    static let seed: UInt64 = 0x9e37_79b9_7f4a_7c15
    static let odd: UInt64 = 0xd6e8_feb8_6659_fd93

    @inline(__always)
    static func fold(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (hash ^ word) &* odd
        return mixed ^ (mixed >> 32)
    }

    /// Hash of `count` bytes at `base`, read eight at a time.
    @inline(__always)
    static func bytes(_ base: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(base)
        var hash = seed ^ UInt64(truncatingIfNeeded: count)
        var at = 0
        while at &+ 8 <= count {
            hash = fold(hash, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at &+= 8
        }
        if at < count {
            var tail: UInt64 = 0
            while at < count {
                tail = (tail << 8) | UInt64(base[at])
                at &+= 1
            }
            hash = fold(hash, tail)
        }
        return fold(hash, 0)
    }

    /// What a column adds to a line's key. Columns are summed, so one of them is replaced by subtraction.
    @inline(__always)
    static func column(_ index: Int, _ hash: UInt64) -> UInt64 {
        let salted = (hash &+ UInt64(truncatingIfNeeded: index) &* seed) &* odd
        return salted ^ (salted >> 29)
    }
}
