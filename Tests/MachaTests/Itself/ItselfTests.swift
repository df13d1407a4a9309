// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import Testing

@testable import Macha

/// Macha itself as a row of its fleet.
struct ItselfTests {
    private static let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func controller(_ inventory: String = "hosts: { nas: { connection: local } }\n", at now: Date = noon) throws
        -> Controller
    {
        let names = Environment.Names(
            configuration: nil, inventory: try scratch.write(inventory, to: "f.yaml"),
            stateFolder: scratch.path("state"), playbooks: nil)
        let clock = ControllerClock(wall: { now }, waitingBy: TestClock())
        return Controller(Environment(names, keepsConnections: false, clock: clock, warn: { _ in }))
    }

    /// A daemon that wrote last at noon: this process, unless it is `gone`.
    private func record(gone: Bool = false, endedAt: Date? = nil) -> DaemonRecord {
        let own = Environment.workerName
        // The same number of a process that began at another time.
        let before = (own.split(separator: " ").dropLast().map(String.init) + ["1"]).joined(separator: " ")
        return DaemonRecord(
            process: gone ? before : own, startedAt: Self.noon, beatAt: Self.noon,
            endedAt: endedAt, readAt: Self.noon, mistakes: [], faults: [], health: [], lastBackup: Self.noon,
            figures: nil)
    }

    private static let disk = Finding(.machaDisk, host: "macha", .warning, "The disk has 900 MiB left.")

    private func row(_ controller: Controller) throws -> HostReport? {
        try controller.status(controller.scope([]), withTrends: false).hosts.first { $0.host == "macha" }
    }

    @Test func `without a daemon nobody sees anything new`() throws {
        let controller = try controller()
        #expect(try row(controller) == nil)
        #expect(throws: ControllerError.self) { _ = try controller.scope(["macha"]) }
        let failure = #expect(throws: ControllerError.self) { _ = try controller.hosts("macha") }
        #expect(failure?.messages.first?.contains("is Macha itself") == false)
    }

    @Test func `a daemon that is well is a row that is ok`() throws {
        let controller = try controller()
        try controller.environment.store().keep(record())
        let row = try #require(try row(controller))
        #expect(row.state == .ok && row.itself?.lastBackup == Self.noon)
        #expect(try controller.detailOfItself().host.host == "macha")
        let scope = try controller.scope(["macha"])
        #expect(scope.isItselfAlone)
        #expect(try controller.status(scope, withTrends: false).exitCode == 0)
        #expect(try !controller.scope(["nas"]).isWithItself && controller.scope(["nas,macha"]).isWithItself)
        #expect(try !controller.scope(["!macha"]).isWithItself && controller.scope(["!macha"]).hosts.count == 1)
    }

    @Test func `what it finds of itself are issues, which count and can be acknowledged`() throws {
        let controller = try controller()
        let store = try controller.environment.store()
        try store.keep(record())
        try store.recordItself([Self.disk], unknown: [], at: Self.noon)
        let scope = try controller.scope(["macha"])
        #expect(try controller.status(scope, withTrends: false).exitCode == 1)
        let issue = try #require(try controller.issues([], in: [.open]).issues.first).issue
        #expect(issue.finding.kind == .machaDisk)
        #expect(try controller.issues(["macha"], in: [.open]).issues.count == 1)
        _ = try controller.acknowledge(issue.id, until: nil, note: "a new disk comes")
        #expect(try row(controller)?.state == .warning)
        #expect(try controller.status(scope, withTrends: false).exitCode == 0)
        try store.recordItself([], unknown: [.machaDisk], at: Self.noon + 60)
        #expect(try store.openIssues(hosts: ["macha"]).count == 1, "what is not known is not gone")
        try store.recordItself([], unknown: [], at: Self.noon + 120)
        #expect(try store.openIssues(hosts: ["macha"]).isEmpty)
    }

    @Test func `a daemon that was killed is critical, one that is stuck unknown, one that was stopped away`() throws {
        let store = try controller().environment.store()
        try store.keep(record(gone: true))
        #expect(try row(controller())?.state == .critical)
        try store.keep(record())
        #expect(try row(controller(at: Self.noon + 3_600))?.state == .unknown)
        try store.keep(record(endedAt: Self.noon))
        let row = try #require(try row(controller(at: Self.noon + 3_600)))
        #expect(row.isAway)
        let scope = try controller().scope([])
        let fleet = try controller().status(scope, withTrends: false)
        #expect(fleet.summary.away == 1)
        #expect(fleet.hosts.contains { $0.host == "macha" } && fleet.exitCode == 3, "the host was never checked")
    }

    @Test func `a command beside a daemon tells what fails there, as long as it fails`() async throws {
        let receiver = "{ kind: webhook, url: \"http://127.0.0.1:\(try Loopback.freePort())/\" }"
        let names = Environment.Names(
            configuration: try scratch.write(
                "notifications: { receivers: { desk: \(receiver) } }\n", to: "c.yaml"),
            inventory: try scratch.write("hosts: { nas: { connection: local } }\n", to: "f.yaml"),
            stateFolder: scratch.path("state"), playbooks: nil)
        let controller = Controller(
            Environment(
                names, keepsConnections: false, clock: ControllerClock(wall: { Self.noon }, waitingBy: TestClock()),
                warn: { _ in }))
        let store = try controller.environment.store()
        var daemon = record()
        daemon.faults = [
            DaemonRecord.Fault(
                subject: "backup", message: "the folder is gone", count: 1, since: Self.noon - 60, last: Self.noon)
        ]
        try store.keep(daemon)
        #expect(try await controller.tell().map(\.message.title) == ["Macha: backup failed."])
        daemon.endedAt = Self.noon
        try store.keep(daemon)
        _ = try await controller.tell()
        // One that has ended fails no more; that it is over may be told.
        let titles = try store.notices(limit: 10).map(\.message.title)
        #expect(titles.filter { $0 == "Macha: backup failed." }.count == 1, "\(titles)")
    }

    @Test func `no command contacts it`() throws {
        let controller = try controller()
        try controller.environment.store().keep(record())
        let failure = #expect(throws: ControllerError.self) { _ = try controller.hosts("macha") }
        #expect(failure?.messages.first?.contains("is Macha itself") == true)
    }

    @Test func `a host of the inventory that is called macha is a host as any other`() throws {
        let controller = try controller("hosts: { macha: { connection: local } }\n")
        try controller.environment.store().keep(record())
        #expect(try controller.hosts("macha").count == 1)
        let scope = try controller.scope(["macha"])
        #expect(scope.hosts.count == 1 && !scope.isWithItself)
        #expect(try controller.status(controller.scope([]), withTrends: false).hosts.count == 1)
    }

    @Test func `an acknowledgement ends when another host joins its cause`() throws {
        let hosts = ["a", "b", "c", "d"].map { "\($0): { address: \($0).lan }" }.joined(separator: ", ")
        let controller = try controller("hosts: { \(hosts) }\n")
        let (store, inventory) = (try controller.environment.store(), try controller.environment.inventory())
        func lose(_ host: String) throws {
            let finding = Finding(.dnsBroken, host: host, .critical, "No name resolves.")
            try store.record(
                Snapshot(host: host, takenAt: Self.noon, duration: 1, sections: []), findings: [finding], now: Self.noon
            )
        }
        for host in ["a", "b", "c"] { try lose(host) }
        let id = try #require(try store.openIssues(hosts: ["a"]).first).id
        _ = try controller.acknowledge(id, until: nil, note: "the router is replaced")
        let loader = MutingLoader(inventory, store: store)
        try loader.noteJoined(at: Self.noon)
        #expect(try store.issue(id)?.issue.state == .acknowledged)
        try lose("d")
        try loader.noteJoined(at: Self.noon)
        let found = try #require(try store.issue(id))
        #expect(found.issue.state == .open && found.history.last?.note == "d joined")
    }
}
