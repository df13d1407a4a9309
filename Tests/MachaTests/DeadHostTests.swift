// SPDX-License-Identifier: MIT
import MachaFindings
import Foundation
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// A host that takes everything and answers nothing, on which an earlier controller left a run.
private final class BlackHole: Transport {
    /// Whether the healthy host had been repaired when a question was given up.
    let seen = Mutex<[Bool]>([])
    let isRepaired: @Sendable () -> Bool

    init(isRepaired: @escaping @Sendable () -> Bool) { self.isRepaired = isRepaired }

    func run(_ command: Command, until deadline: ContinuousClock.Instant) async throws(ContactFailure) -> CommandResult
    {
        while !isRepaired(), deadline > .now { await Task.yield() }
        seen.withLock { $0.append(isRepaired()) }
        throw ContactFailure(.broken, stage: .exec, message: "dead: the command did not finish in time")
    }

    func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult { try await run(command, until: deadline) }

    func close() async {}
}

@Suite(.timeLimit(.minutes(20))) struct DeadHostTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    private struct Unexpected: Error {}

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
    }

    private static let playbook = """
        id: restart-failed-service
        title: Restart ${unit}
        description: One restart.
        when: unit-failed
        parameters: { unit: { type: unit, from: finding.subject, description: The unit. } }
        steps: [{ action: restart-unit, unit: "${unit}" }]
        cooldown: 10m
        """

    /// A run on `host` whose controller was killed right after its action had begun.
    private func leave(on host: FleetHost) throws {
        let proposal = try Proposal(
            host: host.name, title: "Restart it", actions: [.restartUnit(try UnitName("web.service"))],
            requester: .macha, in: RiskContext(host: host))
        let context = PolicyContext(now: noon, host: host, standing: .known, maintenance: .off)
        guard case .run(let authorized) = Policy.authorize(proposal, in: context) else { throw Unexpected() }
        let run = try store.open(authorized, at: noon)
        let record = ActionRecord(
            authorized.actions[0], on: host.name, machine: MachineIdentity(hostKey: nil, machineID: nil), playbook: nil,
            requester: .macha, startedAt: noon)
        _ = try store.begin(
            record, position: 0, of: run, before: ActionBaseline(boot: "boot-1"),
            detail: AuditEvent.StartDetail(
                authorized.proposal, authorized.authority, evidence: [], commands: [], wayBack: "none"))
    }

    @Test(arguments: [1, 8])
    func `a dead host with an open run delays no other host's repair`(width: Int) async throws {
        let names = ["dead1", "dead2", "gone", "web1"]
        let inventory = try Inventory.parse(
            sources: [
                (
                    "fleet.yaml",
                    "defaults: { autonomy: auto-safe }\nhosts:\n"
                        + names.filter { $0 != "gone" }.map { "  \($0): { address: \($0).example }\n" }.joined()
                )
            ], home: "/home/me", user: "me")
        let fake = FakeHost()
        fake["web.service"] = FakeHost.Unit()
        let hole = BlackHole { !fake.sent.isEmpty }
        let now = noon
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { now }
        ) { host -> any Transport in
            host.name == "web1" ? FakeTransport(host: "web1") { fake.reply(to: $0) } : hole
        }
        for name in names {
            var host = try #require(inventory["web1"])
            host.name = name
            if name == "web1" {
                let snapshot = await Collector(now: { now }).collect(host, over: try fake.connect(host))
                try store.record(try store.judge(snapshot, of: host), now: now)
            } else {
                try leave(on: host)
            }
        }
        let library = try PlaybookLibrary.parse(folders: [[("restart.yaml", Self.playbook)]])
        let report = try await Remediator(executor, library, inventory).run(inventory.hosts, width: width)
        #expect(report.entries.first { $0.host == "web1" }?.run?.state == .verified)
        #expect(hole.seen.withLock { !$0.isEmpty && $0.allSatisfy { $0 } }, "the repair came first")
        #expect(Set(report.recovered.map(\.host)) == ["dead1", "dead2", "gone"])
        #expect(report.recovered.allSatisfy { $0.state == .interrupted })
        #expect(try store.hostsWithOpenRuns().isEmpty)
    }

    @Test func `a database locked for a while costs a watch one check and does not end it`() async throws {
        let host = FleetHost(
            name: "gone",
            connection: .ssh(SSHEndpoint(address: "127.0.0.1", port: try Loopback.freePort(), user: "macha")),
            checkInterval: 1)
        let held = scratch.path("held")
        let script = """
            import sqlite3, sys, time
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("BEGIN IMMEDIATE")
            open(sys.argv[2], "w").close()
            time.sleep(3600)
            """
        let python = try #require(which("python3"))
        let holder = try ChildProcess(python, ["-c", script, scratch.path("state/macha.db"), held])
        while !FileManager.default.fileExists(atPath: held) { await Task.yield() }
        let cycle = HostCycle(.test(store, in: scratch.path("state"), now: { Date() }))
        let events = ControllerEvents(buffer: 1_000)
        let changes = events.subscribe(.views).changes
        let scheduler = Scheduler(
            clock: ContinuousClock(), events: events, opening: .zero, jitter: { _ in .zero }, reload: { nil },
            turned: {})
        let known = FleetReport([HostReport(neverChecked: host)], of: [host], now: noon)
        let watch = Task { await scheduler.run(.init(cycle, hosts: [host]), known: known) }
        var troubles: [CycleTrouble] = []
        for await event in changes {
            if case .observed = event.kind { break }
            if case .warning(let words) = event.kind { Issue.record("told twice: \(words)") }
            guard case .trouble(let trouble) = event.kind else { continue }
            troubles.append(trouble)
            #expect(event.view.troubleCount == troubles.count)
            holder.stop()
        }
        watch.cancel()
        await watch.value
        let first = try #require(troubles.first)
        #expect(first.host == "gone")
        guard case .store(let error) = first.cause else {
            Issue.record("not a failure of the store")
            return
        }
        #expect(error.code == .locked)
        #expect(try store.latest(hosts: ["gone"]).count == 1)
    }
}
