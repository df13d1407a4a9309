// SPDX-License-Identifier: MIT
import Foundation
import MachaJournal

/// Reads `bytes` in pieces of `piece` bytes.
func engine(
    _ bytes: [UInt8], format: JournalFormat? = nil, piece: Int = 1 << 18, filter: DigestEngine.Filter = .init(),
    memory: [UInt8]? = nil, recordsAssignments: Bool = true
) throws -> DigestEngine {
    let engine = DigestEngine(format: format, year: 2025, filter: filter, recordsAssignments: recordsAssignments)
    if let memory { try LogBaseline.load(memory, into: engine.miner) }
    bytes.withUnsafeBytes { raw in
        var at = 0
        while at < raw.count {
            let end = min(raw.count, at + piece)
            engine.feed(UnsafeRawBufferPointer(rebasing: raw[at..<end]))
            at = end
        }
    }
    engine.finish()
    return engine
}

func engine(_ text: String, format: JournalFormat? = nil) throws -> DigestEngine {
    try engine(Array(text.utf8), format: format)
}

/// The template id of each line.
func templates(_ engine: DigestEngine) -> [String] {
    let templates = Templates(engine.miner)
    return engine.assignments.map { templates.template(of: Int($0), engine.miner)?.id ?? "" }
}

func digest(_ engine: DigestEngine, tokens: Int = 2000, pseudonyms: Bool = false) -> Digest {
    var renderer = DigestRenderer(
        engine, Templates(engine.miner), DigestOptions(tokens: tokens, usesPseudonyms: pseudonyms))
    return renderer.render()
}

struct Seen: Equatable {
    var message: String
    var identifier: String
    var priority: UInt8?
    var time: Int64?
    var line: Int
    var lines: Int
    var isRaw: Bool
}

/// The entries a reader finds.
func entries(_ bytes: [UInt8], format: JournalFormat? = nil, piece: Int = 1 << 18) -> [Seen] {
    var reader = JournalReader(format: format, year: 2025)
    var out: [Seen] = []
    func note(_ entry: EntryView) {
        out.append(
            Seen(
                message: entry.message.text, identifier: entry.identifier.text, priority: entry.priority,
                time: entry.time,
                line: entry.line, lines: entry.lines, isRaw: entry.isRaw))
    }
    bytes.withUnsafeBytes { raw in
        var at = 0
        while at < raw.count {
            let end = min(raw.count, at + piece)
            reader.feed(UnsafeRawBufferPointer(rebasing: raw[at..<end]), note)
            at = end
        }
    }
    reader.finish(note)
    return out
}

func fixture(_ path: String) throws -> [UInt8] {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: path)
    return [UInt8](try Data(contentsOf: url))
}

func fixtureLines(_ path: String) throws -> [String] {
    String(decoding: try fixture(path), as: UTF8.self).split(separator: "\n").map(String.init)
}

/// A small generator whose numbers follow from its seed (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
