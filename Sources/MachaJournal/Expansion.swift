// SPDX-License-Identifier: MIT

/// Lists the entries behind one template: a second pass over the same bytes.
package final class Expansion {
    private let engine: DigestEngine
    private let wanted: Set<Int32>
    private var reader: JournalReader
    private var redactor = Redactor()
    /// Entries listed so far.
    package private(set) var count = 0

    /// `nil` when no template has this id.
    ///
    /// The engine has read the stream once, with its assignments recorded; the id is a template's or that of an evidence line (`abcde.2`).
    package init?(_ engine: DigestEngine, _ templates: Templates, id: String, year: Int) {
        let wanted = id.prefix { $0 != "." }
        var groups = Set<Int32>()
        for group in Set(engine.assignments) where group >= 0 {
            let found = templates.template(of: Int(group), engine.miner)?.id ?? Templates.forgotten
            if found == wanted { groups.insert(group) }
        }
        guard !groups.isEmpty else { return nil }
        self.engine = engine
        self.wanted = groups
        reader = JournalReader(format: engine.format, year: year)
    }

    /// Takes the next bytes and hands on each matching entry as one line: its number, time, source and message.
    package func feed(_ bytes: UnsafeRawBufferPointer, _ out: (String) -> Void) {
        var lines: [String] = []
        let assignments = engine.assignments
        let wanted = wanted
        var redactor = redactor
        reader.feed(bytes) { Self.show($0, assignments, wanted, &redactor, &lines) }
        self.redactor = redactor
        count += lines.count
        for line in lines { out(line) }
    }

    /// Hands on what is left when the stream has ended.
    package func finish(_ out: (String) -> Void) {
        var lines: [String] = []
        let assignments = engine.assignments
        let wanted = wanted
        var redactor = redactor
        reader.finish { Self.show($0, assignments, wanted, &redactor, &lines) }
        self.redactor = redactor
        count += lines.count
        for line in lines { out(line) }
    }

    private static func show(
        _ entry: EntryView, _ assignments: [Int32], _ wanted: Set<Int32>, _ redactor: inout Redactor,
        _ lines: inout [String]
    ) {
        guard entry.line >= 1, entry.line <= assignments.count, wanted.contains(assignments[entry.line - 1]) else {
            return
        }
        var line = "L\(entry.line)"
        if let time = entry.time { line += " " + Stamp.full(time) }
        if !entry.identifier.isEmpty { line += " " + Printable.line(entry.identifier.bytes, limit: 80) + ":" }
        let text = entry.message.slice(0, min(entry.message.count, 1 << 16)).bytes
        lines.append(line + " " + Printable.line(redactor.clean(text), limit: 1 << 16))
    }
}
