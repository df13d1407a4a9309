// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What was read, and that nothing of it got lost: `entries == counted + filtered`, and every counted entry has a template.
package struct Ledger: Sendable {
    package var bytes = 0
    /// Input lines; an entry of the export format counts as one.
    package var lines = 0
    package var entries = 0
    /// Lines of entries that `since` or `unit` left out.
    package var filteredLines = 0
    package var countedLines = 0
    /// Lines that did not parse as the stream's format and were kept as text.
    package var raw = 0
    package var firstTime: Int64?
    package var lastTime: Int64?
    package var boots = 0
    /// How often the time of an entry lay more than a minute before that of the entry above it.
    package var clockWentBack = 0
    package var hosts: Set<String> = []
}

/// Reads a stream and holds what a digest is made of: the first pass over the bytes, in memory that does not grow with them.
package final class DigestEngine {
    package struct Filter: Sendable {
        /// Entries before this many microseconds since 1970 are left out.
        package var since: Int64?
        /// Only this unit or identifier, when set.
        package var unit: String?

        package init(since: Int64? = nil, unit: String? = nil) {
            self.since = since
            self.unit = unit
        }
    }

    package private(set) var ledger = Ledger()
    package let miner: TemplateMiner
    private(set) var transcript = Transcript()
    /// The group of every line, when it was asked for; -1 for lines that were filtered out.
    package private(set) var assignments: [Int32] = []
    private var reader: JournalReader
    private let filter: Filter
    private let unit: [UInt8]
    private let recordsAssignments: Bool
    private var lastTime: Int64?
    private var boot: UInt64 = 0
    private var hostHash: UInt64 = 0
    private var clean = Scratch()

    package init(format: JournalFormat? = nil, year: Int, filter: Filter = Filter(), recordsAssignments: Bool = false) {
        reader = JournalReader(format: format, year: year)
        self.filter = filter
        unit = Array((filter.unit ?? "").utf8)
        self.recordsAssignments = recordsAssignments
        miner = TemplateMiner(keepsNumbers: recordsAssignments)
    }

    package var format: JournalFormat? { reader.format }

    package func feed(_ bytes: UnsafeRawBufferPointer) {
        ledger.bytes += bytes.count
        reader.feed(bytes) { take($0) }
    }

    package func finish() { reader.finish { take($0) } }

    private func take(_ given: EntryView) {
        var entry = given
        ledger.entries += 1
        ledger.lines += entry.lines
        if entry.isRaw { ledger.raw += entry.lines }
        guard passes(entry) else {
            ledger.filteredLines += entry.lines
            if recordsAssignments { for _ in 0..<entry.lines { assignments.append(-1) } }
            return
        }
        ledger.countedLines += entry.lines
        note(entry)
        entry.message = cleaned(entry.message)
        let group = miner.add(entry, subject: Self.subject(entry.message))
        if entry.identifier.isEmpty, entry.unit.isEmpty { transcribe(entry, group, indent: Self.indent(given.message)) }
        if recordsAssignments { for _ in 0..<entry.lines { assignments.append(Int32(group)) } }
    }

    private func transcribe(_ entry: EntryView, _ group: Int, indent: Int) {
        let group = miner.root(of: group)
        if miner.isCommonRequest(group) { return transcript.skip(entry.lines) }
        let (strength, ordinal) = miner.strength(of: group, Self.subject(entry.message))
        transcript.append(
            entry.message, number: entry.line, time: entry.time, indent: indent, strength: strength, ordinal: ordinal)
    }

    private static func indent(_ message: ByteSlice) -> Int {
        var at = 0
        while at < message.count, message[at] == 0x20 || message[at] == 0x09 { at += message[at] == 0x09 ? 4 : 1 }
        return at
    }

    private func passes(_ entry: EntryView) -> Bool {
        if let since = filter.since, let time = entry.time, time < since { return false }
        guard !unit.isEmpty else { return true }
        return unit.withUnsafeBufferPointer { wanted in
            wanted.baseAddress.map {
                Self.names(entry.unit, $0, wanted.count) || Self.names(entry.identifier, $0, wanted.count)
            } ?? true
        }
    }

    /// Whether a name is the one wanted, with or without the kind of unit behind it.
    private static func names(_ name: ByteSlice, _ wanted: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard name.count >= count, memcmp(name.base, wanted, count) == 0 else { return false }
        return name.count == count || name[count] == UInt8(ascii: ".")
    }

    private func note(_ entry: EntryView) {
        if let time = entry.time {
            if let last = lastTime, time < last - 60_000_000 { ledger.clockWentBack += 1 }
            lastTime = time
            if ledger.firstTime.map({ time < $0 }) ?? true { ledger.firstTime = time }
            if ledger.lastTime.map({ time > $0 }) ?? true { ledger.lastTime = time }
        }
        if entry.boot.count > 0 {
            let hash = Mix.bytes(entry.boot.base, entry.boot.count)
            if hash != boot {
                boot = hash
                ledger.boots += 1
            }
        }
        if entry.host.count > 0 {
            let hash = Mix.bytes(entry.host.base, entry.host.count)
            if hash != hostHash, ledger.hosts.count < 64 {
                hostHash = hash
                ledger.hosts.insert(entry.host.text)
            }
        }
    }

    /// The message without what it says to a terminal and without blanks in front.
    private func cleaned(_ message: ByteSlice) -> ByteSlice {
        let text: ByteSlice
        if TerminalText.isPlain(message) {
            text = message
        } else {
            clean.reset()
            text = TerminalText.stripped(message, &clean)
        }
        var start = 0
        while start < text.count, text[start] <= 0x20 { start += 1 }
        return text.slice(start, text.count)
    }

    /// The first line of a message: a trace below it does not decide what it is.
    private static func subject(_ message: ByteSlice) -> ByteSlice {
        guard message.count > 0, let end = memchr(message.base, 0x0a, message.count) else { return message }
        var count = UnsafeRawPointer(end) - UnsafeRawPointer(message.base)
        if count > 0, message[count - 1] == 0x0d { count -= 1 }
        return message.slice(0, count)
    }
}
