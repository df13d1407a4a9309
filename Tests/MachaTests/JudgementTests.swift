// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaActions
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import Testing

/// Everybody who says what is wrong on a host says the same: the check, the report, the recheck before a repair and the
/// proof after it.
@Suite(.timeLimit(.minutes(20))) struct JudgementTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let fake = FakeHost()

    private struct NotAllowed: Error {}

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
        fake["web.service"] = FakeHost.Unit()
    }

    private static func disk(used: Int) -> String {
        "Type\next4 1000 \(used) \(1000 - used) 1000000 900000 /\n\n22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    }

    private static func memory(available: Int) -> String {
        "MemTotal: 16000000 kB\nMemAvailable: \(available) kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"
    }

    private func inventory(_ settings: String) throws -> Inventory {
        try Inventory.parse(
            sources: [("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: auto-safe, \(settings) } }")],
            home: "/home/me", user: "me")
    }

    private func executor(_ inventory: Inventory) -> Executor {
        let now = noon
        return Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { now }, connect: fake.connect)
    }

    private func look(at time: Date) async throws -> Snapshot {
        let host = FleetHost(name: "web1", connection: .local)
        return await HostSession(host, connect: fake.connect).snapshot(Collector(now: { time }))
    }

    /// A check as the cycle makes it: judged and recorded.
    private func check(_ host: FleetHost, at time: Date) async throws -> HostJudgement {
        let judgement = try store.judge(try await look(at: time), of: host)
        try store.record(judgement.snapshot, findings: judgement.findings, now: time)
        return judgement
    }

    /// A repair of `finding` whose playbook demands that it is gone afterwards.
    private func repair(_ finding: Fingerprint, on host: FleetHost, _ inventory: Inventory) async throws -> RunReport {
        let proposal = try Proposal(
            host: "web1", playbook: "mend", title: "Mend it", actions: [.restartUnit(try UnitName("web.service"))],
            verify: [.findingGone], finding: finding, requester: .macha, in: RiskContext(host: host)
        ).bound(to: MachineTarget(host, .fake))
        let decision = Policy.authorize(
            proposal, in: PolicyContext(now: noon, host: host, standing: .known, maintenance: .off))
        guard case .run(let authorized) = decision else { throw NotAllowed() }
        return try await executor(inventory).carryOut(.policy(authorized), on: host)
    }

    enum Case: String, CaseIterable, Sendable {
        case ownThresholds, trend

        var settings: String { self == .ownThresholds ? "thresholds: { disk-warning: 30% }" : "tags: [plain]" }
        var probe: String { self == .ownThresholds ? "disks" : "memory" }
        var kind: FindingKind { self == .ownThresholds ? .diskSpace : .memorySustained }
        var ailing: String { self == .ownThresholds ? disk(used: 380) : memory(available: 700_000) }
        var well: String { self == .ownThresholds ? disk(used: 200) : memory(available: 12_000_000) }
    }

    @Test(arguments: Case.allCases, [false, true])
    func `check, report, recheck and proof agree about a host`(_ it: Case, isMended: Bool) async throws {
        let inventory = try inventory(it.settings)
        let host = try #require(inventory["web1"])
        fake.set(it.probe, it.ailing)
        for minutes in stride(from: 70.0, through: 5, by: -5) {
            _ = try await check(host, at: noon.addingTimeInterval(-60 * minutes))
        }
        let found = try await check(host, at: noon.addingTimeInterval(-60))
        let finding = try #require(found.findings.first { $0.kind == it.kind })

        let report = try StatusQuery(store: store, now: noon, muting: .none).report([host])
        #expect(report.hosts[0].findings.flatMap(\.all).contains { $0.fingerprint == finding.fingerprint })

        if isMended { fake.set(it.probe, it.well, isLater: true) }
        let run = try await repair(finding.fingerprint, on: host, inventory)
        #expect(!run.isNotNeeded && fake.sent.count == 1, "the recheck saw it too: \(run.note)")
        let after = try store.judge(try await look(at: noon), of: host)
        let isThere = after.findings.contains { $0.fingerprint == finding.fingerprint }
        #expect(run.state == (isThere ? .failed : .verified), "\(run.note)")
        // An hour that was bad is not undone by one good minute; a disk that was emptied is.
        #expect(isThere == (!isMended || it == .trend))
    }

    @Test func `a probe that is silent at the recheck proves nothing gone`() async throws {
        let inventory = try inventory(Case.ownThresholds.settings)
        let host = try #require(inventory["web1"])
        fake.set("disks", Self.disk(used: 380))
        let found = try await check(host, at: noon.addingTimeInterval(-60))
        let finding = try #require(found.findings.first { $0.kind == .diskSpace })
        fake.set("disks", nil)
        let run = try await repair(finding.fingerprint, on: host, inventory)
        #expect(!run.isNotNeeded && run.run == nil && fake.sent.isEmpty, "\(run.note)")
        #expect(run.note.contains("could not determine") && run.note.contains("disks"), "\(run.note)")
    }

    @Test func `a probe that falls silent after the repair verifies nothing`() async throws {
        let inventory = try inventory(Case.ownThresholds.settings)
        let host = try #require(inventory["web1"])
        fake.set("disks", Self.disk(used: 380))
        let found = try await check(host, at: noon.addingTimeInterval(-60))
        let finding = try #require(found.findings.first { $0.kind == .diskSpace })
        fake.set("disks", "", isLater: true)
        let run = try await repair(finding.fingerprint, on: host, inventory)
        #expect(run.state == .failed && fake.sent.count == 1, "\(run.note)")
    }

    @Test func `an intermittent host that is off is away for all, and what it had is not gone`() async throws {
        let inventory = try inventory("intermittent: true")
        let host = try #require(inventory["web1"])
        let found = try await check(host, at: noon.addingTimeInterval(-60))
        let finding = try #require(found.findings.first { $0.kind == .unitFailed })
        fake.set(reachable: false)
        let away = try await check(host, at: noon.addingTimeInterval(-30))
        #expect(away.findings.map(\.kind) == [.away])
        let report = try StatusQuery(store: store, now: noon, muting: .none).report([host]).hosts[0]
        #expect(report.isAway && report.state == .unknown)
        #expect(report.unconfirmed.contains { $0.finding.fingerprint == finding.fingerprint })
        let run = try await repair(finding.fingerprint, on: host, inventory)
        #expect(run.run == nil && !run.isNotNeeded && fake.sent.isEmpty)
    }
}
