// SPDX-License-Identifier: MIT
import MachaFindings
import Foundation
import MachaActions
import MachaInventory
import MachaModel
import MachaStore
import Testing

/// A restart of `unit` on `host`, as a playbook would propose it.
func restart(
    _ unit: String = "web.service", on host: String = "web1", evidence: [String] = ["web.service: failed"],
    undoing rollback: [Action] = [], by requester: Requester = .macha
) throws -> Proposal {
    try Proposal(
        host: host, playbook: "restart-failed-service", title: "Restart \(unit)",
        actions: [.restartUnit(try UnitName(unit))], rollback: rollback, evidence: evidence.map { UntrustedText($0) },
        finding: Fingerprint(host: host, kind: "unit-failed", subject: unit), requester: requester,
        in: RiskContext())
}

let asks = Decision(.ask, .level, "suggest asks before actions of low risk")

/// What policy makes of `proposal` on a host that may do it by itself.
func authorized(_ proposal: Proposal, at now: Date) throws -> AuthorizedAction {
    let host = FleetHost(
        name: proposal.host, connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "macha")), autonomy: .autoSafe)
    let context = PolicyContext(now: now, host: host, standing: .known, maintenance: .off)
    guard case .run(let action) = Policy.authorize(proposal, in: context) else {
        throw CancellationError()
    }
    return action
}

extension AskOutcome {
    var approval: Approval {
        switch self {
        case .asked(let approval), .seenAgain(let approval), .rejected(let approval), .granted(let approval): approval
        }
    }

    var isNew: Bool {
        if case .asked = self { true } else { false }
    }
}

extension AuditEvent {
    static func command(_ words: UntrustedText) -> AuditEvent {
        .exec(Execution(words: words, asRoot: false, hosts: ["web1"], by: "anna"))
    }

    static func withheld(_ title: String) -> AuditEvent { .skipped(Withheld(title: title, why: "test")) }
}

extension AuditEvent.StartDetail {
    static func sample() throws -> AuditEvent.StartDetail {
        AuditEvent.StartDetail(
            try restart(), .approval(id: 0, by: "anna"), evidence: [], commands: [Line(role: "act", words: ["true"])],
            wayBack: "none")
    }
}
