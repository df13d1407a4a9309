// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel

extension AuditEvent.StartDetail {
    init(_ proposal: Proposal, _ authority: AuthorizedAction.Authority, _ plan: ActionPlan) {
        self.init(
            proposal, authority,
            evidence: proposal.evidence.prefix(5).map { OutputExcerpt.text($0.raw.utf8.prefix(500)) },
            commands: plan.commands.map { Line(role: $0.role, words: $0.command.words) },
            wayBack: plan.wayBack.description)
    }
}
