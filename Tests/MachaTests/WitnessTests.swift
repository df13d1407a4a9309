// SPDX-License-Identifier: MIT
import MachaFindings
import Foundation
import Macha
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

/// A start is known outside of the database before anything is sent, and what only the exports know is not done again.
@Suite(.timeLimit(.minutes(20))) struct WitnessTests {
    private let scratch: Scratch
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let unit = "web.service"

    init() throws { scratch = try Scratch() }

    private var database: String { scratch.path("state/macha.db") }
    private var actions: String { Exports.path(of: .actions, in: scratch.path("state")) }

    private func carryOut(_ fake: FakeHost) async throws -> RunReport {
        let store = try Store.open(at: database)
        let inventory = try Inventory.parse(
            sources: [("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: auto-safe } }")],
            home: "/home/me", user: "me")
        let noon = noon
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { noon }, connect: fake.connect)
        let host = try #require(inventory["web1"])
        let proposal = try Proposal(
            host: "web1", playbook: "restart-failed-service", title: "Restart \(unit)",
            actions: [.restartUnit(try UnitName(unit))],
            finding: Fingerprint(host: "web1", kind: "unit-failed", subject: unit), requester: .macha,
            in: RiskContext()
        ).bound(to: MachineTarget(host, .fake))
        let context = PolicyContext(now: noon, host: host, standing: .known, maintenance: .off)
        guard case .run(let authorized) = Policy.authorize(proposal, in: context) else { throw CancellationError() }
        return try await executor.carryOut(.policy(authorized), on: host)
    }

    @Test func `the start is in a file beside the database before its first byte leaves`() async throws {
        let actions = actions
        let known = Mutex<[Bool]>([])
        let fake = FakeHost { _ in
            let text = (try? String(contentsOfFile: actions, encoding: .utf8)) ?? ""
            known.withLock { $0.append(text.contains("\"kind\":\"started\"") && text.contains("web.service")) }
        }
        fake[unit] = FakeHost.Unit()
        #expect(try await carryOut(fake).state == .verified)
        #expect(known.withLock { $0 } == [true])
    }

    @Test func `an action that only the exports know is not sent again until a person has checked`() async throws {
        let first = FakeHost()
        first[unit] = FakeHost.Unit()
        _ = try await carryOut(first)
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + end) }

        let second = FakeHost()
        second[unit] = FakeHost.Unit()
        let report = try await carryOut(second)
        #expect(second.sent.isEmpty)
        #expect(report.state == .authorised)
        #expect(report.note.contains("the database is older than the exports"), "\(report.note)")
        #expect(report.note.contains("macha audit accept"))

        let store = try Store.open(at: database)
        let exports = Exports(folder: scratch.path("state"))
        #expect(try exports.accept(store, by: "anna", because: "a new database", at: noon)?.isEmpty == false)
        #expect(try await carryOut(second).state == .verified)
        #expect(second.sent.count == 1)
    }

    @Test func `a start that cannot be written beside the database is not sent`() async throws {
        try FileManager.default.createDirectory(atPath: actions, withIntermediateDirectories: true)
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let report = try? await carryOut(fake)
        #expect(report?.state != .verified)
        #expect(fake.sent.isEmpty)
    }
}
