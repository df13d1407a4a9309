// SPDX-License-Identifier: MIT
import Foundation
import MachaJournal

func run(_ path: String, assignments: Bool, format: JournalFormat?) -> DigestEngine {
    let engine = DigestEngine(format: format, year: 2025, recordsAssignments: assignments)
    read(path, engine)
    return engine
}
func read(_ path: String, _ engine: DigestEngine) {
    guard let file = fopen(path, "r") else { return }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    while true {
        let count = fread(room.baseAddress, 1, room.count, file)
        if count == 0 { break }
        engine.feed(UnsafeRawBufferPointer(rebasing: room[0..<count]))
    }
    engine.finish()
    fclose(file)
}
func peak() -> Int {
    let s = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return s.split(separator: "\n").first { $0.hasPrefix("VmHWM") }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}
if CommandLine.arguments[1] == "digest" {  // digest FILE OUT [MEMORYIN] ; writes OUT.<tokens>
    let a = CommandLine.arguments
    let engine = DigestEngine(year: 2025)
    if a.count > 4, let memory = FileManager.default.contents(atPath: a[4]) {
        try HostMemory.load([UInt8](memory), into: engine.miner)
    }
    read(a[2], engine)
    let templates = Templates(engine.miner)
    for tokens in [500, 1000, 2000, 4000, 8000, 16000, 32000] {
        var renderer = DigestRenderer(engine, templates, DigestOptions(tokens: tokens))
        let digest = renderer.render()
        if digest.text.utf8.count > tokens * 4 { print("OVER BUDGET", tokens, digest.text.utf8.count) }
        try? Data(digest.text.utf8).write(to: URL(fileURLWithPath: "\(a[3]).\(tokens)"))
    }
    exit(0)
}
if CommandLine.arguments[1] == "memory" {  // memory FILE OUT
    let a = CommandLine.arguments
    let engine = DigestEngine(year: 2025)
    read(a[2], engine)
    try? Data(HostMemory.save(engine.miner, day: 20148)).write(to: URL(fileURLWithPath: a[3]))
    exit(0)
}
let mode = CommandLine.arguments[1]
for path in CommandLine.arguments.dropFirst(2) {
    let clock = ContinuousClock()
    var engine = DigestEngine(year: 2025)
    let t = clock.measure { engine = run(path, assignments: mode == "ga", format: mode == "ga" ? .plain : nil) }
    var templates: Templates?
    let t2 = clock.measure { templates = Templates(engine.miner) }
    let secs = Double(t.components.attoseconds) / 1e18 + Double(t.components.seconds)
    print(
        path, "lines", engine.ledger.lines, "entries", engine.ledger.entries, "templates", templates?.all.count ?? 0,
        "secs", secs, "resolve", t2,
        "lines/s", Int(Double(engine.ledger.lines) / secs), "MB/s", Double(engine.ledger.bytes) / secs / 1e6, "peakKB",
        peak())
    if mode == "ga", let templates {
        var out: [UInt8] = []
        Assignments.write(engine, templates) { out += $0 }
        try? Data(out).write(to: URL(fileURLWithPath: path + ".csv"))
    }
    if mode == "dump", let templates {
        for t in templates.all.sorted(by: { $0.groups.count > $1.groups.count }) {
            print(t.id, t.groups.count, t.text.prefix(220))
        }
    }
}
