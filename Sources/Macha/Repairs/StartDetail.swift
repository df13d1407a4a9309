// SPDX-License-Identifier: MIT
import MachaActions
import MachaInventory
import MachaModel

/// What the audit keeps of an action's beginning.
struct StartDetail: Encodable {
    struct Line: Encodable {
        var role: String
        var words: [String]
    }

    var title: String
    var content: ContentHash
    var target: MachineTarget?
    var risk: Risk
    var authority: AuthorizedAction.Authority
    var requester: Requester
    var finding: Fingerprint?
    var evidence: [UntrustedText]
    var commands: [Line]
    var wayBack: String

    init(_ proposal: Proposal, _ authority: AuthorizedAction.Authority, _ plan: ActionPlan) {
        title = proposal.title
        content = proposal.contentHash
        target = proposal.target
        risk = proposal.risk
        self.authority = authority
        requester = proposal.requester
        finding = proposal.finding
        evidence = proposal.evidence.prefix(5).map { KeptOutput.text($0.raw.utf8.prefix(500)) }
        commands = plan.commands.map { Line(role: $0.role, words: $0.command.words) }
        wayBack = plan.wayBack.description
    }
}
