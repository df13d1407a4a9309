// SPDX-License-Identifier: MIT

/// Bytes that belong to someone else; valid only during the call they were handed to.
package struct ByteSlice {
    package let base: UnsafePointer<UInt8>
    package let count: Int

    @inline(__always)
    package init(_ base: UnsafePointer<UInt8>, _ count: Int) {
        self.base = base
        self.count = count
    }

    // Never read, only pointed at: one process-wide byte.
    nonisolated(unsafe) private static let none: UnsafePointer<UInt8> = {
        let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
        byte.initialize(repeating: 0, count: 8)
        return UnsafePointer(byte)
    }()

    package static var empty: ByteSlice { ByteSlice(none, 0) }

    package var isEmpty: Bool { count == 0 }

    @inline(__always)
    package subscript(_ index: Int) -> UInt8 { base[index] }

    @inline(__always)
    package func slice(_ from: Int, _ to: Int) -> ByteSlice { ByteSlice(base + from, max(0, to - from)) }

    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

    package var text: String { String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

    package func equals(_ text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount == count else { return false }
        for at in 0..<count where text.utf8Start[at] != base[at] { return false }
        return true
    }

    /// Whether this is `text`, which is in lower case, in any case.
    package func lowercasedEquals(_ text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount == count else { return false }
        for at in 0..<count {
            let byte = base[at] >= 0x41 && base[at] <= 0x5a ? base[at] | 0x20 : base[at]
            if text.utf8Start[at] != byte { return false }
        }
        return true
    }

    package func hasPrefix(_ text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount <= count else { return false }
        for at in 0..<text.utf8CodeUnitCount where text.utf8Start[at] != base[at] { return false }
        return true
    }

    /// The decimal number written here; `nil` when there is anything else, or more than 18 digits.
    package var decimal: Int64? {
        guard count > 0, count <= 18 else { return nil }
        var value: Int64 = 0
        for at in 0..<count {
            guard base[at] >= 0x30, base[at] <= 0x39 else { return nil }
            value = value * 10 + Int64(base[at] - 0x30)
        }
        return value
    }
}

/// One entry of a journal as a reader found it. Everything in it is untrusted.
package struct EntryView {
    package var message = ByteSlice.empty
    package var identifier = ByteSlice.empty
    package var unit = ByteSlice.empty
    package var host = ByteSlice.empty
    package var boot = ByteSlice.empty
    /// Where the entry stands in its journal; empty when the stream does not say.
    package var cursor = ByteSlice.empty
    /// How journald got it, as in `kernel`; programs cannot choose it.
    package var transport = ByteSlice.empty
    /// Microseconds since 1970 in UTC, or `nil` when the entry does not say.
    package var time: Int64?
    /// 0 (emergency) … 7 (debug), or `nil` when the entry does not say.
    package var priority: UInt8?
    /// The first input line of the entry, counted from 1, and how many lines it takes up.
    package var line = 0
    package var lines = 1
    /// What could not be parsed as the format of its stream is kept as text.
    package var isRaw = false

    package init() {}
}
