// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaInventory
import MachaModel
import MachaNotify
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

/// A store, two hosts and receivers, and a clock that a test moves. It begins on Monday, 30 November 2026, at noon.
private final class Office: Sendable {
    let scratch: Scratch
    let store: Store
    let mail = RecordingNotifier(name: "mail")
    let phone = RecordingNotifier(name: "phone")
    private let time = Mutex(Date(timeIntervalSince1970: 1_796_040_000))

    init() throws {
        scratch = try Scratch("macha-office")
        store = try Store.open(at: scratch.path("macha.db"))
    }

    var now: Date { time.withLock { $0 } }

    func pass(hours: Double) { time.withLock { $0 += hours * 3_600 } }

    /// One process; `reports` stands below `notifications.reports`. `failing` stands for the mail's server.
    func begin(_ reports: String, mail other: (any Notifier)? = nil) throws -> Notifications {
        let text = """
            notifications:
              receivers:
                mail: { kind: ntfy, url: "https://ntfy.lan", topic: mail }
                phone: { kind: ntfy, url: "https://ntfy.lan", topic: phone }
              reports: { \(reports) }
            """
        let settings = try #require(try Configuration.parse(text, file: "c.yaml", home: "/root").notifications)
        let inventory = try Inventory.parse(
            sources: [("f.yaml", "hosts: { web1: { address: web1.lan }, nas: { address: nas.lan } }")], home: "/root",
            user: "macha")
        let notifiers: [String: any Notifier] = ["mail": other ?? mail, "phone": phone]
        return Notifications(
            store: store, settings: settings, inventory: inventory, zone: try #require(TimeZone(identifier: "UTC")),
            retry: .standard, analysesPerDay: nil, now: { [self] in now }
        ) { (receiver) throws(NotifierError) in
            guard let notifier = notifiers[receiver.name] else { throw NotifierError(.permanent, "no notifier") }
            return notifier
        }
    }

    /// What `notifications` does at each half hour of so many hours.
    func work(_ notifications: Notifications, hours: Int) async throws {
        for _ in 0..<(2 * hours) {
            pass(hours: 0.5)
            _ = try notifications.tick(at: now, pace: .continuous, faults: [])
            await notifications.drain()
        }
    }

    /// Days and hours at which mails were made.
    var mailed: [String] {
        mail.messages.map { message in
            let kind = message.tags.contains("weekly") ? " weekly" : ""
            return String(message.at.formatted(.iso8601).prefix(16).dropFirst(5)) + kind
        }
    }
}

/// Takes what it is told, or not, and hangs until it is cancelled: as a process that is killed there.
private struct Dying: Notifier {
    let name: String
    let taken: RecordingNotifier?

    func send(_ message: NoticeMessage) async throws(NotifierError) {
        try await taken?.send(message)
        while !Task.isCancelled { await Task.yield() }
        throw NotifierError(.retryable(after: nil), "cancelled")
    }
}

@Suite(.timeLimit(.minutes(5))) struct ReportDeliveryTests {
    private let office: Office

    init() throws { office = try Office() }

    @Test func `reports are sent at their times, once each, and stand in the log of notices`() async throws {
        let office = office
        try await office.work(try office.begin("daily: \"07:30\", weekly: \"wed 08:00\""), hours: 24 * 10)
        #expect(
            office.mailed == [
                "12-01T07:30", "12-02T07:30", "12-02T08:00 weekly", "12-03T07:30", "12-04T07:30", "12-05T07:30",
                "12-06T07:30", "12-07T07:30", "12-08T07:30", "12-09T07:30", "12-09T08:00 weekly", "12-10T07:30",
            ])
        #expect(office.phone.messages.map(\.id) == office.mail.messages.map(\.id))
        let log = try office.store.notices(limit: 100)
        #expect(log.count == 24 && log.allSatisfy { $0.occasion == .report && $0.state == .sent })
    }

    @Test func `nothing is sent for the time before reports were wanted`() async throws {
        try await office.work(try office.begin("daily: \"11:00\""), hours: 10)
        #expect(office.mailed.isEmpty)
    }

    @Test func `what was missed while nobody ran is one report of all that time`() async throws {
        try await office.work(try office.begin("daily: \"07:30\""), hours: 24)
        office.pass(hours: 24 * 4.5)
        try await office.work(try office.begin("daily: \"07:30\""), hours: 24)
        #expect(office.mailed == ["12-01T07:30", "12-06T00:30", "12-06T07:30"])
        let report = try #require(office.mail.messages.dropFirst().first?.report)
        #expect(report.notes.contains { $0.contains("From 1 Dec 07:30 to 6 Dec 00:30") }, "\(report.notes)")
    }

    @Test func `a report that was missed waits until the hosts have been checked`() async throws {
        try await office.work(try office.begin("daily: \"07:30\""), hours: 24)
        office.pass(hours: 24)
        let notifications = try office.begin("daily: \"07:30\"")
        let due = try notifications.tick(at: office.now, pace: .continuous, faults: [])
        #expect(due == office.now.addingTimeInterval(300) && office.mailed.count == 1)
        office.pass(hours: 300 / 3_600)
        _ = try notifications.tick(at: office.now, pace: .continuous, faults: [])
        await notifications.drain()
        #expect(office.mailed.count == 2)
        let next = try notifications.tick(at: office.now, pace: .continuous, faults: [])
        #expect(next?.formatted(.iso8601) == "2026-12-03T07:30:00Z")
    }

    @Test func `a check from a timer sends what is due at once`() async throws {
        try await office.work(try office.begin("daily: \"07:30\""), hours: 24)
        office.pass(hours: 24)
        let notifications = try office.begin("daily: \"07:30\"")
        _ = try notifications.tick(at: office.now, pace: .once, faults: [])
        await notifications.drain()
        #expect(office.mailed.count == 2)
    }

    @Test(arguments: [false, true])
    func `a process killed between making and sending loses no report, and repeats at most that one`(
        isTaken: Bool
    ) async throws {
        try await office.work(try office.begin("daily: \"07:30\", receivers: [mail]"), hours: 1)
        office.pass(hours: 19)
        let killed = try office.begin(
            "daily: \"07:30\", receivers: [mail]", mail: Dying(name: "mail", taken: isTaken ? office.mail : nil))
        _ = try killed.tick(at: office.now, pace: .once, faults: [])
        while isTaken, office.mail.messages.isEmpty { await Task.yield() }
        await killed.stop()
        try await office.work(try office.begin("daily: \"07:30\", receivers: [mail]"), hours: 4)
        let ids = office.mail.messages.map(\.id)
        #expect(Set(ids).count == 1 && ids.count == (isTaken ? 2 : 1))
    }

    @Test func `two processes that find a report due make it once`() async throws {
        let one = try office.begin("daily: \"07:30\"")
        try await office.work(one, hours: 1)
        let other = try office.begin("daily: \"07:30\"")
        office.pass(hours: 20)
        for notifications in [one, other, one] {
            _ = try notifications.tick(at: office.now, pace: .once, faults: [])
            await notifications.drain()
        }
        #expect(office.mailed.count == 1)
    }

    @Test func `a new time on a day that had its report counts from the next day on`() async throws {
        try await office.work(try office.begin("daily: \"07:30\""), hours: 21)
        try await office.work(try office.begin("daily: \"10:00\""), hours: 27)
        #expect(office.mailed == ["12-01T07:30", "12-02T10:00"])
    }

    @Test func `a clock that runs a month ahead and is set back costs no report`() async throws {
        let notifications = try office.begin("daily: \"07:30\"")
        try await office.work(notifications, hours: 24)
        office.pass(hours: 24 * 30)
        try await office.work(notifications, hours: 1)
        office.pass(hours: -24 * 30)
        try await office.work(notifications, hours: 24)
        #expect(office.mailed == ["12-01T07:30", "12-31T12:30", "12-02T07:30"])
    }

    @Test func `only the named receivers get reports`() async throws {
        try await office.work(try office.begin("daily: \"07:30\", receivers: [phone]"), hours: 24)
        #expect(office.mail.messages.isEmpty && office.phone.messages.count == 1)
    }

    @Test func `the time zone counts for the time and for the words`() async throws {
        try await office.work(try office.begin("daily: \"07:30\", time-zone: Asia/Tokyo"), hours: 24)
        #expect(office.mailed == ["11-30T22:30"])
        let notes = try #require(office.mail.messages.first?.report).notes
        #expect(notes.contains { $0.contains("to 1 Dec 07:30 (Asia/Tokyo)") }, "\(notes)")
    }

    @Test func `without a time there is no report`() async throws {
        try await office.work(try office.begin("daily: none, weekly: \"mon 13:00\""), hours: 24 * 7 + 2)
        #expect(office.mailed == ["11-30T13:00 weekly", "12-07T13:00 weekly"])
    }

    @Test func `summer time moves no report from its time`() async throws {
        office.pass(hours: 24 * 115)
        try await office.work(try office.begin("daily: \"07:30\", time-zone: Europe/Zurich"), hours: 24 * 5)
        #expect(
            office.mailed == ["03-26T06:30", "03-27T06:30", "03-28T05:30", "03-29T05:30", "03-30T05:30"])
    }
}
