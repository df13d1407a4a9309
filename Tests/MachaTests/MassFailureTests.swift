// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaActions
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport
import Testing

/// Many problems at once: each stays what it is, however many there are.
@Suite(.timeLimit(.minutes(20))) struct MassFailureTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let fake = FakeHost()
    private let host = FleetHost(name: "web1", connection: .local)

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
    }

    private func check(minute: Double) async throws -> Recording {
        let time = noon.addingTimeInterval(60 * minute)
        let snapshot = await HostSession(host, connect: fake.connect).snapshot(Collector(now: { time }))
        return try store.record(try store.judge(snapshot, of: host), now: time)
    }

    @Test(arguments: [31, 400])
    func `a failed unit among many is not resolved, and its approval is not withdrawn`(count: Int) async throws {
        fake["nginx.service"] = FakeHost.Unit()
        _ = try await check(minute: 0)
        let finding = Fingerprint(host: "web1", kind: "unit-failed", subject: "nginx.service")
        let proposal = try Proposal(
            host: "web1", title: "Restart nginx.service", actions: [.restartUnit(try UnitName("nginx.service"))],
            finding: finding, requester: .macha, in: RiskContext(host: host))
        let decision = Policy.decide(
            proposal, in: PolicyContext(now: noon, host: host, standing: .known, maintenance: .off))
        try store.ask(proposal, because: decision, at: noon)

        for number in 1..<count { fake["aaa\(number).service"] = FakeHost.Unit() }
        let many = try await check(minute: 5)
        #expect(many.opened.count { $0.finding.kind == .unitFailed } == count - 1)
        #expect(many.resolved.isEmpty)
        #expect(try store.withdrawSolved(of: "web1", at: noon.addingTimeInterval(300)).isEmpty)
        #expect(try store.approval(0)?.state == .waiting)

        for number in 1..<count { fake["aaa\(number).service"] = nil }
        let few = try await check(minute: 10)
        #expect(few.resolved.count { $0.finding.kind == .unitFailed } == count - 1)
        let open = try store.openIssues(hosts: ["web1"]).first { $0.finding.fingerprint == finding }
        #expect(open?.firstSeen == noon && open?.count == 3)
    }

    @Test func `no granted approval is overlooked behind newer ones`() throws {
        let decision = Policy.decide(
            try proposal(for: 0), in: PolicyContext(now: noon, host: host, standing: .known, maintenance: .off))
        try store.ask(try proposal(for: 0), because: decision, at: noon)
        _ = try store.grant(0, content: nil, by: "anna", at: noon)
        for number in 1...1_001 { try store.ask(try proposal(for: number), because: decision, at: noon) }
        let open = try store.approvals(open: true, at: noon)
        #expect(open.count == 1_002 && open.first?.state == .granted)
    }

    private func proposal(for number: Int) throws -> Proposal {
        try Proposal(
            host: "web1", title: "Restart it", actions: [.restartUnit(try UnitName("u\(number).service"))],
            requester: .macha, in: RiskContext(host: host))
    }
}
