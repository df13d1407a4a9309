// SPDX-License-Identifier: MIT

// Built together with Sources/MachaJournal by Tests/Lab/fuzz/run, with libFuzzer and AddressSanitizer.

/// One input: the first byte chooses format and cuts, the rest is the stream.
///
/// Whatever the bytes are, the digest keeps its promises: sums match, the budget holds, and cutting the stream elsewhere changes nothing.
@_cdecl("LLVMFuzzerTestOneInput")
public func digestOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
    let format: JournalFormat? = [nil, .plain, .json, .export][Int(start[0] & 3)]
    let piece = [1 << 20, 1, 7, 64][Int(start[0] >> 2 & 3)]

    let whole = digest(bytes, format, piece: bytes.count, tokens: 500)
    let cut = digest(bytes, format, piece: piece, tokens: 500)
    guard whole == cut else { fatalError("the digest depends on how the stream was cut") }
    remember(bytes, format)
    return 0
}

/// The stream as a memory, and its memory read back, must be taken or refused, never more.
private func remember(_ bytes: UnsafeRawBufferPointer, _ format: JournalFormat?) {
    let engine = DigestEngine(format: format, year: 2025)
    try? LogBaseline.load(Array(bytes), into: engine.miner)
    engine.feed(bytes)
    engine.finish()
    let memory = LogBaseline.save(engine.miner, day: 20_000)
    let again = DigestEngine(format: format, year: 2025)
    guard (try? LogBaseline.load(memory, into: again.miner)) != nil else { fatalError("a memory cannot be read back") }
    again.feed(bytes)
    again.finish()
    guard LedgerText.sums(again, Templates(again.miner)) else { fatalError("lines got lost with a memory") }
}

private func digest(_ bytes: UnsafeRawBufferPointer, _ format: JournalFormat?, piece: Int, tokens: Int) -> String {
    let engine = DigestEngine(format: format, year: 2025, recordsAssignments: true)
    var at = 0
    while at < bytes.count {
        let end = min(bytes.count, at + piece)
        engine.feed(UnsafeRawBufferPointer(rebasing: bytes[at..<end]))
        at = end
    }
    engine.finish()
    let templates = Templates(engine.miner)
    guard LedgerText.sums(engine, templates) else { fatalError("lines got lost") }
    guard engine.assignments.count == engine.ledger.lines else { fatalError("an input line has no template") }
    var renderer = DigestRenderer(
        engine, templates, DigestOptions(tokens: tokens, usesPseudonyms: bytes.count & 1 == 1))
    let text = renderer.render().text
    guard text.utf8.count <= tokens * 4 else { fatalError("over budget") }
    return text
}
