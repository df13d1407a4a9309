// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaModel
import MachaStore
import Testing

@Suite struct RunStoreTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    private func open(_ host: String = "web1") throws -> Int64 {
        try store.open(try authorized(try restart(on: host), at: minute(0)), at: minute(0))
    }

    private func begin(
        _ run: Int64, on host: String = "web1", position: Int = 0, limits: [GroupLimit] = []
    ) throws -> BeginOutcome {
        let record = ActionRecord(
            .restartUnit(try UnitName("web")), on: host, machine: MachineIdentity(hostKey: nil, machineID: nil),
            playbook: nil, requester: .macha, startedAt: minute(1))
        return try store.begin(
            record, position: position, of: run, before: ActionBaseline(invocation: "a"), limits: limits,
            detail: try .sample())
    }

    @Test func `an action is on the disk as started before anything is sent, with its audit entry`() throws {
        let run = try open()
        guard case .begun(let id) = try begin(run) else {
            Issue.record("not begun")
            return
        }
        let other = try Store.open(at: folder.database)
        #expect(try other.run(run)?.state == .started)
        #expect(try other.actions(of: run).map(\.record.outcome) == [.running])
        #expect(try other.audit().map(\.kind) == [.decision, .started])
        try store.end(id, .verified, detail: .recovery(found: "fine"), at: minute(2))
        try store.close(run, .verified, note: "fine", at: minute(2))
        #expect(try other.hostsWithOpenRuns().isEmpty)
        #expect(try other.history(since: minute(0)).records.map(\.outcome) == [.verified])
        #expect(try other.verifyAudit().faults.isEmpty)
    }

    @Test func `a step is begun once, whoever asks`() throws {
        let run = try open()
        guard case .begun(let id) = try begin(run) else {
            Issue.record("not begun")
            return
        }
        #expect(throws: StoreError.self) { try begin(run) }
        try store.end(id, .failed, detail: .recovery(found: "no"), at: minute(2))
        #expect(throws: StoreError.self) { try begin(run) }
        try store.close(run, .failed, note: "no", at: minute(2))
        #expect(try begin(run, position: 1) == .blocked("the run has ended already"))
        #expect(throws: StoreError.self) {
            try store.end(id, .verified, detail: .recovery(found: "yes"), at: minute(3))
        }
    }

    @Test func `a host has one change at a time`() throws {
        let first = try open()
        let second = try open()
        _ = try begin(first)
        guard case .blocked(let why) = try begin(second) else {
            Issue.record("two at a time")
            return
        }
        #expect(why.contains("run \(first)"))
    }

    @Test func `no more hosts of a group at a time than it allows`() throws {
        let limit = GroupLimit(group: "web", hosts: ["web1", "web2"], atOnce: 1)
        let first = try open("web1")
        let second = try open("web2")
        _ = try begin(first, on: "web1", limits: [limit])
        guard case .blocked(let why) = try begin(second, on: "web2", limits: [limit]) else {
            Issue.record("two of a group at a time")
            return
        }
        #expect(why.contains("web"))
    }

    @Test(arguments: [nil, ["web1"]] as [[String]?])
    func `a pause stops what is about to begin`(hosts: [String]?) throws {
        let run = try open()
        try store.pause(hosts: hosts, by: "anna", because: "backup", at: minute(0))
        #expect(try begin(run) == .blocked("paused by anna"))
        #expect(try store.run(run)?.state == .authorised)
        let left = try store.resume(hosts: hosts, by: "anna", at: minute(2))
        #expect(left == PauseState())
        guard case .begun = try begin(run) else {
            Issue.record("still paused")
            return
        }
    }

    @Test func `a resume of one host leaves the pause of the fleet`() throws {
        try store.pause(hosts: nil, by: "anna", because: "", at: minute(0))
        #expect(try store.resume(hosts: ["web1"], by: "bert", at: minute(1)).entry(for: "web1")?.by == "anna")
    }

    @Test func `the same decision is news once a day`() throws {
        let proposal = try restart()
        let refusal = Decision(.refuse, .level, "observe changes nothing at all")
        #expect(try store.noteDecision(refusal, on: proposal, at: minute(0)))
        #expect(try !store.noteDecision(refusal, on: proposal, at: minute(5)))
        #expect(try store.noteDecision(asks, on: proposal, at: minute(10)))
        #expect(try store.noteDecision(refusal, on: proposal, at: minute(15)))
        #expect(try store.noteDecision(refusal, on: proposal, at: minute(15 + 1440)))
    }

    @Test func `the database itself lets no run go back`() throws {
        let run = try open()
        try store.close(run, .skipped, note: "not needed", at: minute(1))
        let raw = try DatabaseQueue(path: folder.database)
        for state in ["authorised", "started", "verified"] {
            #expect(throws: DatabaseError.self) {
                try raw.write { try $0.execute(sql: "UPDATE run SET state = '\(state)', ended_at = NULL") }
            }
        }
    }
}
