// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The lines of a stream as they came, in bounded memory, so that a digest can show what stands around a line.
///
/// Only lines without a source are kept: the output of a build or a test run, where a line belongs to its neighbours. When it is
/// full, what is far from any failure goes first, then the oldest.
struct Transcript: ~Copyable {
    struct Line {
        /// Microseconds since 1970; the least value when the line does not say.
        fileprivate var micros: Int64
        /// Input line, counted from 1.
        var number: Int
        fileprivate var start: Int32
        fileprivate var size: UInt16
        /// How far it is indented.
        var indent: UInt16
        /// In bits, what its words are worth.
        var strength: Float
        /// Which of the lines of its group it is, counted from 1, or 255 for any later one.
        var ordinal: UInt8
        /// Whether it goes on with the entry of the line above.
        var continues: Bool

        var time: Int64? { micros == .min ? nil : micros }
        var length: Int { Int(size) }
    }

    static let capacity = 3 << 20
    /// What of a line is kept.
    static let longest = Tokeniser.reach
    /// Lines of one group beyond this many hold nothing around them.
    static let scenes = 8
    static let before = 12
    static let after = 50
    /// From this strength on a line is a failure that others may belong to.
    static let trouble: Float = 2.5

    private(set) var lines: [Line] = []
    private var text: [UInt8] = []
    private(set) var isThinned = false
    /// Lines that came, kept or not.
    private(set) var seen = 0

    func text(of line: Line) -> ArraySlice<UInt8> { text[Int(line.start)..<(Int(line.start) + line.length)] }

    /// Counts lines that are not worth keeping.
    mutating func skip(_ count: Int) {
        seen += count
        isThinned = true
    }

    /// Keeps the lines of one entry.
    mutating func append(
        _ message: ByteSlice, number: Int, time: Int64?, indent: Int, strength: Float, ordinal: Int
    ) {
        let ordinal = UInt8(clamping: ordinal)
        var rest = message
        var offset = 0
        while true {
            let found = rest.count > 0 ? memchr(rest.base, 0x0a, rest.count) : nil
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(rest.base) } ?? rest.count
            var from = 0
            while from < end, rest[from] <= 0x20 { from += 1 }
            var to = end
            while to > from, rest[to - 1] <= 0x20 { to -= 1 }
            let size = min(to - from, Self.longest)
            lines.append(
                Line(
                    micros: time ?? .min, number: number + offset, start: Int32(text.count), size: UInt16(size),
                    indent: UInt16(clamping: offset == 0 ? indent : from + 1), strength: offset == 0 ? strength : 0,
                    ordinal: ordinal, continues: offset > 0))
            text.append(contentsOf: UnsafeBufferPointer(start: rest.base + from, count: size))
            seen += 1
            guard found != nil else { break }
            rest = rest.slice(end + 1, rest.count)
            offset += 1
        }
        if text.count > Self.capacity || lines.count > Self.capacity / 24 { thin() }
    }

    /// Lets go of lines far from any failure, the last quarter excepted; then of the oldest, while there is too much.
    private mutating func thin() {
        isThinned = true
        var isKept = [Bool](repeating: false, count: lines.count)
        for index in lines.indices where lines[index].strength >= Self.trouble && lines[index].ordinal <= Self.scenes {
            for near in max(0, index - Self.before)...min(lines.count - 1, index + Self.after) { isKept[near] = true }
        }
        for index in (lines.count - lines.count / 4)..<lines.count { isKept[index] = true }
        var bytes = 0
        var first = lines.count
        while first > 0, bytes < Self.capacity / 2, lines.count - first < Self.capacity / 48 {
            first -= 1
            if isKept[first] { bytes += lines[first].length }
        }
        var kept: [Line] = []
        var keptText: [UInt8] = []
        keptText.reserveCapacity(Self.capacity + Self.longest)
        for index in first..<lines.count where isKept[index] {
            var line = lines[index]
            keptText += text(of: line)
            line.start = Int32(keptText.count - line.length)
            kept.append(line)
        }
        lines = kept
        text = keptText
    }
}
