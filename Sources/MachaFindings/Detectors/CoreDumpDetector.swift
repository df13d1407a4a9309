// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Programs that crashed in the last day: `core-dump`, one for each program.
///
/// A warning from three crashes of one program on, information below: what crashes once may have been a person's own
/// test; a service that crashed and stayed down is `unit-failed` besides. False alarms thought about: desktop programs
/// and compilers' test suites (single crashes stay information), dumps that a person asked for (SIGQUIT and SIGTRAP are left out).
enum CoreDumpDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[CoreDumpsProbe.self] else { return [] }
        let crashes = state.dumps.filter { $0.signal != 3 && $0.signal != 5 }
        let groups = Dictionary(grouping: crashes) { $0.program }
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        return groups.map { program, dumps in
            let name = String(program.split(separator: "/").last ?? "program")
            let times = dumps.count == 1 ? "once" : "\(dumps.count) times"
            return Finding(
                .coreDump, host: snapshot.host, subject: name, dumps.count >= 3 ? .warning : .info,
                "\(name.printable(limit: 60)) crashed \(times) in the last day.",
                evidence: dumps.suffix(3).map { "\(FindingText.moment($0.time)) signal \($0.signal) \($0.program)" },
                remedy: "See the stack trace of the newest crash.",
                commands: ["coredumpctl info \(name.asArgument("PROGRAM"))"])
        }
    }
}
