// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads text logs: syslog, `journalctl -o short…`, containers and CI with or without any header.
///
/// A line that is indented, or goes on with a trace, belongs to the entry above it.
struct PlainReader {
    /// An entry is cut after this many lines or bytes, so that a stream of indented lines is no single entry.
    static let maximumLines = 400
    static let maximumBytes = 1 << 18

    /// The year that times without one are in.
    let year: Int
    private var line = 1
    /// Whether the stream has shown that its entries start with a time.
    private var hasHeaders = false

    init(year: Int) { self.year = year }

    /// Emits every entry that is certainly complete and returns how many bytes were used up; all of them when `final`.
    ///
    /// With `force`, a line too long to be held is cut where the bytes end.
    mutating func drain(
        _ base: UnsafePointer<UInt8>, _ count: Int, final: Bool, force: Bool, _ emit: (EntryView) -> Void
    ) -> Int {
        var start = 0
        while start < count {
            var end = Self.lineEnd(base, start, count)
            if end == nil {
                guard final || force else { break }
                end = count
            }
            guard let first = end else { break }
            let header = PlainHeader.parse(ByteSlice(base + start, first - start), year: year)
            if header.time != nil { hasHeaders = true }
            var stop = first
            var lines = 1
            var certain = final || force
            while stop < count, lines < Self.maximumLines, stop - start < Self.maximumBytes {
                let next = stop + 1
                guard next < count else { break }
                let nextEnd = Self.lineEnd(base, next, count)
                guard nextEnd != nil || final || force else { break }
                let rest = ByteSlice(base + next, (nextEnd ?? count) - next)
                guard continues(rest) else {
                    certain = true
                    break
                }
                stop = nextEnd ?? count
                lines += 1
            }
            if lines >= Self.maximumLines || stop - start >= Self.maximumBytes { certain = true }
            guard certain else { break }
            var entry = EntryView()
            entry.identifier = header.identifier
            entry.host = header.host
            entry.time = header.time
            entry.priority = header.priority
            var textEnd = stop
            if textEnd > start, base[textEnd - 1] == 0x0d { textEnd -= 1 }
            entry.message = ByteSlice(base + start + header.end, max(0, textEnd - start - header.end))
            entry.line = line
            entry.lines = lines
            line += lines
            emit(entry)
            start = stop + 1
        }
        return min(start, count)
    }

    @inline(__always)
    private static func lineEnd(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        guard let found = memchr(base + start, 0x0a, count - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    @inline(__always)
    private func continues(_ text: ByteSlice) -> Bool {
        guard text.count > 1 else { return false }
        let first = text[0]
        if first == 0x09 { return true }
        if first == 0x20 {
            return hasHeaders || (text.count > 4 && text[1] == 0x20 && text[2] == 0x20 && text[3] == 0x20)
        }
        return first == UInt8(ascii: "C") && text.hasPrefix("Caused by: ")
    }
}
