// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

/// Each rule at its limits: what it must find, and what looks like it and is nothing.
struct TrendRuleTests {
    private static let gigabyte = 1_000_000_000

    private func disk(used: Double, inodes: Int = 100) -> String {
        let used = Int(used * 1e9)
        return "Type\next4 \(1000 * Self.gigabyte) \(used) \(1000 * Self.gigabyte - used) 1000 \(1000 - inodes) /\n\n"
            + "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    }

    @Test(arguments: [
        (5.0, 7, ["warning disk-will-fill /"]), (1.0, 20, ["warning disk-will-fill /"]),
        (0.5, 20, ["critical disk-will-fill /"]), (9.0, 20, []), (5.0, -7, []),
    ])
    func `a disk that will be full soon is reported, with the days left`(
        left: Double, growth: Int, expected: [String]
    ) throws {
        var host = WatchedHost()
        host.thresholds.diskWarning = 0.999
        let now = host.now
        let level = 1000 - left * Double(abs(growth))
        host.past(.diskUsed, "/") { (level - Double(now - $0) / 86_400 * Double(growth)) * 1e9 }
        host.answers["disks"] = disk(used: level)
        let found = try host.findings()
        // A day from now lies on the border of the two.
        #expect(found.map(\.recordedKind.name) == expected.map { String($0.split(separator: " ")[1]) })
        if left != 1 { #expect(found.map(\.label) == expected) }
        #expect(found.allSatisfy { $0.summary.contains("GiB more a day, steadily for 28 days") })
    }

    @Test func `inodes fill too, and a warning stays until the time left is clearly longer`() throws {
        var host = WatchedHost()
        let now = host.now
        host.past(.inodesUsed, "/") { 800 - Double(now - $0) / 86_400 * 25 }
        host.answers["disks"] = disk(used: 100, inodes: 800)
        #expect(try host.labels() == [])
        host.history.open = [Fingerprint(host: "web", kind: "inodes-will-fill", subject: "/")]
        #expect(try host.labels() == ["warning inodes-will-fill /"])
    }

    private static func pressure(io: Double) -> String {
        let none = "some avg10=0 avg60=0 avg300=0 total=0\nfull avg10=0 avg60=0 avg300=0 total=0\n"
        return "cpu\n\(none)io\nsome avg10=0 avg60=0 avg300=\(io) total=0\nfull avg10=0 avg60=0 avg300=\(io) total=0\n"
            + "memory\n\(none)"
    }

    @Test(arguments: [
        (30.0, 90, -1, 30.0, ["warning io-sustained"]), (30.0, 50, -1, 30.0, []), (30.0, 90, 20, 30.0, []),
        (30.0, 90, -1, 10.0, []), (24.0, 90, -1, 24.0, []),
    ])
    func `only pressure without a better sample in between is sustained`(
        level: Double, minutes: Int, betterAt: Int, now: Double, expected: [String]
    ) throws {
        var host = WatchedHost()
        let end = host.now
        host.past(.ioPressure, days: 2) { time in
            let ago = (end - time) / 60
            return ago <= minutes && ago != betterAt ? level : 1
        }
        host.answers["pressure"] = Self.pressure(io: now)
        #expect(try host.labels() == expected)
    }

    @Test func `a sustained finding does not clear after one slightly better sample`() throws {
        var host = WatchedHost()
        let end = host.now
        host.past(.ioPressure, days: 2) { end - $0 == 1200 ? 20 : 30 }
        host.answers["pressure"] = Self.pressure(io: 30)
        #expect(try host.labels() == [])
        host.history.open = [Fingerprint(host: "web", kind: "io-sustained", subject: "")]
        #expect(try host.labels() == ["warning io-sustained"])
    }

    @Test func `a gap in the samples sustains nothing`() throws {
        var host = WatchedHost()
        let end = host.now
        host.past(.ioPressure, days: 2) { _ in 30 }
        host.answers["pressure"] = Self.pressure(io: 30)
        host.history.recent[SeriesKey(.ioPressure)]?.removeAll { (600...2400).contains(end - $0.at) }
        #expect(try host.labels() == [])
    }

    private func units(restarts: Int, sub: String = "running") -> String {
        """
        SystemState=running
        Now=1795247554

        Id=a.service
        Type=simple
        ActiveState=active
        SubState=\(sub)
        NRestarts=\(restarts)
        StateChangeTimestamp=@1795240000

        """
    }

    @Test(arguments: [
        ([20, 12, 5], 1, ["warning unit-flapping a.service"]), ([20, 12], 0, []), ([5, 5, 5, 5], 0, []),
        ([40, 35, 30, 28], 0, []), ([20, 12, 5, 1], 0, ["warning unit-flapping a.service"]),
    ])
    func `a service that dies in several hours of a day flaps`(hoursAgo: [Int], now: Int, expected: [String]) throws {
        var host = WatchedHost()
        let end = host.now
        func count(_ time: Int) -> Double { Double(hoursAgo.count { end - $0 * 3600 <= time }) + 3 }
        host.past(.unitRestarts, "a.service") { count($0) }
        host.answers["units"] = units(restarts: hoursAgo.count + 3 + now)
        #expect(try host.labels() == expected)
    }

    @Test func `a counter that was reset is not counted backwards`() throws {
        var host = WatchedHost()
        let end = host.now
        host.past(.unitRestarts, "a.service") { end - $0 > 10 * 3600 ? 50 : 1 }
        host.answers["units"] = units(restarts: 1)
        #expect(try host.labels() == [])
    }

    @Test(arguments: [
        (12.0, 30, ["info unusual-load"]), (5.0, 30, []), (12.0, 12, []),
    ])
    func `a figure above all of its like for an hour is unusual`(load: Double, days: Int, expected: [String]) throws {
        var host = WatchedHost()
        let end = host.now
        var random = SeededNumbers(1)
        host.past(.load, days: days) { time in
            if end - time <= 3700 { return load }
            // Nights are busier than this noon: only the same time of day counts.
            return (time / 3600 % 24 < 5 ? 30 : 3) + random.number(0...1)
        }
        host.answers["load"] = "\(load) 1 1 1/1 1\n0-99\n"
        #expect(try host.labels() == expected)
    }

    @Test(arguments: 0..<40)
    func `thirty days of ordinary use are never unusual, sustained or a trend`(seed: Int) throws {
        var random = SeededNumbers(seed)
        var host = WatchedHost()
        let busyHour = Int.random(in: 0..<24, using: &random)
        let scale = random.number(0.5...8)
        var levels: [Int: Double] = [:]
        func level(_ time: Int) -> Double {
            if let known = levels[time] { return known }
            let isWeekend = [2, 3].contains(time / 86_400 % 7)
            let isBusy = (time / 3600 % 24 - busyHour + 24) % 24 < 6 && !isWeekend
            let value = scale * (isBusy ? 1 : 0.3) * random.number(0.5...1.5)
            levels[time] = value
            return value
        }
        host.past(.load) { level($0) }
        host.past(.ioPressure) { level($0) }
        host.past(.journalErrors) { (level($0) * 5).rounded() }
        let now = level(host.now)
        host.answers["load"] = "\(now) 1 1 1/1 1\n0-99\n"
        host.answers["pressure"] = Self.pressure(io: now)
        #expect(try host.labels() == [])
    }

    private func journal(_ messages: [(priority: Int, text: String)]) -> String {
        WrittenJournal.body(messages.map { .init(priority: $0.priority, message: $0.text, unit: "app") })
    }

    @Test(arguments: [
        (80, 20.0, ["warning log-burst"]), (80, 30.0, []), (50, 1.0, []), (80, 0.0, ["warning log-burst"]),
    ])
    func `a burst is many more errors than in any hour before`(count: Int, most: Double, expected: [String]) throws {
        var host = WatchedHost()
        let end = host.now
        host.past(.journalErrors) { (end - $0) / 3600 == 100 ? most : 0 }
        let errors = (0..<count).map { (priority: 3, text: "error \($0)") }
        host.answers["journal"] = journal(errors)
        host.history.errorKinds = Dictionary(
            uniqueKeysWithValues: try kinds(host).map { ($0, Date(timeIntervalSince1970: 1)) })
        #expect(try host.labels() == expected)
    }

    @Test(arguments: [(49_998, 300, false), (49_999, 300, true), (99_998, 7200, true), (99_997, 7200, false)])
    func `a log flood is found at the first observation, with the lines it buries`(lines: Int, span: Int, isFlood: Bool)
        throws
    {
        var host = WatchedHost()
        host.history.watchedSince = nil
        host.history.marks = HostTimeline().after(try host.snapshot)
        host.now += span
        let needle = WrittenJournal.Entry(priority: 3, message: "checksum mismatch", unit: "raid")
        host.answers["journal"] = WrittenJournal.body([needle], more: lines)
        let found = Detectors.findings(in: try host.snapshot, history: host.history).filter { $0.kind == .logFlood }
        #expect(found.map(\.label) == (isFlood ? ["warning log-flood"] : []))
        if let flood = found.first {
            #expect(flood.summary.contains("50000 lines were logged within an hour"))
            #expect(flood.lines.contains { $0.raw.contains("checksum mismatch") })
        }
    }

    private func kinds(_ host: WatchedHost) throws -> Set<Int64> {
        Set(try host.snapshot[JournalProbe.self].value?.entries.map { ErrorKind($0).id } ?? [])
    }

    @Test func `an error is new once, the same again is not, and while learning nothing is`() throws {
        var host = WatchedHost()
        host.answers["journal"] = journal([(3, "cannot open /var/a1: denied"), (3, "cannot open /var/b2: denied")])
        #expect(try host.findings().map(\.kind) == [.newError])
        #expect(try kinds(host).count == 1, "a path makes no new kind")
        let first = Date(timeIntervalSince1970: Double(host.now - 3600))
        host.history.errorKinds = Dictionary(uniqueKeysWithValues: try kinds(host).map { ($0, first) })
        #expect(try host.findings().map(\.kind) == [.newError], "still shown an hour later")
        host.now += 2 * 86_400
        #expect(try host.labels() == [])
        host.history.errorKinds = [:]
        host.history.watchedSince = Date(timeIntervalSince1970: Double(host.now - 86_400))
        #expect(try host.labels() == [])
    }

    @Test func `many new kinds of error are a few and a number`() throws {
        var host = WatchedHost()
        let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        host.answers["journal"] = journal(words.map { (3, "the \($0) is broken") })
        let found = try host.findings()
        #expect(found.compactMap(\.kind) == Array(repeating: .newError, count: 5) + [.newErrors])
        #expect(found.last?.summary.hasPrefix("4 more") == true)
    }

    @Test(arguments: [
        ("connect() to 10.0.0.7:443 failed (111: refused)", "connect() to 10.0.0.8:80 failed (99: refused)", true),
        ("user \\\"anna\\\" is unknown", "user \\\"bert\\\" is unknown", true), ("disk is full", "disk is slow", false),
        ("can't open", "can't close", false),
    ])
    func `kinds of error differ in words, not in values`(first: String, second: String, same: Bool) throws {
        var host = WatchedHost()
        host.answers["journal"] = journal([(3, first), (3, second)])
        #expect(try kinds(host).count == (same ? 1 : 2))
    }
}
