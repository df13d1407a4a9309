// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaProbes
import MachaStore
import MachaTestSupport

/// A month of a fleet that is looked at every five minutes: how large the database becomes, what a look costs at its end,
/// and how long `macha status` takes to report. With `--folder` it is made there, and stays.
enum MonthBench {
    /// Seconds between two looks at a host.
    private static let interval = 300
    /// Looks at the end that are judged as `macha check` does it; those before leave their figures behind and no findings.
    private static let judged = 100
    private static let clock = ContinuousClock()

    static func run(_ options: Options) throws {
        let (hosts, days) = (options.count("hosts", 50), options.count("days", 30))
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/macha"
        let macha = options["macha"] ?? beside
        guard hosts > 0, days > 0, FileManager.default.isExecutableFile(atPath: macha) else {
            print("MachaBench month: there is no program \(macha), or no host or day to make")
            exit(64)
        }
        // Hundreds of thousands of flushes of a disk are not what is measured, so in memory where that can be.
        let room = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        let kept = options["folder"]
        let folder = kept ?? room + "macha-month-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if kept == nil { try? FileManager.default.removeItem(atPath: folder) } }
        try fill(folder + "/macha.db", hosts: hosts, days: days)
        let size = try FileManager.default.attributesOfItem(atPath: folder + "/macha.db")[.size] as? Int ?? 0
        print("database: \(size >> 20) MiB, \((size >> 10) / hosts) KiB a host")
        try report(macha, folder, hosts: hosts)
    }

    /// The month, up to now.
    private static func fill(_ path: String, hosts count: Int, days: Int) throws {
        let store = try Store.open(at: path)
        let end = Int(Date().timeIntervalSince1970) / interval * interval
        let start = end - days * 86_400
        var hosts = (1...count).map { MadeUpHost($0) }
        func looks(at time: Int) -> [Snapshot] {
            hosts.indices.map { hosts[$0].look(at: time, booted: start - 40 * 86_400) }
        }
        let made = try clock.measure {
            for time in stride(from: start, to: end - judged * interval, by: interval) {
                for look in looks(at: time) { try store.record(look, findings: [], now: look.takenAt) }
            }
        }
        var times: [Duration] = []
        for time in stride(from: end - judged * interval, through: end, by: interval) {
            for look in looks(at: time) {
                times.append(
                    try clock.measure {
                        let host = FleetHost(name: look.host, connection: .local)
                        try store.record(try store.judge(look, of: host), now: look.takenAt)
                    })
            }
        }
        times.sort()
        print("\(count) hosts, \(days) days, \(days * 86_400 / interval) looks at each; made in \(seconds(made))")
        print(
            "a look with its history, rules and record: median \(seconds(times[times.count / 2])), "
                + "99 % \(seconds(times[times.count * 99 / 100])), longest \(seconds(times[times.count - 1]))")
    }

    /// The whole command as a person runs it, five times in each form; the database is read for the first time by the first.
    private static func report(_ macha: String, _ folder: String, hosts: Int) throws {
        let inventory = folder + "/fleet.yaml"
        let lines = (1...hosts).map { "  host\($0): { address: 192.0.2.1 }\n" }
        try ("hosts:\n" + lines.joined()).write(toFile: inventory, atomically: true, encoding: .utf8)
        for format in ["table", "html", "json", "markdown"] {
            let page = folder + "/page"
            var times: [Duration] = []
            for _ in 0..<5 {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: macha)
                process.arguments = [
                    "--inventory", inventory, "--state-dir", folder, "status", "--format", format, "-o", page,
                ]
                times.append(
                    try clock.measure {
                        try process.run()
                        process.waitUntilExit()
                    })
                guard process.terminationStatus == 0 else {
                    print("macha status --format \(format) ended with status \(process.terminationStatus)")
                    exit(1)
                }
            }
            let size = try FileManager.default.attributesOfItem(atPath: page)[.size] as? Int ?? 0
            print("macha status --format \(format): \(times.map(seconds).joined(separator: ", ")); \(size / 1000) KB")
        }
    }

    private static func seconds(_ time: Duration) -> String {
        let milliseconds = time / .milliseconds(1)
        return milliseconds < 10_000
            ? "\((milliseconds * 10).rounded() / 10) ms" : "\(Int((milliseconds / 1000).rounded())) s"
    }
}
