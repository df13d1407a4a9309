// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaStore
import MachaTestSupport
import Testing

@Suite struct NotificationStoreTests {
    private let scratch: Scratch
    private let store: Store
    private let now = Date(timeIntervalSince1970: 1_780_315_200)
    private let retry = NoticeRetry(waits: [10, 60], most: 3)

    init() throws {
        scratch = try Scratch("macha-notices")
        store = try Store.open(at: scratch.path("macha.db"))
    }

    private func after(_ seconds: Double) -> Date { now.addingTimeInterval(seconds) }

    private func notice(_ id: String, for receiver: String = "phone") -> PlannedNotice {
        PlannedNotice(
            receiver: receiver, occasion: .new,
            message: NoticeMessage(
                id: id, title: id, lines: [.init(.item, "full")], priority: .high, tags: ["new"], click: nil, at: now),
            alerts: ["a"])
    }

    @Test func `a notice is kept whole until it is sent`() throws {
        try store.enqueue([notice("one")], at: now)
        let claimed = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        #expect(claimed.message == notice("one").message && claimed.alerts == ["a"] && claimed.attempts == 1)
        try store.finishNotice(claimed.id, at: after(1))
        #expect(try store.notices(limit: 10).map(\.state) == [.sent])
        #expect(try store.claimNotice(for: "phone", seconds: 60, at: after(1_000)) == nil)
    }

    @Test func `a notice whose sender was killed is sent again when its lease is over`() throws {
        try store.enqueue([notice("one")], at: now)
        let first = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        #expect(try store.claimNotice(for: "phone", seconds: 60, at: after(59)) == nil)
        let second = try #require(try store.claimNotice(for: "phone", seconds: 60, at: after(60)))
        #expect(second.id == first.id && second.message.id == first.message.id && second.attempts == 2)
    }

    @Test func `notices of one receiver leave in order, and other receivers do not wait`() throws {
        try store.enqueue([notice("one"), notice("two"), notice("other", for: "mail")], at: now)
        let first = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        #expect(first.message.id == "one")
        #expect(try store.claimNotice(for: "phone", seconds: 60, at: now) == nil)
        #expect(try store.receiversWithDueNotices(at: now) == ["mail"])
        try store.finishNotice(first.id, at: now)
        #expect(try store.claimNotice(for: "phone", seconds: 60, at: now)?.message.id == "two")
    }

    @Test func `a notice is tried again later and later, and given up in the end`() throws {
        try store.enqueue([notice("one")], at: now)
        var time = now
        for wait in [10.0, 60.0] {
            let claimed = try #require(try store.claimNotice(for: "phone", seconds: 60, at: time))
            let next = try store.failNotice(
                claimed.id, because: "refused", isPermanent: false, wait: nil, retry: retry, at: time)
            #expect(next == time.addingTimeInterval(wait))
            #expect(try store.claimNotice(for: "phone", seconds: 60, at: time) == nil)
            time = try #require(next)
        }
        let last = try #require(try store.claimNotice(for: "phone", seconds: 60, at: time))
        #expect(
            try store.failNotice(last.id, because: "refused", isPermanent: false, wait: nil, retry: retry, at: time)
                == nil)
        let ended = try #require(try store.notices(limit: 1).first)
        #expect(ended.state == .failed && ended.reason == "refused" && ended.attempts == 3)
    }

    @Test func `what a receiver will never take is given up at once, and a wait it asks for is kept`() throws {
        try store.enqueue([notice("one"), notice("two")], at: now)
        let one = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        try store.failNotice(one.id, because: "too large", isPermanent: true, wait: nil, retry: retry, at: now)
        let two = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        let next = try store.failNotice(two.id, because: "busy", isPermanent: false, wait: 900, retry: retry, at: now)
        #expect(next == after(900))
        #expect(try store.nextNoticeDue() == after(900))
    }

    @Test func `the same notice is enqueued once`() throws {
        try store.enqueue([notice("one"), notice("one")], at: now)
        #expect(try store.notices(limit: 10).count == 1)
    }

    @Test func `what was planned is kept with what was told, or not at all`() throws {
        var state = NotificationState()
        state.overnight["a"] = ToldAlert.What(
            id: "a", host: "nas", kind: "disk", severity: .warning, revision: 0, since: now, summary: "full")
        let plan = try store.notify(at: now) { states, recent in
            #expect(states.isEmpty && recent.isEmpty)
            var plan = NotificationPlan(states: ["phone": state])
            plan.notices = [notice("one")]
            plan.held = [held("muted")]
            return plan
        }
        #expect(plan.notices.count == 1)
        _ = try store.notify(at: after(60)) { states, recent in
            #expect(states == ["phone": state] && recent == ["phone": 1])
            var plan = NotificationPlan(states: [:])
            plan.held = [held("muted")]
            return plan
        }
        _ = try store.notify(at: after(3_700)) { states, recent in
            #expect(states.isEmpty && recent.isEmpty)
            return NotificationPlan(states: [:])
        }
        let stored = try #require(try store.heldNotices(limit: 10).first)
        #expect(stored.reason == .muted && stored.times == 2 && stored.firstAt == now)
    }

    private func held(_ reason: String) -> HeldNotice {
        HeldNotice(
            receiver: "phone", alert: "a", host: "nas", summary: "full",
            reason: HeldNotice.Reason(rawValue: reason) ?? .route, words: "somebody knows", at: now)
    }

    @Test func `a row that somebody edited holds back nothing`() async throws {
        try store.enqueue([notice("one"), notice("two")], at: now)
        try await SQLiteEdit.run("UPDATE notification SET message = '{}' WHERE message_id = 'one'", in: store.path)
        _ = try store.claimNotice(for: "phone", seconds: 60, at: now)
        #expect(try store.claimNotice(for: "phone", seconds: 60, at: now)?.message.id == "two")
    }

    @Test func `a state that somebody edited counts as nothing told`() async throws {
        _ = try store.notify(at: now) { _, _ in
            var state = NotificationState()
            state.reasons["a"] = "muted"
            return NotificationPlan(states: ["phone": state])
        }
        try await SQLiteEdit.run("UPDATE notification_state SET body = '{\"told\": 3}'", in: store.path)
        _ = try store.notify(at: now) { states, _ in
            #expect(states.isEmpty)
            return NotificationPlan(states: states)
        }
    }

    @Test func `a receiver is in trouble while nothing arrives`() throws {
        try store.enqueue([notice("one")], at: now)
        let claimed = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        try store.failNotice(claimed.id, because: "no route", isPermanent: false, wait: nil, retry: retry, at: now)
        #expect(try store.receiversInTrouble(before: after(-1)).isEmpty)
        let trouble = try store.receiversInTrouble(before: after(300))
        #expect(trouble.map(\.receiver) == ["phone"] && trouble[0].reason == "no route" && trouble[0].since == now)
        let again = try #require(try store.claimNotice(for: "phone", seconds: 60, at: after(400)))
        try store.finishNotice(again.id, at: after(400))
        #expect(try store.receiversInTrouble(before: after(500)).isEmpty)
    }

    @Test func `what waits for a receiver that is no longer configured is given up`() throws {
        try store.enqueue([notice("one"), notice("two", for: "mail")], at: now)
        try store.dropNotices(besides: ["mail"], at: now)
        #expect(try store.notices(limit: 10).map(\.state) == [.waiting, .failed])
    }

    @Test func `old notices are forgotten, waiting ones never`() throws {
        try store.enqueue([notice("one"), notice("two", for: "mail")], at: now)
        let one = try #require(try store.claimNotice(for: "phone", seconds: 60, at: now))
        try store.finishNotice(one.id, at: now)
        try store.pruneNotices(before: after(1))
        #expect(try store.notices(limit: 10).map(\.message.id) == ["two"])
    }
}
