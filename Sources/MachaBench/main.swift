// SPDX-License-Identifier: MIT
import Foundation
import MachaJournal

func run(_ path: String, assignments: Bool, format: JournalFormat?) -> DigestEngine {
    let engine = DigestEngine(format: format, year: 2025, recordsAssignments: assignments)
    guard let file = fopen(path, "r") else { return engine }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    while true {
        let count = fread(room.baseAddress, 1, room.count, file)
        if count == 0 { break }
        engine.feed(UnsafeRawBufferPointer(rebasing: room[0..<count]))
    }
    engine.finish()
    fclose(file)
    return engine
}
func peak() -> Int {
    let s = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return s.split(separator: "\n").first { $0.hasPrefix("VmHWM") }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}
let mode = CommandLine.arguments[1]
for path in CommandLine.arguments.dropFirst(2) {
    let clock = ContinuousClock()
    var engine = DigestEngine(year: 2025)
    let t = clock.measure { engine = run(path, assignments: mode == "ga", format: mode == "ga" ? .plain : nil) }
    var templates: Templates?
    let t2 = clock.measure { templates = Templates(engine.miner) }
    let secs = Double(t.components.attoseconds) / 1e18 + Double(t.components.seconds)
    print(path, "lines", engine.ledger.lines, "entries", engine.ledger.entries, "templates", templates?.all.count ?? 0, "secs", secs, "resolve", t2,
          "lines/s", Int(Double(engine.ledger.lines) / secs), "MB/s", Double(engine.ledger.bytes) / secs / 1e6, "peakKB", peak())
    if mode == "ga", let templates {
        var out: [UInt8] = []
        Assignments.write(engine, templates) { out += $0 }
        try? Data(out).write(to: URL(fileURLWithPath: path + ".csv"))
    }
    if mode == "dump", let templates {
        for t in templates.all.sorted(by: { $0.groups.count > $1.groups.count }) { print(t.id, t.groups.count, t.text.prefix(220)) }
    }
}
