// SPDX-License-Identifier: MIT

/// The shape of a stream of log lines.
package enum JournalFormat: String, Sendable, CaseIterable {
    case export
    /// Objects, one a line; a line that only begins like one counts as not parsed.
    case json
    /// Lines of any form, each read for what it is.
    case lines
    /// Text that is not to be taken for anything else.
    case plain
}

/// Cuts a byte stream into entries, whatever its format, in bounded memory.
///
/// Content never makes it fail: what does not parse is an entry with `isRaw` set.
package struct JournalReader: ~Copyable {
    /// A line or entry longer than this is cut and the rest of it passed over.
    package static let longest = 1 << 22

    /// Which format the stream turned out to have; `nil` until enough of it was seen.
    package private(set) var format: JournalFormat?
    private let year: Int
    private var lines: LineReader
    private var export = ExportReader()
    /// Lines that stand in an export and are no field of it.
    private var strangers: LineReader
    private var encoding: TextEncoding?
    private var decoder: UTF16Decoder?
    private var shape: LineShape?
    private var splitter = ArraySplitter()
    /// The first bytes as text, until the shape is known.
    private var opening: [UInt8] = []
    /// The first bytes, until the encoding is known.
    private var head: [UInt8] = []
    /// Input lines handed on so far.
    private var count = 0
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var start = 0
    private var end = 0
    /// Set after a line was cut: the rest of it is passed over, for it was counted already.
    private var passOver = false

    /// The `year` is that of times that do not say one.
    package init(format: JournalFormat? = nil, year: Int) {
        self.format = format
        self.year = year
        lines = Self.reader(format ?? .lines, year)
        strangers = Self.reader(.lines, year)
        capacity = 1 << 16
        buffer = .allocate(capacity: capacity)
    }

    deinit { buffer.deallocate() }

    /// Takes the next bytes of the stream and hands on every entry they complete.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer, _ emit: (EntryView) -> Void) {
        if encoding == nil {
            head += bytes
            let held = head
            held.withUnsafeBytes { decide($0, final: false, emit) }
        } else {
            decode(bytes, final: false, emit)
        }
    }

    /// Hands on what is left when the stream has ended.
    package mutating func finish(_ emit: (EntryView) -> Void) {
        if encoding == nil {
            let held = head
            held.withUnsafeBytes { decide($0, final: true, emit) }
        }
        decode(UnsafeRawBufferPointer(start: nil, count: 0), final: true, emit)
        if shape == nil { settle(final: true, emit) }
        drain(final: true, emit)
        start = 0
        end = 0
    }

    private static func reader(_ format: JournalFormat, _ year: Int) -> LineReader {
        LineReader(year: year, readsObjects: format != .plain, expectsObjects: format == .json)
    }

    /// Takes the first bytes once they tell the encoding.
    private mutating func decide(_ bytes: UnsafeRawBufferPointer, final: Bool, _ emit: (EntryView) -> Void) {
        guard let found = TextEncoding.detect(bytes, final: final) else { return }
        encoding = found.encoding
        if found.encoding != .utf8 { decoder = UTF16Decoder(isBigEndian: found.encoding == .utf16BigEndian) }
        decode(UnsafeRawBufferPointer(rebasing: bytes[found.mark...]), final: false, emit)
        head = []
    }

    private mutating func decode(_ bytes: UnsafeRawBufferPointer, final: Bool, _ emit: (EntryView) -> Void) {
        guard decoder != nil else { return shaped(bytes, emit) }
        let text = decoder?.decode(bytes, final: final) ?? []
        text.withUnsafeBytes { shaped($0, emit) }
    }

    /// Makes lines of streams that have other ends, or none.
    private mutating func shaped(_ bytes: UnsafeRawBufferPointer, _ emit: (EntryView) -> Void) {
        switch shape {
        case .lines?: take(bytes, emit)
        case .separated(let end)?:
            let text = bytes.map { $0 == end ? 0x0a : $0 }
            text.withUnsafeBytes { take($0, emit) }
        case .array?:
            let text = splitter.split(bytes)
            text.withUnsafeBytes { take($0, emit) }
        case nil:
            opening += bytes
            settle(final: false, emit)
        }
    }

    private mutating func settle(final: Bool, _ emit: (EntryView) -> Void) {
        let held = opening
        guard let found = held.withUnsafeBytes({ LineShape.detect($0, final: final) }) else { return }
        shape = format == .plain && found == .array ? .lines : found
        opening = []
        held.withUnsafeBytes { shaped($0, emit) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, _ emit: (EntryView) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var at = 0
        while at < bytes.count {
            let piece = min(bytes.count - at, 1 << 20)
            append(base + at, piece)
            at += piece
            drain(final: false, emit)
        }
    }

    private mutating func append(_ base: UnsafeRawPointer, _ count: Int) {
        if end + count > capacity {
            if start > 0 {
                UnsafeMutableRawPointer(buffer).copyMemory(from: buffer + start, byteCount: end - start)
                end -= start
                start = 0
            }
            if end + count > capacity {
                let size = max(capacity * 2, end + count)
                let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
                UnsafeMutableRawPointer(larger).copyMemory(from: buffer, byteCount: end)
                buffer.deallocate()
                buffer = larger
                capacity = size
            }
        }
        UnsafeMutableRawPointer(buffer + end).copyMemory(from: base, byteCount: count)
        end += count
    }

    private mutating func drain(final: Bool, _ emit: (EntryView) -> Void) {
        if format == nil {
            format = Self.guess(UnsafeBufferPointer(start: buffer + start, count: end - start), final: final)
            if let format { lines = Self.reader(format, year) }
        }
        guard let format else { return }
        if passOver {
            while start < end, buffer[start] != 0x0a { start += 1 }
            if start < end {
                start += 1
                passOver = false
            }
        }
        let force = end - start > Self.longest
        let base = UnsafePointer(buffer + start)
        let size = end - start
        var used = 0
        if format != .export, !lines.metExport {
            used = lines.drain(base, size, final: final, force: force, line: &count, emit)
        }
        if format == .export || lines.metExport {
            used += export.drain(base + used, size - used, final: final, force: force) {
                var entry = $0
                if entry.isRaw { strangers.read(entry.message, &entry) }
                count += 1
                entry.line = count
                emit(entry)
            }
        }
        start += used
        if force, !final, used == size, format != .export, !lines.metExport, base[size - 1] != 0x0a { passOver = true }
        if start == end {
            start = 0
            end = 0
        }
    }

    /// What the first line looks like: an object, a field, or text.
    static func guess(_ bytes: UnsafeBufferPointer<UInt8>, final: Bool) -> JournalFormat? {
        var at = 0
        while at < bytes.count, bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x20 { at += 1 }
        guard at < bytes.count else { return final ? .lines : nil }
        if bytes[at] == UInt8(ascii: "{") { return .json }
        var name = at
        while name < bytes.count, bytes[name] == 0x5f || (bytes[name] >= 0x41 && bytes[name] <= 0x5a) { name += 1 }
        if name == bytes.count, !final { return bytes.count < 256 ? nil : .lines }
        guard name < bytes.count, name > at, bytes[name] == UInt8(ascii: "=") else { return .lines }
        // `__CURSOR=` comes first in every export; a field of another name only counts with a leading underscore.
        return bytes[at] == 0x5f && at + 1 < bytes.count ? .export : .lines
    }
}
