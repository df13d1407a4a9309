// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel
import Testing

@Suite struct ApprovalTests {
    private let now = Date(timeIntervalSince1970: 1_790_000_000)
    private let asked = Decision(.ask, .level, "suggest asks")

    private func proposal(
        host: String = "web", unit: String = "demo.service", evidence: String = "it failed",
        requester: Requester = .macha
    ) throws -> Proposal {
        try Proposal(
            host: host, playbook: "restart-failed-service", title: "Restart", actions: [.restartUnit(UnitName(unit))],
            evidence: [UntrustedText(evidence)], requester: requester, in: RiskContext())
    }

    private func approval(_ change: (inout Approval) throws -> Void = { _ in }) throws -> Approval {
        var approval = Approval(id: 0, asking: try proposal(), because: asked, at: now)
        try change(&approval)
        return approval
    }

    @Test func `the hash binds host, action, command lines and evidence, and nothing else`() throws {
        let hash = try proposal().contentHash
        #expect(try proposal().contentHash == hash)
        #expect(try proposal(requester: .person("anna")).contentHash == hash)
        #expect(try proposal(host: "db").contentHash != hash)
        #expect(try proposal(unit: "demo2.service").contentHash != hash)
        #expect(try proposal(evidence: "it failed twice").contentHash != hash)
        #expect(try proposal(evidence: "it failed twice").question == proposal().question)
    }

    @Test func `a granted approval can be used once`() throws {
        var approval = try approval()
        try approval.grant(by: "anna", content: approval.content, at: now)
        let action = try approval.authorize(at: now)
        #expect(action.authority == .approval(id: 0, by: "anna"))
        #expect(action.content == approval.content)
        #expect(approval.state == .used)
        #expect(throws: ApprovalError.self) { try approval.authorize(at: now) }
        #expect(throws: ApprovalError.self) { try approval.grant(by: "anna", content: approval.content, at: now) }
    }

    @Test func `a second approve is refused, and so is one of what has changed or expired`() throws {
        var twice = try approval()
        try twice.grant(by: "anna", content: twice.content, at: now)
        #expect(throws: ApprovalError.self) { try twice.grant(by: "bert", content: twice.content, at: now) }
        #expect(twice.decidedBy == "anna")

        var changed = try approval()
        let shown = changed.content
        try changed.see(try proposal(evidence: "it failed twice"), because: asked, at: now)
        #expect(throws: ApprovalError.self) { try changed.grant(by: "anna", content: shown, at: now) }
        #expect(changed.state == .waiting)

        var late = try approval()
        let end = now.addingTimeInterval(86_400)
        #expect(throws: ApprovalError.self) { try late.grant(by: "anna", content: late.content, at: end) }
        #expect(late.state(at: end) == .expired)
        try late.grant(by: "anna", content: late.content, at: end.addingTimeInterval(-1))
        #expect(throws: ApprovalError.self) { try late.authorize(at: end) }
    }

    @Test(arguments: [Approval.State.waiting, .rejected, .superseded])
    func `an approval that was not granted authorizes nothing`(state: Approval.State) throws {
        var approval = try approval()
        if state == .rejected { try approval.reject(by: "anna", because: "no\u{1b}[2J", at: now) }
        if state == .superseded { try approval.supersede(because: "it is gone", at: now) }
        #expect(approval.state == state)
        #expect(!approval.reason.contains("\u{1b}"))
        #expect(throws: ApprovalError.self) { try approval.authorize(at: now) }
    }

    @Test func `a repeated proposal shows its newest evidence and restarts its expiry`() throws {
        var approval = try approval()
        let later = now.addingTimeInterval(3600)
        try approval.see(try proposal(evidence: "newer"), because: asked, at: later)
        #expect(approval.proposal.evidence == ["newer"])
        #expect(approval.expiresAt == later.addingTimeInterval(86_400))
        #expect(approval.requestedAt == now)
    }

    @Test func `a different proposal needs an approval of its own`() throws {
        var approval = try approval()
        let shown = approval
        for other in [try proposal(unit: "demo2.service"), try proposal(requester: .model("m"))] {
            #expect(throws: ApprovalError.self) { try approval.see(other, because: asked, at: now) }
        }
        let undone = try Proposal(
            host: "web", playbook: "restart-failed-service", title: "Restart",
            actions: [.restartUnit(UnitName("demo.service"))], rollback: [.reboot], evidence: ["it failed"],
            requester: .macha, in: RiskContext())
        #expect(throws: ApprovalError.self) { try approval.see(undone, because: asked, at: now) }
        let proved = try Proposal(
            host: "web", playbook: "restart-failed-service", title: "Restart",
            actions: [.restartUnit(UnitName("demo.service"))], verify: [.findingGone], evidence: ["it failed"],
            requester: .macha, in: RiskContext())
        #expect(throws: ApprovalError.self) { try approval.see(proved, because: asked, at: now) }
        #expect(approval == shown)
    }

    @Test func `an approval of an earlier version, without proofs, is read and keeps its hash`() throws {
        let approval = try approval()
        let text = try #require(String(data: CanonicalJSON.encoder.encode(approval), encoding: .utf8))
        let proofs = try #require(text.firstMatch(of: /"proofs":\[.*?\],/)).output
        let old = try CanonicalJSON.decoder.decode(Approval.self, from: Data(text.replacing(proofs, with: "").utf8))
        #expect(old.proposal.steps.map(\.proofs) == [nil])
        #expect(old.proposal.change(since: old.proposal) == nil)
        #expect(approval.proposal.change(since: old.proposal) != nil)
    }

    @Test func `an approval survives storing`() throws {
        let approval = try approval { try $0.grant(by: "anna", content: $0.content, at: now) }
        let data = try CanonicalJSON.encoder.encode(approval)
        var restored = try CanonicalJSON.decoder.decode(Approval.self, from: data)
        #expect(restored == approval)
        #expect(try restored.authorize(at: now).content == approval.content)
    }

    @Test func `a tampered approval authorizes nothing`() throws {
        let approval = try approval { try $0.grant(by: "anna", content: $0.content, at: now) }
        let text = try #require(String(data: CanonicalJSON.encoder.encode(approval), encoding: .utf8))
        let altered = text.replacing("demo.service", with: "other.service")
        var restored = try CanonicalJSON.decoder.decode(Approval.self, from: Data(altered.utf8))
        #expect(throws: ApprovalError.self) { try restored.authorize(at: now) }
    }
}
