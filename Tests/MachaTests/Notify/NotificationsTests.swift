// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaInventory
import MachaModel
import MachaNotify
import MachaProbes
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

/// A store, hosts and receivers, and a clock that a test moves.
private final class House: Sendable {
    let scratch: Scratch
    let store: Store
    let inventory: Inventory
    private let time = Mutex(Date(timeIntervalSince1970: 1_780_315_200))

    init() throws {
        scratch = try Scratch("macha-house")
        store = try Store.open(at: scratch.path("macha.db"))
        let text = "hosts: { web1: { address: web1.lan }, nas: { address: nas.lan } }"
        inventory = try Inventory.parse(sources: [(file: "fleet.yaml", text: text)], home: "/root", user: "macha")
    }

    var now: Date { time.withLock { $0 } }

    func pass(_ seconds: Double) { time.withLock { $0 += seconds } }

    func settings(_ lines: String = "") throws -> NotificationSettings {
        let text = """
            notifications:
              receivers:
                phone: { kind: ntfy, url: "https://ntfy.lan", topic: phone }
                mail: { kind: ntfy, url: "https://ntfy.lan", topic: mail }
            \(lines)
            """
        return try #require(try Configuration.parse(text, file: "config.yaml", home: "/root").notifications)
    }

    func notifications(
        _ notifiers: [String: any Notifier], _ lines: String = "  fallback: [phone]\n"
    ) throws -> Notifications {
        let zone = try #require(TimeZone(secondsFromGMT: 0))
        return Notifications(
            store: store, settings: try settings(lines), inventory: inventory, zone: zone, retry: .standard,
            analysesPerDay: nil, now: { [self] in now }
        ) { (receiver) throws(NotifierError) in
            guard let notifier = notifiers[receiver.name] else { throw NotifierError(.permanent, "no notifier") }
            return notifier
        }
    }

    /// Records what was found on a host just now.
    func find(_ host: String, _ findings: [Finding]) throws {
        let snapshot = Snapshot(host: host, takenAt: now, duration: 1, sections: [])
        try store.record(snapshot, findings: findings, now: now)
    }

    func full(_ host: String, evidence: [String] = []) -> Finding {
        Finding(.diskSpace, host: host, subject: "/", .critical, "The disk is full.", evidence: evidence)
    }
}

/// Takes what it is told, or not, and then hangs until its task is cancelled: as a process that is killed there.
private struct DyingNotifier: Notifier {
    let name: String
    let taken: RecordingNotifier?

    func send(_ message: NoticeMessage) async throws(NotifierError) {
        try await taken?.send(message)
        while !Task.isCancelled { await Task.yield() }
        throw NotifierError(.retryable(after: nil), "cancelled")
    }
}

@Suite struct NotificationsTests {
    private let house: House

    init() throws { house = try House() }

    @Test func `an open problem is told once, and its end once`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        try house.find("nas", [house.full("nas")])
        let due = try notifications.tick(at: house.now, pace: .continuous, faults: [])
        #expect(due == house.now.addingTimeInterval(30))
        house.pass(30)
        _ = try notifications.tick(at: house.now, pace: .continuous, faults: [])
        await notifications.drain()
        house.pass(600)
        try house.find("nas", [])
        _ = try notifications.tick(at: house.now, pace: .continuous, faults: [])
        await notifications.drain()
        _ = try notifications.tick(at: house.now, pace: .continuous, faults: [])
        await notifications.drain()
        #expect(phone.messages.map(\.title) == ["nas: The disk is full.", "resolved: nas: The disk is full."])
        #expect(phone.messages.map(\.priority) == [.high, .low])
        #expect(try house.store.notices(limit: 10).map(\.state) == [.sent, .sent])
    }

    @Test func `a receiver that hangs delays neither the tick nor another receiver`() async throws {
        let mail = RecordingNotifier(name: "mail")
        let notifications = try house.notifications(
            ["phone": DyingNotifier(name: "phone", taken: nil), "mail": mail], "")
        try house.find("nas", [house.full("nas")])
        _ = try notifications.tick(at: house.now, pace: .once, faults: [])
        while mail.messages.isEmpty { await Task.yield() }
        try house.find("web1", [house.full("web1")])
        // A lane that is about to end takes nothing more: what comes then is the next tick's, as in the daemon.
        while mail.messages.count < 2 {
            _ = try notifications.tick(at: house.now, pace: .once, faults: [])
            await Task.yield()
        }
        await notifications.stop()
    }

    @Test(arguments: [false, true])
    func `a process killed while it sends loses no notice, and repeats at most that one`(isTaken: Bool) async throws {
        let phone = RecordingNotifier(name: "phone")
        for host in ["nas", "web1"] { try house.find(host, [house.full(host)]) }
        let killed = try house.notifications(["phone": DyingNotifier(name: "phone", taken: isTaken ? phone : nil)])
        _ = try killed.tick(at: house.now, pace: .once, faults: [])
        while isTaken, phone.messages.isEmpty { await Task.yield() }
        await killed.stop()
        house.pass(61)
        let next = try house.notifications(["phone": phone])
        _ = try next.tick(at: house.now, pace: .once, faults: [])
        await next.drain()
        let ids = phone.messages.map(\.id)
        #expect(Set(ids).count == 2)
        #expect(ids.count == (isTaken ? 3 : 2))
    }

    @Test func `what could not be sent is sent later, and others hear of it`() async throws {
        let errors = (0..<2).map { _ in NotifierError(.retryable(after: nil), "no route to phone") }
        let (phone, mail) = (RecordingNotifier(name: "phone", failing: errors), RecordingNotifier(name: "mail"))
        let notifications = try house.notifications(["phone": phone, "mail": mail], "")
        try house.find("nas", [house.full("nas")])
        for seconds in [0.0, 10, 300, 30] {
            house.pass(seconds)
            _ = try notifications.tick(at: house.now, pace: .once, faults: [])
            await notifications.drain()
        }
        #expect(phone.messages.map(\.title) == ["nas: The disk is full."])
        #expect(mail.messages.first?.title == "nas: The disk is full.")
    }

    @Test func `a receiver that stays out of reach is told to the others only`() async throws {
        let errors = (0..<100).map { _ in NotifierError(.retryable(after: nil), "no route to phone") }
        let (phone, mail) = (RecordingNotifier(name: "phone", failing: errors), RecordingNotifier(name: "mail"))
        let notifications = try house.notifications(["phone": phone, "mail": mail], "")
        try house.find("nas", [house.full("nas")])
        for _ in 0..<4 {
            _ = try notifications.tick(at: house.now, pace: .once, faults: [])
            await notifications.drain()
            house.pass(200)
        }
        #expect(mail.messages.map(\.title) == ["nas: The disk is full.", "Notices do not arrive at phone."])
        #expect(try house.store.notices(limit: 10).filter { $0.receiver == "phone" }.count == 1)
    }

    @Test func `no secret leaves, whatever a host says`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        try house.find(
            "nas", [house.full("nas", evidence: ["login with password=hunter2-geheim failed", "\u{1b}[31mred"])])
        _ = try notifications.tick(at: house.now, pace: .once, faults: [])
        await notifications.drain()
        let text = phone.messages.flatMap { [$0.title] + $0.lines.map(\.text) }.joined(separator: "\n")
        #expect(text.contains("[secret]") && !text.contains("hunter2") && !text.contains("\u{1b}"))
    }

    @Test func `a fault of Macha is told and its end too`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        let fault = Alert(
            id: "macha-disk", source: .fault, kind: "macha-disk", host: nil, subject: nil, severity: .critical,
            revision: 0, since: house.now, summary: "The state folder's disk is full.", evidence: [], advice: "",
            muted: nil, settling: nil, besides: [], hosts: [])
        for faults in [[fault], [fault], []] {
            _ = try notifications.tick(at: house.now, pace: .once, faults: faults)
            await notifications.drain()
            house.pass(400)
        }
        #expect(
            phone.messages.map(\.title) == [
                "The state folder's disk is full.", "resolved: The state folder's disk is full.",
            ])
    }

    @Test func `a problem that comes and goes is told once`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone], "  fallback: [phone]\n  resolved: false\n")
        for _ in 0..<4 {
            for findings in [[house.full("nas")], []] {
                try house.find("nas", findings)
                _ = try notifications.tick(at: house.now, pace: .once, faults: [])
                await notifications.drain()
                house.pass(600)
            }
        }
        #expect(phone.messages.count == 1)
        #expect(try house.store.heldNotices(limit: 10).contains { $0.reason == .flapping })
    }

    @Test func `an acknowledged problem is held back with the note until it gets worse`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        let warning = Finding(.diskSpace, host: "nas", subject: "/", .warning, "The disk fills.")
        try house.find("nas", [warning])
        let issue = try #require(try house.store.openIssues().first)
        _ = try house.store.acknowledge(
            issue.id, until: nil, note: "cleaning up", sharing: ["nas"], below: nil, by: "anna", at: house.now)
        for _ in 0..<3 {
            house.pass(600)
            _ = try notifications.tick(at: house.now, pace: .once, faults: [])
            await notifications.drain()
        }
        #expect(phone.messages.isEmpty)
        #expect(
            try house.store.heldNotices(limit: 10).contains {
                $0.reason == .muted && $0.words.contains("cleaning up")
            })
        house.pass(60)
        try house.find("nas", [house.full("nas")])
        house.pass(600)
        _ = try notifications.tick(at: house.now, pace: .once, faults: [])
        await notifications.drain()
        #expect(phone.messages.count == 1)
    }

    @Test func `maintenance that is left on is told after a day and then weekly, and its end to nobody`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        func tick(after hours: Double) async throws -> [String] {
            let before = phone.messages.count
            house.pass(hours * 3_600)
            _ = try notifications.tick(at: house.now, pace: .once, faults: [])
            await notifications.drain()
            return phone.messages.dropFirst(before).map(\.title)
        }
        let until = house.now.addingTimeInterval(30 * 86_400)
        try house.store.maintain(["nas", "gone"], until: until, by: "anna", because: "new disks", at: house.now)
        try house.find("nas", [house.full("nas")])
        #expect(try await tick(after: 23).isEmpty)
        let words = "nas has been in maintenance for 25 hours, by anna (new disks). It ends at 2026-07-01T12:00:00Z."
        #expect(try await tick(after: 2) == [words])
        #expect(phone.messages.last?.lines.map(\.text).contains("1 open problem kept quiet") == true)
        #expect(phone.messages.last?.lines.map(\.text).contains("macha maintenance end nas") == true)
        #expect(try await tick(after: 6 * 24).isEmpty)
        let again = try await tick(after: 24)
        #expect(again.count == 1 && again[0].hasPrefix("reminder: nas has been in maintenance for 8 days"))
        _ = try house.store.endMaintenance(of: ["nas"], by: "anna", at: house.now)
        try house.find("nas", [])
        #expect(try await tick(after: 1).isEmpty)
    }

    @Test func `hosts that were put into maintenance together are one reminder`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        let until = house.now.addingTimeInterval(30 * 86_400)
        try house.store.maintain(["nas", "web1"], until: until, by: "anna", because: "", at: house.now)
        house.pass(2 * 86_400)
        _ = try notifications.tick(at: house.now, pace: .once, faults: [])
        await notifications.drain()
        #expect(phone.messages.count == 1)
        #expect(phone.messages[0].title.hasPrefix("2 hosts have been in maintenance for 2 days, by anna. It ends"))
        #expect(phone.messages[0].lines.contains { $0.text == "0 open problems kept quiet; nas, web1" })
    }

    @Test func `hosts that are no longer in the inventory are told to nobody`() async throws {
        let phone = RecordingNotifier(name: "phone")
        let notifications = try house.notifications(["phone": phone])
        try house.find("gone", [house.full("gone")])
        _ = try notifications.tick(at: house.now, pace: .once, faults: [])
        await notifications.drain()
        #expect(phone.messages.isEmpty)
    }
}
