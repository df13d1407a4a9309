// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaStore
import Testing

@Suite struct ApprovalStoreTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let day = 1440.0

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    @Test func `ids count from 0 and are never used again`() throws {
        let first = try store.ask(restart("a.service"), because: asks, at: minute(0)).approval
        let second = try store.ask(restart("b.service"), because: asks, at: minute(0)).approval
        #expect(first.id == 0)
        #expect(second.id == 1)
        _ = try store.reject(1, by: "anna", because: "no", at: minute(1))
        #expect(try store.ask(restart("c.service"), because: asks, at: minute(2)).approval.id == 2)
    }

    @Test func `a granted approval is found beside a thousand newer ones that wait`() throws {
        let granted = try store.ask(restart("first.service"), because: asks, at: minute(0)).approval
        _ = try store.grant(granted.id, content: nil, by: "anna", at: minute(1))
        for number in 0..<1_001 { _ = try store.ask(restart("a\(number).service"), because: asks, at: minute(2)) }
        let host = granted.proposal.host
        #expect(try store.grantedApprovals(of: host, at: minute(3)).map(\.id) == [granted.id])
        #expect(try store.waitingApprovals(at: minute(3)) == 1_001)
        #expect(try store.grantedApprovals(of: "other", at: minute(3)).isEmpty)
        #expect(try store.grantedApprovals(of: host, at: minute(30 * day)).isEmpty)
        #expect(try store.waitingApprovals(at: minute(30 * day)) == 0)
    }

    @Test func `the same question again updates the one that waits`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        let again = try store.ask(restart(evidence: ["web.service: failed again"]), because: asks, at: minute(5))
        #expect(!again.isNew)
        #expect(again.approval.id == 0)
        #expect(again.approval.proposal.evidence == ["web.service: failed again"])
        #expect(again.approval.seenAt == minute(5))
        #expect(try store.approvals(open: true, at: minute(5)).map(\.id) == [0])
    }

    @Test func `a proposal that changed after it was shown cannot be approved`() throws {
        let shown = try store.ask(restart(), because: asks, at: minute(0)).approval
        _ = try store.ask(restart(evidence: ["worse"]), because: asks, at: minute(1))
        let answer = try store.grant(0, content: shown.content, by: "anna", at: minute(2))
        #expect(throws: ApprovalError.self) { try answer?.get() }
        #expect(try store.approval(0)?.state == .waiting)
    }

    @Test(arguments: [false, true])
    func `the same repair of another machine is a new approval, and that of the old one ends`(isGranted: Bool) throws {
        let host = FleetHost(name: "web1", connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "me")))
        let proposals = try ["SHA256:old", "SHA256:new"].map {
            try restart().bound(to: MachineTarget(host, MachineIdentity(hostKey: $0, machineID: nil)))
        }
        _ = try store.ask(proposals[0], because: asks, at: minute(0))
        if isGranted { _ = try store.grant(0, content: nil, by: "anna", at: minute(1)) }
        let second = try store.ask(proposals[1], because: asks, at: minute(2))
        #expect(second.isNew)
        #expect(second.approval.id == 1)
        #expect(try store.approval(0)?.state == .superseded)
        // A no to the old machine's repair is none to the new one's.
        _ = try store.reject(1, by: "anna", because: "no", at: minute(3))
        #expect(try store.ask(proposals[0], because: asks, at: minute(4)).isNew)
    }

    @Test func `a changed rollback is a new approval, and the old one can no longer be approved`() throws {
        let shown = try store.ask(restart(), because: asks, at: minute(0)).approval
        let changed = try restart(undoing: [.reboot])
        let second = try store.ask(changed, because: asks, at: minute(1))
        #expect(second.isNew)
        #expect(second.approval.id == 1)
        #expect(try store.approval(0)?.state == .superseded)
        #expect(try store.approval(0)?.content == shown.content)
        let answer = try #require(try store.grant(0, content: nil, by: "anna", at: minute(2)))
        guard case .failure(let error) = answer else {
            Issue.record("the old content was approved")
            return
        }
        #expect(error.description.contains("see approval 1"))
        #expect(try store.approvals(open: true, at: minute(2)).map(\.id) == [1])
    }

    @Test func `another machine or another way to it is a new approval`() throws {
        func restart(on address: String, key: String) throws -> Proposal {
            let host = FleetHost(
                name: "web1", connection: .ssh(SSHEndpoint(address: address, user: "macha")), autonomy: .suggest)
            return try MachaStoreTests.restart().bound(
                to: MachineTarget(host, MachineIdentity(hostKey: key, machineID: nil)))
        }
        _ = try store.ask(restart(on: "192.0.2.1", key: "SHA256:a"), because: asks, at: minute(0))
        #expect(try !store.ask(restart(on: "192.0.2.1", key: "SHA256:a"), because: asks, at: minute(1)).isNew)
        #expect(try store.ask(restart(on: "192.0.2.2", key: "SHA256:a"), because: asks, at: minute(2)).approval.id == 1)
        #expect(try store.ask(restart(on: "192.0.2.2", key: "SHA256:b"), because: asks, at: minute(3)).approval.id == 2)
        #expect(try store.approvals(open: true, at: minute(4)).map(\.id) == [2])
    }

    @Test func `a granted approval does not survive a change of its proposal`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.grant(0, content: nil, by: "anna", at: minute(1))
        #expect(try store.ask(restart(undoing: [.reboot]), because: asks, at: minute(2)).approval.id == 1)
        let used = try #require(try store.use(0, at: minute(3)))
        #expect(throws: ApprovalError.self) { try used.get() }
    }

    @Test func `other steps of the same playbook for the same finding take the place of the old ones`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        let unit = try UnitName("web.service")
        let stops = try Proposal(
            host: "web1", playbook: "restart-failed-service", title: "Restart web.service",
            actions: [.stopUnit(unit), .startUnit(unit)],
            finding: Fingerprint(host: "web1", kind: "unit-failed", subject: "web.service"), requester: .macha,
            in: RiskContext())
        #expect(try store.ask(stops, because: asks, at: minute(1)).approval.id == 1)
        #expect(try store.approval(0)?.state == .superseded)
    }

    @Test func `each refresh with changed content is in the audit, and no other`() throws {
        func events() throws -> [String] {
            try store.audit().compactMap { $0.payload.firstMatch(of: /"event":"([a-z]+)"/).map { String($0.output.1) } }
        }
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.ask(restart(), because: asks, at: minute(1))
        #expect(try events() == ["asked"])
        _ = try store.ask(restart(evidence: ["worse"]), because: asks, at: minute(2))
        _ = try store.ask(restart(evidence: ["worse"]), because: asks, at: minute(3))
        #expect(try events() == ["asked", "refreshed"])
        let other = Decision(.ask, .restartLoop, "it was done 3 times")
        _ = try store.ask(restart(evidence: ["worse"]), because: other, at: minute(4))
        #expect(try events() == ["asked", "refreshed", "refreshed"])
        #expect(try store.approvals(open: true, at: minute(5)).map(\.id) == [0])
    }

    @Test func `a rejection is for one content only`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.reject(0, by: "anna", because: "no", at: minute(1))
        #expect(try !store.ask(restart(), because: asks, at: minute(2)).isNew)
        #expect(try store.ask(restart(undoing: [.reboot]), because: asks, at: minute(3)).isNew)
    }

    @Test func `a second decision is refused and names who made the first`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        let first = try #require(try store.grant(0, content: nil, by: "anna", at: minute(1)))
        #expect(try first.get().decidedBy == "anna")
        let second = try #require(try store.grant(0, content: nil, by: "bert", at: minute(2)))
        guard case .failure(let error) = second else {
            Issue.record("approved twice")
            return
        }
        #expect(error.description.contains("granted by anna"))
        #expect(try store.approval(0)?.decidedBy == "anna")
    }

    @Test func `an approval expires after a day, and a new one is requested`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        let late = try #require(try store.grant(0, content: nil, by: "anna", at: minute(day)))
        #expect(throws: ApprovalError.self) { try late.get() }
        #expect(try store.approval(0)?.state == .expired)
        #expect(try store.approvals(open: true, at: minute(day)).isEmpty)
        #expect(try store.ask(restart(), because: asks, at: minute(day + 1)).approval.id == 1)
    }

    @Test func `a granted approval that was not used in time cannot be used`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.grant(0, content: nil, by: "anna", at: minute(1))
        let used = try #require(try store.use(0, at: minute(day)))
        #expect(throws: ApprovalError.self) { try used.get() }
        #expect(try store.hostsWithOpenRuns().isEmpty)
    }

    @Test(
        arguments: [
            (1, ["web.service: failed"], false), (1, ["something else"], true),
            (8 * 1440, ["web.service: failed"], true),
        ] as [(Double, [String], Bool)])
    func `a rejected proposal is not asked again until its evidence changes or a week has passed`(
        later: Double, evidence: [String], isAsked: Bool
    ) throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.reject(0, by: "anna", because: "on purpose", at: minute(1))
        let again = try store.ask(restart(evidence: evidence), because: asks, at: minute(1 + later))
        #expect(again.isNew == isAsked)
        #expect(try store.approval(0)?.reason == "on purpose")
    }

    @Test func `an approval survives the end of the program`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        let before = try #require(try store.approval(0))
        let other = try Store.open(at: folder.database)
        #expect(try other.approval(0) == before)
        #expect(try other.grant(0, content: before.content, by: "anna", at: minute(1)) != nil)
        #expect(try store.approval(0)?.state == .granted)
    }

    @Test func `an approval is used once, together with the record of its run`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.grant(0, content: nil, by: "anna", at: minute(1))
        let used = try #require(try store.use(0, at: minute(2))).get()
        #expect(used.authorized.authority == .approval(id: 0, by: "anna"))
        #expect(try store.run(ofApproval: 0)?.id == used.run)
        let again = try #require(try store.use(0, at: minute(3)))
        #expect(throws: ApprovalError.self) { try again.get() }
        #expect(try store.hostsWithOpenRuns().count == 1)
    }

    @Test func `an approval whose problem is gone is withdrawn`() throws {
        let finding = Finding.unit(on: "web1", "web.service")
        try store.record(reached("web1", at: minute(0)), findings: [finding], now: minute(0))
        _ = try store.ask(restart(), because: asks, at: minute(0))
        #expect(try store.withdrawSolved(of: "web1", at: minute(1)).isEmpty)
        try store.record(reached("web1", at: minute(2)), findings: [], now: minute(2))
        #expect(try store.withdrawSolved(of: "web1", at: minute(3)) == [0])
        #expect(try store.approval(0)?.state == .superseded)
    }

    @Test func `the database itself refuses to decide twice, and to forget`() throws {
        _ = try store.ask(restart(), because: asks, at: minute(0))
        _ = try store.reject(0, by: "anna", because: "no", at: minute(1))
        let raw = try DatabaseQueue(path: folder.database)
        #expect(throws: DatabaseError.self) {
            try raw.write { try $0.execute(sql: "UPDATE approval SET state = 'granted' WHERE id = 0") }
        }
        #expect(throws: DatabaseError.self) { try raw.write { try $0.execute(sql: "DELETE FROM approval") } }
    }
}
