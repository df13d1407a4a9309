// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaProbes
import MachaTestSupport
import Testing

@testable import MachaStore

struct MetricStoreTests {
    let folder: TemporaryFolder
    let store: Store
    /// A midnight, UTC.
    private static let start = 1_800_000_000 - 1_800_000_000 % 86_400
    private static let mount = SeriesKey(.diskUsed, "/")

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    /// What `/` holds after so many steps: a GiB, and a MiB more each.
    private static func level(_ step: Int) -> Int { 1_073_741_824 + step * 1_048_576 }

    private func date(_ time: Int) -> Date { Date(timeIntervalSince1970: Double(time)) }

    /// Looks every five minutes in `[from, to)`, with what `/` holds given by `used`.
    private func watch(_ host: Int = 1, from: Int, to: Int, every: Int = 300, used: (Int) -> Int = { _ in 1 << 30 })
        throws
    {
        var made = MadeUpHost(host)
        try store.write("watch") { db in
            for time in stride(from: from, to: to, by: every) {
                try MetricHost.record(made.look(at: time, rootUsed: used(time)), isReplaced: false, db)
            }
        }
    }

    private func rows(_ table: String) throws -> Int {
        try store.read("count") { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    @Test func `figures are recorded with the snapshot, and come back as they were`() throws {
        var host = MadeUpHost(1)
        let first = host.look(at: Self.start + 100)
        let second = host.look(at: Self.start + 400)
        for snapshot in [first, second] { try store.record(snapshot, findings: [], now: snapshot.takenAt) }
        let history = try store.history(for: host.look(at: Self.start + 700))
        for (key, value) in MetricValues.values(of: second, after: HostTimeline().after(first)) {
            let last = try #require(history.recent[key]?.last, "\(key)")
            #expect(last.at == Self.start + 400 && abs(last.value - value) <= key.metric.step / 2, "\(key)")
        }
        #expect(history.recent[SeriesKey(.cpu)]?.count == 1, "the first look knows no share")
        #expect(history.recent[Self.mount]?.count == 2)
        #expect(history.watchedSince == date(Self.start + 100))
        #expect(history.marks?.look?.at == second.takenAt)
    }

    @Test func `a snapshot is not part of its own history`() throws {
        var host = MadeUpHost(1)
        let snapshot = host.look(at: Self.start + 300)
        try store.record(snapshot, findings: [.unit(on: "host1")], now: snapshot.takenAt)
        let history = try store.history(for: snapshot)
        #expect(history.recent.values.allSatisfy(\.isEmpty) && history.hourly.values.allSatisfy(\.isEmpty))
        #expect(history.open == [Finding.unit(on: "host1").fingerprint])
    }

    @Test func `a host that was not reached is down in its figures, and keeps its marks`() throws {
        var host = MadeUpHost(1)
        try store.record(host.look(at: Self.start), findings: [], now: date(Self.start))
        try store.record(unreachable("host1", at: date(Self.start + 300)), findings: [], now: date(Self.start + 300))
        let history = try store.history(for: host.look(at: Self.start + 600))
        #expect(history.recent[SeriesKey(.up)]?.map(\.value) == [1, 0])
        #expect(history.recent[Self.mount]?.count == 1)
        #expect(history.marks?.look?.at == date(Self.start))
    }

    @Test func `a year of samples becomes days and hours, and expired samples are deleted`() throws {
        let end = Self.start + 400 * 86_400
        try watch(from: Self.start, to: end, every: 21_600) { Self.level(($0 - Self.start) / 21_600) }
        let (looks, days) = (try rows("metric_look"), try rows("metric_day"))
        #expect(looks == 12, "48 hours before the last midnight, and the day after")
        let series = try rows("metric_series")
        #expect(days <= series * (365 + 1 + 30 + 1) && days >= (series - 1) * 395)

        let whole = try store.history(
            host: "host1", metric: .diskUsed, subject: "/", since: date(Self.start), until: date(end), buckets: 400)
        #expect(whole.count == 400)
        #expect(whole.prefix(33).allSatisfy { $0 == nil } && whole.suffix(365).allSatisfy { $0 != nil })
        let day = try #require(whole[200])
        #expect(day.start == Self.start + 200 * 86_400)
        #expect(day.min == Double(Self.level(800)))
        #expect(day.max == Double(Self.level(803)))
        let middle: Double = (day.min + day.max) / 2
        #expect(abs(day.mean - middle) < 1_000_000)
    }

    @Test func `minimum and maximum of an hour survive being folded`() throws {
        let peak = Self.start + 86_400 + 1500
        try watch(from: Self.start, to: Self.start + 4 * 86_400 + 3600) { $0 == peak ? 9 << 30 : 1 << 30 }
        let hour = try store.history(
            host: "host1", metric: .diskUsed, subject: "/", since: date(Self.start),
            until: date(Self.start + 5 * 86_400),
            buckets: 60)
        #expect(hour.compactMap { $0?.max }.max() == Double(9 << 30))
        #expect(hour.compactMap { $0?.min }.min() == Double(1 << 30))
        let fine = try store.history(
            host: "host1", metric: .diskUsed, subject: "/", since: date(Self.start + 86_400),
            until: date(Self.start + 86_400 + 3600), buckets: 12)
        #expect(fine.map { $0?.mean } == (0..<12).map { $0 == 5 ? Double(9 << 30) : Double(1 << 30) })
    }

    @Test func `the history for the rules joins folded days and this one without a seam`() throws {
        let end = Self.start + 3 * 86_400 + 5 * 3600
        try watch(from: Self.start, to: end) { (($0 - Self.start) / 3600) * 1_048_576 }
        var host = MadeUpHost(1)
        let history = try store.history(for: host.look(at: end))
        let hours = try #require(history.hourly[Self.mount])
        #expect(hours.map(\.start) == Array(stride(from: Self.start, to: end, by: 3600)))
        #expect(hours.map { Int($0.mean) } == (0..<77).map { $0 * 1_048_576 })
        #expect(history.recent[Self.mount]?.count == 72)
    }

    @Test func `pruning again changes nothing and keeps samples after the last midnight`() throws {
        let end = Self.start + 40 * 86_400 + 7300
        try watch(from: Self.start, to: end, every: 7200)
        func content() throws -> [String] {
            try store.read("all") { db in
                try ["metric_look", "metric_day", "metric_series"].flatMap { table in
                    try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\($0)" }
                }
            }
        }
        let before = try content()
        for _ in 0..<2 { try store.prune(now: date(end)) }
        #expect(try content() == before)
        // A host that is not looked at any more loses its looks, then its days, then its name.
        try store.prune(now: date(end + 10 * 86_400))
        #expect(try rows("metric_look") == 0 && rows("metric_day") > 0)
        try store.prune(now: date(end + 500 * 86_400))
        #expect(try rows("metric_day") == 0 && rows("metric_series") == 0 && rows("metric_host") == 0)
    }

    @Test func `a late snapshot is not mixed into a completed day`() throws {
        try watch(from: Self.start, to: Self.start + 2 * 86_400 + 600)
        let before = try rows("metric_look")
        try watch(from: Self.start + 86_400, to: Self.start + 86_400 + 900)
        #expect(try rows("metric_look") == before)
    }

    @Test func `a clock that was years ahead does not stop the figures`() throws {
        let future = Self.start + 3000 * 86_400
        try watch(from: future, to: future + 2 * 86_400, every: 3600)
        try watch(from: Self.start, to: Self.start + 3600)
        var host = MadeUpHost(1)
        #expect(try store.history(for: host.look(at: Self.start + 3600)).recent[Self.mount]?.count == 12)
        #expect(try store.history(for: host.look(at: Self.start + 3600)).watchedSince == date(Self.start))
    }

    @Test func `damaged figures are an error that says so`() throws {
        try watch(from: Self.start, to: Self.start + 600)
        try store.write("damage") { try $0.execute(sql: "UPDATE metric_look SET body = x'ffffffffffffffffffff'") }
        var host = MadeUpHost(1)
        let look = host.look(at: Self.start + 900)
        #expect(throws: StoreError.self) { try store.history(for: look) }
    }

    @Test func `a reboot that is expected is kept until it happens`() throws {
        try store.expectReboot(of: "host1", at: date(Self.start))
        var host = MadeUpHost(1)
        try store.record(host.look(at: Self.start - 60), findings: [], now: date(Self.start))
        #expect(try store.history(for: host.look(at: Self.start)).marks?.plannedReboot == date(Self.start))
    }

    @Test func `a flapping problem is opened each time and announced once`() throws {
        var told: [Bool] = []
        for step in 0..<6 {
            let findings: [Finding] = step % 2 == 0 ? [.disk(on: "nas")] : []
            let recording = try store.record(
                reached("nas", at: minute(Double(step))), findings: findings,
                coverage: .clear(known: ["disks"], unknown: []), gaps: Gaps(reached("nas", at: minute(9))),
                overview: nil, now: minute(9),
                retention: .standard)
            #expect(recording.notices.map(\.issue.id) == recording.opened.map(\.id))
            told += recording.notices.map { $0.announcement == .tell }
        }
        #expect(told == [true, false, false])
    }

    @Test func `kinds of error are remembered by host, and only as many as fit`() throws {
        var host = MadeUpHost(1)
        let snapshot = host.look(at: Self.start)
        let kinds = Set((0..<3000).map { Int64($0) })
        try store.write("fill") { db in
            try MetricHost.record(snapshot, isReplaced: false, db)
            let id = try #require(try MetricHost("host1", db)).id
            for kind in kinds {
                try db.execute(
                    sql: "INSERT INTO error_kind VALUES (?, ?, ?, ?)",
                    arguments: [id, kind, Self.start, Self.start + Int(kind)])
            }
            try ErrorKinds.prune(id, now: Self.start + 4000, db)
        }
        #expect(try rows("error_kind") == ErrorKinds.limit)
    }
}

struct MetricPackingTests {
    @Test(arguments: 0..<50)
    func `packing round-trips any samples`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let ids = Set((0..<30).map { _ in Int64.random(in: 1...100_000, using: &random) })
        let values = ids.map { (id: $0, value: Int64.random(in: -5...(1 << 53), using: &random)) }.sorted {
            $0.id < $1.id
        }
        let unpacked = try MetricPacking.look(MetricPacking.pack(look: values))
        #expect(unpacked.map(\.id) == values.map(\.id) && unpacked.map(\.value) == values.map(\.value))

        let columns = (0..<3).map { _ in
            (0..<24).map { _ -> Int64? in
                [nil, 0, 7, 7, 7, Int64.random(in: -1000...(1 << 50), using: &random)].randomElement(using: &random)
                    ?? nil
            }
        }
        #expect(try MetricPacking.day(MetricPacking.pack(day: columns), count: 3, length: 24) == columns)
    }

    @Test func `a value that stays costs nearly nothing`() {
        #expect(MetricPacking.pack(day: [Array(repeating: 1_000_000, count: 288)]).count <= 6)
    }

    @Test func `bytes that mean nothing are refused and never read beyond`() {
        for length in 0..<40 {
            for seed in 0..<50 {
                let bytes = Data((0..<length).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ seed) &* (seed | 1)) })
                _ = try? MetricPacking.look(bytes)
                if let day = try? MetricPacking.day(bytes, count: 2, length: 24) {
                    #expect(day.allSatisfy { $0.count == 24 })
                }
            }
        }
    }
}
