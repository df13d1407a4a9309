// SPDX-License-Identifier: MIT
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

/// A playbook that a person runs on several hosts: every host is named, also those that were not begun.
@Suite(.timeLimit(.minutes(10))) struct RolloutTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let fakes = ["a", "b", "c", "d"].map { FakeHost($0) }

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
        for fake in fakes { fake["web.service"] = FakeHost.Unit() }
    }

    private func inventory(_ settings: String = "") throws -> Inventory {
        let hosts = fakes.map { "  \($0.name): { address: \($0.name).example, groups: [web] }\n" }.joined()
        return try Inventory.parse(
            sources: [
                ("fleet.yaml", "defaults: { autonomy: auto-safe }\ngroups: { web: { \(settings) } }\nhosts:\n\(hosts)")
            ], home: "/home/me", user: "me")
    }

    /// What was told host by host, and the whole.
    private func run(_ inventory: Inventory) async throws -> (told: [Rollout.Outcome], all: [Rollout.Outcome]) {
        let now = noon
        let byName = Dictionary(uniqueKeysWithValues: fakes.map { ($0.name, $0) })
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fakes[0].waiting, now: { now }
        ) { (host) throws(ContactFailure) in
            guard let fake = byName[host.name] else {
                throw ContactFailure(.unreachable, stage: .connect, message: "no such host")
            }
            return try fake.connect(host)
        }
        for (fake, host) in zip(fakes, inventory.hosts) {
            let snapshot = await HostSession(host, connect: fake.connect).snapshot(Collector(now: { now }))
            try store.record(try store.judge(snapshot, of: host), now: now)
        }
        let library = try PlaybookLibrary.parse(folders: [
            [
                (
                    "restart.yaml",
                    """
                    id: restart
                    title: Restart web
                    description: One restart.
                    steps: [{ action: restart-unit, unit: web.service }]
                    """
                )
            ]
        ])
        let work = Rollout(executor, try #require(library["restart"]), given: [:], by: "anna")
        let told = Mutex<[Rollout.Outcome]>([])
        let all = try await work.carryOut(try await work.plan(inventory.hosts), on: inventory.hosts) { outcome in
            told.withLock { $0.append(outcome) }
        }
        return (told.withLock { $0 }, all)
    }

    @Test func `hosts that were not begun after a failure are named with the host that failed`() async throws {
        fakes[0].set(restart: .dies(after: 1))
        let (told, all) = try await run(try inventory())
        #expect(all.map(\.host) == ["a", "b", "c", "d"])
        #expect(told.map(\.host) == ["a", "b", "c", "d"])
        #expect(all[0].run?.state == .failed)
        for outcome in all.dropFirst() {
            #expect(outcome.run == nil && !outcome.isGood)
            #expect(outcome.note == "not begun: a failed first")
        }
        #expect(fakes.map(\.sent.count) == [1, 0, 0, 0])
    }

    @Test func `a failure after the first host stops only hosts not begun, and each host is reported once`()
        async throws
    {
        fakes[1].set(restart: .isNotHeard)
        let (told, all) = try await run(try inventory("max-unavailable: 1"))
        #expect(told.map(\.host).sorted() == ["a", "b", "c", "d"])
        #expect(all.map { $0.run?.state } == [.verified, .interrupted, nil, nil])
        #expect(all.suffix(2).map(\.note) == Array(repeating: "not begun: b failed first", count: 2))
    }

    @Test func `hosts that policy refuses are named, and the others go on`() async throws {
        let guarded = try Inventory.parse(
            sources: [
                (
                    "fleet.yaml",
                    "defaults: { autonomy: auto-safe }\nhosts:\n  a: { address: a.example, autonomy: observe }\n"
                        + "  b: { address: b.example }\n  c: { address: c.example, protected-units: [web] }\n"
                        + "  d: { address: d.example }\n"
                )
            ], home: "/home/me", user: "me")
        let (told, all) = try await run(guarded)
        #expect(told.map(\.host).sorted() == ["a", "b", "c", "d"])
        #expect(all.filter { $0.note.hasPrefix("refused") }.map(\.host) == all.filter { $0.run == nil }.map(\.host))
        #expect(all.contains { $0.host == "d" && $0.run?.state == .verified })
    }
}
