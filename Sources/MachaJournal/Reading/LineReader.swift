// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads logs of lines, each for what it is: an object, a line of syslog, of a container, of a build.
///
/// Every line is judged by itself, so a stream may change its form. Lines that are indented belong to the entry above them when
/// that began with a time; `{` alone begins an object over several lines.
struct LineReader: ~Copyable {
    /// An entry is cut after this many lines or bytes, so that a stream of indented lines is no single entry.
    static let maximumLines = 400
    static let maximumBytes = 1 << 18

    /// The year that times without one are in.
    let year: Int
    /// Whether lines may be objects; else they are text, whatever they look like.
    let readsObjects: Bool
    /// Whether a line that only begins like an object counts as not parsed.
    let expectsObjects: Bool
    private var scratch = Scratch()
    private var foreign = ForeignObject()
    private var entries = 0
    private var timed = 0
    /// Set when a line begins an entry of the export format, which is read otherwise; that line was not used up.
    private(set) var metExport = false

    init(year: Int, readsObjects: Bool, expectsObjects: Bool) {
        self.year = year
        self.readsObjects = readsObjects
        self.expectsObjects = expectsObjects
    }

    /// Emits every entry that is certainly complete and returns how many bytes were used up; all of them when `final`.
    ///
    /// With `force`, a line too long to be held is cut where the bytes end. `number` counts the lines handed on.
    mutating func drain(
        _ base: UnsafePointer<UInt8>, _ count: Int, final: Bool, force: Bool, line number: inout Int,
        _ emit: (EntryView) -> Void
    ) -> Int {
        let ends = final || force
        var start = 0
        while start < count {
            guard let first = Self.lineEnd(base, start, count) ?? (ends ? count : nil) else { break }
            let line = Self.line(base, start, first)
            if readsObjects, line.hasPrefix("__CURSOR=") {
                metExport = true
                break
            }
            scratch.reset()
            var entry = EntryView()
            var stop = first
            if readsObjects, line.count == 1, line[0] == UInt8(ascii: "{") {
                guard let found = objectEnd(base, first, count, ends: ends) else { break }
                if found.stop > first, readOverLines(Self.line(base, start, found.stop), &entry) {
                    (stop, entry.lines) = found
                } else {
                    entry.message = line
                }
            } else if !readObject(line, &entry) {
                let text = TerminalText.isColoured(line) ? TerminalText.stripped(line, &scratch) : line
                let header = PlainHeader.parse(text, year: year)
                let isVerbose = VerboseEntry.begins(text)
                if header.time != nil || timed * 2 >= max(entries, 8) {
                    guard let found = fold(base, first, count, ends: ends) else { break }
                    (stop, entry.lines) = found
                }
                if isVerbose, entry.lines > 1 {
                    VerboseEntry.read(Self.line(base, start, stop), &scratch, &entry)
                } else if text.base == line.base {
                    take(header, Self.line(base, start, stop), &entry)
                } else {
                    take(header, TerminalText.stripped(Self.line(base, start, stop), &scratch), &entry)
                }
                if header.time != nil { timed += 1 }
            }
            entries += 1
            entry.line = number + 1
            number += entry.lines
            emit(entry)
            start = stop + 1
        }
        return min(start, count)
    }

    /// What one line says, when its neighbours are of another form.
    mutating func read(_ text: ByteSlice, _ entry: inout EntryView) {
        scratch.reset()
        if readObject(text, &entry) { return }
        take(PlainHeader.parse(text, year: year), text, &entry)
    }

    // MARK: Text

    private mutating func take(_ header: PlainHeader, _ text: ByteSlice, _ entry: inout EntryView) {
        var header = header
        if header.end == 0, header.time == nil { header.readService(text) }
        if entry.identifier.isEmpty { entry.identifier = header.identifier }
        if entry.host.isEmpty { entry.host = header.host }
        entry.time = entry.time ?? header.time
        entry.priority = entry.priority ?? header.priority
        entry.message = text.slice(header.end, text.count)
        guard header.wraps else { return }
        readInner(entry.message, &entry)
    }

    /// What a container printed, which has a form of its own.
    private mutating func readInner(_ text: ByteSlice, _ entry: inout EntryView) {
        if readObject(text, &entry) { return }
        let header = PlainHeader.parse(text, year: year)
        guard header.time != nil, !header.wraps else { return }
        take(header, text, &entry)
    }

    // MARK: Objects

    /// Reads the object that a line is; `false` when it is none.
    private mutating func readObject(_ line: ByteSlice, _ entry: inout EntryView) -> Bool {
        guard readsObjects, line.count > 1 else { return false }
        var text = line
        if text[0] == 0x1e { text = text.slice(1, text.count) }  // RFC 7464
        if text.hasPrefix("data: {") { text = text.slice(6, text.count) }  // server-sent events
        guard text.count > 1, text[0] == UInt8(ascii: "{") else { return false }
        if text[text.count - 1] == UInt8(ascii: ",") { text = text.slice(0, text.count - 1) }
        var found = EntryView()
        switch JSONObject.read(text, &scratch, &found) {
        case .broken:
            if expectsObjects {
                entry.message = line
                entry.isRaw = true
            }
            return expectsObjects
        case .journal:
            (found.time, found.priority) = (entry.time ?? found.time, entry.priority ?? found.priority)
            entry = found
        case .foreign:
            foreign.read(text, year: year, &scratch, &entry)
            if foreign.wraps { readInner(entry.message, &entry) }
        }
        return true
    }

    /// An object over several lines is an entry only when it says what an entry says; others are a program's output.
    private mutating func readOverLines(_ text: ByteSlice, _ entry: inout EntryView) -> Bool {
        var found = EntryView()
        switch JSONObject.read(text, &scratch, &found) {
        case .broken: return false
        case .journal: entry = found
        case .foreign:
            foreign.read(text, year: year, &scratch, &found)
            guard found.time != nil, foreign.hasMessage else { return false }
            entry = found
        }
        return true
    }

    // MARK: Lines

    private static func lineEnd(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        guard start < count, let found = memchr(base + start, 0x0a, count - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// The bytes without the carriage return behind and the byte order mark before them.
    @inline(__always)
    private static func line(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> ByteSlice {
        var from = start
        var to = end
        if to > from, base[to - 1] == 0x0d { to -= 1 }
        if to - from >= 3, base[from] == 0xef, base[from + 1] == 0xbb, base[from + 2] == 0xbf { from += 3 }
        return ByteSlice(base + from, to - from)
    }

    /// Where the lines that belong to the one that ends at `first` end; `nil` when that is not certain yet.
    private func fold(
        _ base: UnsafePointer<UInt8>, _ first: Int, _ count: Int, ends: Bool
    ) -> (stop: Int, lines: Int)? {
        var stop = first
        var lines = 1
        let from = first
        while lines < Self.maximumLines, stop - from < Self.maximumBytes {
            let next = stop + 1
            guard next < count else { return ends ? (stop, lines) : nil }
            guard let end = Self.lineEnd(base, next, count) ?? (ends ? count : nil) else { return nil }
            guard Self.continues(ByteSlice(base + next, end - next)) else { break }
            stop = end
            lines += 1
        }
        return (stop, lines)
    }

    @inline(__always)
    private static func continues(_ text: ByteSlice) -> Bool {
        guard text.count > 1 else { return false }
        switch text[0] {
        case 0x09, 0x20: return true
        case UInt8(ascii: "C"): return text.hasPrefix("Caused by: ")
        case UInt8(ascii: "#"): return text[1] >= 0x30 && text[1] <= 0x39  // a frame of PHP
        default: return false
        }
    }

    /// Where the object that `{` opens is closed by a line that begins with `}`; the opening line alone when it is not, soon.
    private func objectEnd(
        _ base: UnsafePointer<UInt8>, _ first: Int, _ count: Int, ends: Bool
    ) -> (stop: Int, lines: Int)? {
        var stop = first
        var lines = 1
        while lines < Self.maximumLines, stop - first < Self.maximumBytes {
            let next = stop + 1
            guard next < count, let end = Self.lineEnd(base, next, count) ?? (ends ? count : nil) else {
                return ends ? (first, 1) : nil
            }
            stop = end
            lines += 1
            if base[next] == UInt8(ascii: "}") { return (stop, lines) }
            // Inside an object every line is indented.
            guard base[next] <= 0x20 else { break }
        }
        return (first, 1)
    }
}
