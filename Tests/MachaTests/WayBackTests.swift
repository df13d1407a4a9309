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
import Testing

/// What a playbook does when its steps fail.
@Suite(.timeLimit(.minutes(10))) struct WayBackTests {
    @Test func `a step that failed is followed by the playbook's way back, each with a record of its own`() async throws
    {
        let scratch = try Scratch()
        let store = try Store.open(at: scratch.path("state/macha.db"))
        let noon = Date(timeIntervalSince1970: 1_800_000_000)
        let inventory = try Inventory.parse(
            sources: [("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: auto-full } }")], home: "/home/me",
            user: "me")
        let host = try #require(inventory["web1"])
        let fake = FakeHost()
        fake["web.service"] = FakeHost.Unit()
        fake.set(restart: .dies(after: 3))
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { noon }, connect: fake.connect)
        let unit = try UnitName("web.service")
        let proposal = try Proposal(
            host: "web1", title: "Restart, or stop", actions: [.restartUnit(unit)], rollback: [.stopUnit(unit)],
            evidence: ["web.service: it failed, password=hunter2secret99"],
            finding: Fingerprint(host: "web1", kind: "unit-failed", subject: "web.service"), requester: .macha,
            in: RiskContext(host: host)
        ).bound(to: MachineTarget(host, .fake))
        let context = PolicyContext(now: noon, host: host, standing: .known, maintenance: .off)
        guard case .run(let authorized) = Policy.authorize(proposal, in: context) else {
            Issue.record("policy does not let it run")
            return
        }
        let report = try await executor.carryOut(.policy(authorized), on: host)
        #expect(report.state == .rolledBack)
        #expect(report.note.contains("the playbook's rollback succeeded"))
        #expect(
            fake.sent == [["systemctl", "restart", "--", "web.service"], ["systemctl", "stop", "--", "web.service"]])
        let actions = try store.actions(of: try #require(report.run))
        #expect(actions.map(\.position) == [0, 1])
        #expect(actions.map(\.record.outcome) == [.failed, .verified])
        // What began is in the audit with its reason, its words, the greatest risk of step and way back, and who allowed it.
        let began = try #require(try store.audit(kinds: [.started]).first).payload
        for part in [
            "it failed", try #require(proposal.finding).description, #""systemctl","restart","--","web.service""#,
            #""risk":"medium""#, #""authority""#, #""rule":"level""#, #""wayBack""#, proposal.contentHash.description,
        ] {
            #expect(began.contains(part), "\(part): \(began)")
        }
        #expect(!began.contains("hunter2secret99"))
        #expect(try store.hostsWithOpenRuns().isEmpty)
        #expect(try store.verifyAudit().faults.isEmpty)
    }
}
