// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaCore
import Testing

@testable import MachaStore

/// Thirty days of fifty hosts, looked at every five minutes: how large, how fast. Run it alone and optimised:
///
///     MACHA_BENCH=1 swift test -c release -Xswiftc -enable-testing --filter FleetMonthBenchmark
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MACHA_BENCH"] != nil))
struct FleetMonthBenchmark {
    private static let hosts = 50
    private static let days = 30
    private static let start = 1_800_000_000 - 1_800_000_000 % 86_400

    @Test func `a month of fifty hosts stays small, and a report of it takes a second at most`() throws {
        let folder = try TemporaryFolder()
        let store = try Store.open(at: folder.database)
        let clock = ContinuousClock()
        var hosts = (1...Self.hosts).map { MadeUpHost($0) }
        // Half a day more, so that the last day is under way.
        let end = Self.start + Self.days * 86_400 + 43_200
        let made = try clock.measure {
            // Only the figures: of the snapshots themselves the newest hundred a host would be left.
            for time in stride(from: Self.start, to: end - 100 * 300, by: 300) {
                let looks = hosts.indices.map { hosts[$0].look(at: time) }
                try store.write("record") { db in for look in looks { try MetricHost.record(look, db) } }
            }
        }
        try store.write("empty the log") { _ in }
        var times: [Duration] = []
        for time in stride(from: end - 100 * 300, to: end, by: 300) {
            for index in hosts.indices {
                let look = hosts[index].look(at: time)
                times.append(
                    try clock.measure {
                        let history = try store.history(for: look)
                        let findings = Detectors.findings(in: look, history: history)
                        try store.record(look, findings: findings, now: look.takenAt)
                    })
            }
        }
        times.sort()
        var findings: [String: Int] = [:]
        let fleet = hosts.map { FleetHost(name: $0.name, connection: .local) }
        let reported = try clock.measure {
            let now = Date(timeIntervalSince1970: Double(end))
            let month = now.addingTimeInterval(-30 * 86_400)
            let stored = try store.latest(hosts: fleet.map(\.name))
            let open = try store.openSightings(hosts: fleet.map(\.name))
            #expect(stored.count == Self.hosts)
            let reports = try zip(fleet, stored).map { host, stored in
                _ = FillOutlook.outlooks(in: stored.snapshot, try store.history(for: stored.snapshot))
                let keys = [SeriesKey(.load), SeriesKey(.memory), SeriesKey(.cpu), SeriesKey(.diskUsed, "/")]
                let lines = try store.history(host: host.name, keys, since: month, until: now, buckets: 60)
                #expect(lines.values.allSatisfy { $0.count { $0 != nil } >= 58 })
                _ = Folding.groups(stored.findings)
                for finding in stored.findings { findings["\(finding.severity) \(finding.kind)", default: 0] += 1 }
                return HostReport(
                    host, stored.snapshot, stored.findings,
                    since: Dictionary(open.map { ($0.finding.fingerprint, $0.firstSeen) }, uniquingKeysWith: min),
                    now: now)
            }
            #expect(FleetReport(reports, now: now).hosts.count == Self.hosts)
        }
        try store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let sizes = try store.read("sizes") { db in
            try Row.fetchAll(db, sql: "SELECT name, sum(pgsize) AS size FROM dbstat GROUP BY name ORDER BY size DESC")
                .map { "\($0["name"] as String) \(($0["size"] as Int) / 1024) KiB" }
        }
        let size = try FileManager.default.attributesOfItem(atPath: folder.database)[.size] as? Int ?? 0
        print(
            "looks: \(Self.hosts) × \((end - Self.start) / 300); series: \(try store.series(of: "host1").count) a host")
        print("made in \(made); database \(size / 1024) KiB: \(sizes)")
        print(
            "one look with its history, rules and record: median \(times[times.count / 2]), 99 % \(times[times.count * 99 / 100]), longest \(times[times.count - 1])"
        )
        print("report of the fleet with outlooks and 4 month-long lines a host: \(reported); findings \(findings)")
        #expect(reported < .seconds(1))
        #expect(size < 200 << 20)
    }
}
