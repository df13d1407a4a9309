// SPDX-License-Identifier: MIT
import Foundation
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// Thirty days of the daemon, with two faults a day: what it holds in memory and on the disk stays as it is. Only with
/// `MACHA_MONTH`, the number of days: they take half an hour.
@Suite(
    .serialized, .timeLimit(.minutes(120)),
    .enabled(if: ProcessInfo.processInfo.environment["MACHA_MONTH"] != nil, "needs MACHA_MONTH, a number of days"))
struct MonthTests {
    /// One evening's state.
    private struct Evening: CustomStringConvertible {
        var day: Int
        var memory: Int
        var database: Int
        var files: Int
        var rows: [String: Int]

        var description: String {
            let rows = rows.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return "day \(day): private \(memory) KiB, database \(database) KiB, files \(files); "
                + rows.joined(separator: ", ")
        }
    }

    private static let hosts = 3
    private static let faults = ["memory-low", "disk-inodes", "container-unhealthy", "journal-errors", "read-only"]

    @Test func `a month of days leaves memory flat and keeps on the disk what retention says`() async throws {
        let days = OwnProcess.number("MACHA_MONTH", or: 30)
        let script = try DayScript(
            (0..<Self.hosts).map { "host h\($0) autonomy=\($0 == 0 ? "auto-safe" : "observe")" }.joined(separator: "\n")
        )
        let fleet = try await FleetDay(script, interval: "1h", step: 29)
        let evenings = Evenings()
        try await fleet.run { fleet in
            for day in 0..<days {
                try await Self.live(through: day, fleet)
                let evening = try Self.evening(day + 1, fleet)
                print(evening)
                evenings.add(evening)
            }
        }
        let all = evenings.all
        #expect(try fleet.store.verifyAudit().faults.isEmpty)
        #expect(try fleet.store.damages().isEmpty)
        #expect(all.allSatisfy { $0.rows["snapshot", default: 0] <= 100 * Self.hosts })
        guard all.count >= 10 else { return }
        let memory = all[2...].map(\.memory)
        let (least, most) = (memory.min() ?? 0, memory.max() ?? 0)
        #expect(most - least <= least / 20, "from \(least) to \(most) KiB")
        let last = try #require(all.last)
        // Each observation for two days, and the day that is being folded.
        #expect(last.rows["metric_look", default: 0] <= 3 * 25 * Self.hosts)
        #expect(last.files <= all[2].files)
    }

    private static func live(through day: Int, _ fleet: FleetDay) async throws {
        let midnight = day * 1440
        try await fleet.pass(untilMinute: midnight + 600)
        let fault = faults[day % faults.count]
        // What a mend brings back is as old as a healthy host's: without it timers would be overdue the next day.
        for host in 0..<hosts { try fleet.lab.plant(fault, on: "h\(host)") }
        try await fleet.pass(untilMinute: midnight + 780)
        for host in 0..<hosts { try fleet.lab.mend(fault, on: "h\(host)") }
        try fleet.lab.plant("failed-unit", on: "h\(day % hosts)")
        try await fleet.pass(untilMinute: midnight + 960)
        try fleet.lab.mend("failed-unit", on: "h\(day % hosts)")
        try await fleet.pass(untilMinute: midnight + 1440)
    }

    private static func evening(_ day: Int, _ fleet: FleetDay) throws -> Evening {
        let count = """
            import json, sqlite3, sys
            db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
            names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            print(json.dumps({n: db.execute('SELECT count(*) FROM "%s"' % n).fetchone()[0] for n in names}))
            """
        let state = fleet.scratch.path("state")
        let answer = try MachaTestSupport.run("/usr/bin/env", ["python3", "-c", count, "\(state)/macha.db"])
        let rows = try JSONDecoder().decode([String: Int].self, from: Data(answer.output.utf8))
        let files = FileManager.default.enumerator(atPath: state)?.allObjects.count ?? 0
        return Evening(
            day: day, memory: try OwnProcess.privateMemory() / 1024,
            database: (fleet.store.size.map(Int.init) ?? 0) / 1024,
            files: files, rows: rows)
    }

    private final class Evenings: Sendable {
        private let list = Mutex<[Evening]>([])

        var all: [Evening] { list.withLock { $0 } }

        func add(_ evening: Evening) { list.withLock { $0.append(evening) } }
    }
}
