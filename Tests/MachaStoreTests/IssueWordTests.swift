// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaStore

struct IssueWordTests {
    private typealias Issue = MachaFindings.Issue

    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    @discardableResult
    private func see(_ findings: [Finding], at time: Double, in store: Store? = nil) throws -> Recording {
        let snapshot = reached("nas", at: minute(time))
        return try (store ?? self.store).record(
            snapshot, findings: findings, coverage: .clear(known: ["disks", "units"], unknown: []),
            gaps: Gaps(snapshot), overview: nil, now: minute(time), retention: .standard)
    }

    private func acknowledge(
        _ id: Int64, until: Double? = nil, note: String = "disk ordered", at time: Double
    ) throws -> IssueOutcome {
        try store.acknowledge(
            id, until: until.map { minute($0) }, note: note, sharing: ["nas"], below: nil, by: "anna", at: minute(time))
    }

    private func kinds(_ id: Int64) throws -> [IssueEvent.Kind] {
        try #require(try store.issue(id)).history.map(\.kind)
    }

    @Test func `an acknowledged issue opens again when it gets worse than it was`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        #expect(try acknowledge(id, at: 1) == .done(try #require(try store.issue(id)).issue))
        try see([.disk(on: "nas", "90 %", .info)], at: 2)
        try see([.disk(on: "nas", "91 %", .warning)], at: 3)
        #expect(try store.issue(id)?.issue.state == .acknowledged, "as bad as it was is no worse")
        try see([.disk(on: "nas", "99 %", .critical)], at: 4)
        #expect(try store.issue(id)?.issue.state == .open)
        #expect(try store.issue(id)?.issue.acknowledgement == nil)
        #expect(try kinds(id) == [.opened, .acknowledged, .worsened])
    }

    @Test func `an acknowledgement lapses at the moment it names, not before`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        _ = try acknowledge(id, until: 10, at: 1)
        try see([.disk(on: "nas")], at: 9.99)
        #expect(try store.issue(id)?.issue.state == .acknowledged)
        try see([.disk(on: "nas")], at: 10)
        #expect(try store.issue(id)?.issue.state == .open)
        #expect(try kinds(id) == [.opened, .acknowledged, .lapsed])
    }

    @Test func `a return counts, and one after a person's word or a repair is a regression`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        try see([], at: 1)
        #expect(try store.issue(id)?.issue.resolution == .observed)
        try see([.disk(on: "nas")], at: 2)
        #expect(try store.issue(id)?.issue.regressions == 0)
        guard case .done(let resolved) = try store.resolve(id, note: "new disk", by: "anna", at: minute(3)) else {
            Testing.Issue.record("not resolved")
            return
        }
        #expect(resolved.state == .resolved && resolved.resolution == .person)
        try see([.disk(on: "nas")], at: 4)
        let again = try #require(try store.issue(id)).issue
        #expect(again.id == id && again.state == .open && again.recurrences == 2 && again.regressions == 1)
        try see([], at: 5)
        #expect(try store.issue(id)?.issue.resolution == .observed)
    }

    @Test func `a repair is part of the history, and a return after it is a regression`() throws {
        let unit = Finding(.unitFailed, host: "web1", subject: "web.service", .critical, "web.service has failed")
        let snapshot = reached("web1", at: minute(0))
        let id = try #require(try store.record(snapshot, findings: [unit], now: minute(0)).opened.first).id
        let run = try store.open(try authorized(try restart(), at: minute(1)), at: minute(1))
        let record = ActionRecord(
            host: "web1", kind: .restartUnit, target: "web.service", footprint: .changes, playbook: nil,
            isAutomatic: true, startedAt: minute(1), outcome: .running)
        guard
            case .begun(let action) = try store.begin(
                record, position: 0, of: run, before: ActionBaseline(), detail: try .sample())
        else {
            Testing.Issue.record("not begun")
            return
        }
        #expect(try store.issue(id)?.issue.state == .fixing)
        try store.end(action, .verified, detail: .recovery(found: "fine"), at: minute(2))
        try store.close(run, .verified, note: "", at: minute(2))
        try store.record(reached("web1", at: minute(3)), findings: [], now: minute(3))
        #expect(try store.issue(id)?.issue.resolution == .repaired)
        try store.record(reached("web1", at: minute(4)), findings: [unit], now: minute(4))
        #expect(try store.issue(id)?.issue.regressions == 1)
        #expect(
            try kinds(id) == [.opened, .actionBegan, .actionEnded, .resolved, .reopened])
    }

    @Test func `nothing but a person ends what a person reported`() throws {
        let finding = Finding(
            recorded: Issue.reportedKind, host: "nas", subject: "it hums", .warning, "it hums", evidence: [],
            figures: [:],
            remedy: "", commands: [])
        guard case .done(let issue) = try store.report(finding, note: "", by: "anna", at: minute(0)) else {
            Testing.Issue.record("not reported")
            return
        }
        #expect(try store.report(finding, note: "", by: "anna", at: minute(0)) == .refused(.open))
        #expect(try see([], at: 5).resolved.isEmpty)
        #expect(try store.issue(issue.id)?.issue.state == .open)
        _ = try store.closeIssue(issue.id, note: "", by: "anna", at: minute(6))
        #expect(try store.issue(issue.id)?.issue.state == .closed)
        guard case .done(let again) = try store.report(finding, note: "", by: "anna", at: minute(7)) else {
            Testing.Issue.record("not reported again")
            return
        }
        #expect(again.id == issue.id && again.recurrences == 1)
    }

    @Test func `a blind or cut observation ends neither an issue nor an acknowledgement`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        _ = try acknowledge(id, at: 1)
        try store.record(unreachable("nas", at: minute(2)), findings: [], now: minute(2))
        let snapshot = reached("nas", at: minute(3))
        _ = try store.record(
            snapshot, findings: [], coverage: .clear(known: ["units"], unknown: ["disks"]), gaps: Gaps(snapshot),
            overview: nil,
            now: minute(3), retention: .standard)
        #expect(try store.issue(id)?.issue.state == .acknowledged)
    }

    @Test func `words about an issue that is over or that never was are refused`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        #expect(try acknowledge(99, at: 1) == .missing)
        _ = try store.resolve(id, note: "", by: "anna", at: minute(1))
        #expect(try acknowledge(id, at: 2) == .refused(.resolved))
        #expect(try store.resolve(id, note: "", by: "anna", at: minute(2)) == .refused(.resolved))
        _ = try store.closeIssue(id, note: "", by: "anna", at: minute(3))
        #expect(try store.closeIssue(id, note: "", by: "anna", at: minute(3)) == .refused(.closed))
    }

    @Test func `a clock that was set back ends an issue when it was last seen`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 60).opened.first).id
        _ = try store.resolve(id, note: "", by: "anna", at: minute(0))
        #expect(try store.issue(id)?.issue.resolvedAt == minute(60))
    }

    @Test func `an acknowledgement that another host ends is open again, and its history names the host`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        _ = try acknowledge(id, at: 1)
        try store.lapse(id, joinedBy: ["web3"], at: minute(2))
        let found = try #require(try store.issue(id))
        #expect(found.issue.state == .open && found.issue.acknowledgement == nil)
        #expect(found.history.last?.kind == .lapsed && found.history.last?.note == "web3 joined")
        try store.lapse(id, joinedBy: ["web3"], at: minute(3))
        #expect(try store.issue(id)?.history.count == found.history.count, "said once")
    }

    @Test func `two processes that speak about one issue at once leave one state and every word`() async throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        let path = folder.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for person in 0..<8 {
                group.addTask {
                    let store = try Store.open(at: path)
                    _ = try store.acknowledge(
                        id, until: nil, note: "\(person)", sharing: ["nas"], below: nil, by: "p\(person)", at: minute(1)
                    )
                    _ = try store.comment(id, "\(person)", by: "p\(person)", at: minute(1))
                }
            }
            try await group.waitForAll()
        }
        let events = try kinds(id)
        #expect(events.count { $0 == .acknowledged } == 8 && events.count { $0 == .commented } == 8)
        #expect(try store.audit(limit: 100).count == 16)
        #expect(try store.issue(id)?.issue.state == .acknowledged)
    }

    @Test(arguments: HostileTexts.all)
    func `a hostile note is kept as one line, and breaks nothing`(hostile: String) throws {
        let text = hostile.printable(limit: 300)
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        _ = try acknowledge(id, note: text, at: 1)
        _ = try store.comment(id, text, by: "anna", at: minute(1))
        let found = try #require(try store.issue(id))
        #expect(found.issue.acknowledgement?.note.raw == text)
        #expect(found.history.last?.note.raw == text)
        #expect(try store.audit(limit: 1).first?.content != nil)
    }

    @Test func `the history of an issue that flaps is bounded, and keeps its beginning`() throws {
        for time in 0..<300 { try see(time % 2 == 0 ? [.disk(on: "nas")] : [], at: Double(time)) }
        let found = try #require(try store.issue(of: Finding.disk(on: "nas").fingerprint))
        let events = try kinds(found.id)
        #expect(events.first == .opened && events.count == Issue.keptEvents + 1)
        #expect(found.recurrences == 149)
    }

    @Test func `issues that were closed are exported once, with their history`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        _ = try store.closeIssue(id, note: "retired", by: "anna", at: minute(1))
        let exports = Exports(folder: folder.path)
        for _ in 0..<2 { try exports.write(from: store, at: minute(2)) }
        let lines = try String(contentsOfFile: folder.path + "/issues.jsonl", encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 1)
        let line = try #require(
            try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect((line["issue"] as? [String: Any])?["state"] as? String == "closed")
        #expect((line["history"] as? [Any])?.count == 2)
    }

    @Test func `what stays resolved is closed after a month, and forgotten after three`() throws {
        let id = try #require(try see([.disk(on: "nas")], at: 0).opened.first).id
        try see([], at: 1)
        try store.prune(.standard, now: minute(30 * 1440))
        #expect(try store.issue(id)?.issue.state == .resolved)
        try store.prune(.standard, now: minute(30 * 1440 + 2))
        #expect(try store.issue(id)?.issue.state == .closed)
        try store.prune(.standard, now: minute(90 * 1440 + 2))
        #expect(try store.issue(id) == nil)
    }

    @Test func `a database with one row a time becomes one with one issue a problem`() throws {
        let path = folder.path + "/macha.db"
        let earlier = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(earlier, upTo: "9 issues")
        try earlier.write { db in
            for (id, end) in [(1, "200.0"), (2, "400.0"), (5, "NULL")] {
                try db.execute(
                    sql: """
                        INSERT INTO issue VALUES (\(id), '0123456789abcdef', 'a', 'k', NULL, 'info', 's', '', '[]',
                            '{"clear":{"known":[],"unknown":[]}}', \(id * 100), \(id * 100), 1, \(end), '[]', '{}')
                        """)
            }
            try db.execute(sql: "UPDATE sqlite_sequence SET seq = 9 WHERE name = 'issue'")
        }
        try earlier.close()
        let store = try Store.open(at: path)
        let found = try #require(try store.issue(5))
        #expect(found.issue.state == .open && found.issue.recurrences == 2)
        #expect(found.issue.createdAt == Date(timeIntervalSince1970: 100))
        #expect(found.history.map(\.kind) == [.opened, .resolved, .reopened, .resolved, .reopened])
        let next = try store.record(reached("b", at: minute(0)), findings: [.disk(on: "b")], now: minute(0))
        #expect(next.opened.map(\.id) == [10], "an id is never used again")
    }
}

struct SilenceStoreTests {
    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    private func silence(_ selector: String = "nas", until: Double = 10) throws -> StoredSilence {
        try store.silence(
            try HostSelector(selector), kind: "disk-space", subject: try SubjectGlob("/mnt*"), until: minute(until),
            by: "anna", because: "known", at: minute(0))
    }

    @Test func `a silence is stored as it was said, and an early end counts`() throws {
        let made = try silence("@web,!web2")
        #expect(try store.silences() == [made])
        let ended = try #require(try store.expire(made.id, by: "bert", at: minute(5)))
        #expect(ended.endedBy == "bert" && ended.silence.span.until == minute(5))
        #expect(!ended.silence.span.contains(minute(5)))
        #expect(try store.expire(made.id, by: "bert", at: minute(6)) == nil)
        #expect(try store.audit(limit: 9).map(\.kind) == [.decision, .decision])
        #expect(try store.verifyAudit().faults.isEmpty)
    }

    @Test func `a silence that is over at this very moment cannot be ended`() throws {
        let made = try silence(until: 10)
        #expect(try store.expire(made.id, by: "anna", at: minute(10)) == nil)
    }

    @Test func `a silence that somebody edited is none`() throws {
        _ = try silence()
        let other = try silence()
        try store.write("edit") { try $0.execute(sql: "UPDATE silence SET selector = '@,' WHERE id = 1") }
        #expect(try store.silences() == [other])
    }

    @Test func `maintenance is by host, ends early when a person says so, and is audited`() throws {
        try store.maintain(["nas", "web"], until: minute(60), by: "anna", because: "disks", at: minute(0))
        #expect(try store.maintenanceWindows().map(\.host) == ["nas", "web"])
        #expect(try store.endMaintenance(of: ["nas", "other"], by: "anna", at: minute(5)) == ["nas"])
        let open = try store.maintenanceWindows().filter { $0.span.contains(minute(6)) }
        #expect(open.map(\.host) == ["web"])
        #expect(try store.audit(limit: 9).count == 2)
    }

    @Test func `what began while a host was taken into maintenance is not sent unasked`() throws {
        let run = try store.open(try authorized(try restart(), at: minute(0)), at: minute(0))
        try store.maintain(["web1"], until: minute(60), by: "anna", because: "", at: minute(0))
        let record = ActionRecord(
            host: "web1", kind: .restartUnit, target: "web.service", footprint: .changes, playbook: nil,
            isAutomatic: true, startedAt: minute(1), outcome: .running)
        let outcome = try store.begin(record, position: 0, of: run, before: ActionBaseline(), detail: try .sample())
        #expect(outcome == .blocked("in maintenance by anna"))
    }

    @Test func `silences and windows that ended long ago are forgotten`() throws {
        _ = try silence()
        try store.maintain(["nas"], until: minute(10), by: "anna", because: "", at: minute(0))
        try store.prune(.standard, now: minute(90 * 1440 + 11))
        #expect(try store.silences().isEmpty && store.maintenanceWindows().isEmpty)
    }
}
