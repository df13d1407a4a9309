// SPDX-License-Identifier: MIT

/// What may be done without asking, what has to be asked, and what is not done. Pure: same input, same answer.
///
/// Every rule is asked and the most cautious answer counts; of equally cautious ones the first rule, in the order of
/// ``PolicyRule``, is named. No rule can make another one less cautious.
package enum Policy {
    /// The most cautious decision about any step of `proposal`.
    package static func decide(_ proposal: Proposal, in context: PolicyContext) -> Decision {
        decisions(proposal, in: context).reduce(nil) { worst, next in worst.map { $0.or(next) } ?? next }
            ?? Decision(.refuse, .impossible, "the proposal holds no step")
    }

    /// One decision for each step, in their order. The steps of the way back are not asked: who allowed the steps
    /// allowed to undo them.
    package static func decisions(_ proposal: Proposal, in context: PolicyContext) -> [Decision] {
        proposal.steps.map { step in
            decide(
                step.action, risk: max(step.risk.risk, proposal.terms.risk), requester: proposal.requester,
                playbook: proposal.playbook, terms: proposal.terms, in: context)
        }
    }

    /// Decides about one action whose risk on this host has been computed.
    package static func decide(
        _ action: Action, risk: Risk, requester: Requester, playbook: String? = nil,
        terms: Proposal.Terms = Proposal.Terms(), in context: PolicyContext
    ) -> Decision {
        let question = Question(
            action: action, risk: risk, requester: requester, playbook: playbook, terms: terms, context: context)
        return question.answers.reduce(question.table) { $1.or($0) }
    }

    /// DESIGN's table: what a level allows at a risk, for an action that changes the host.
    static func outcome(_ level: AutonomyLevel, _ risk: Risk) -> Decision.Outcome {
        switch (level, risk) {
        case (.observe, _): .refuse
        case (.suggest, _): .ask
        case (.autoSafe, .low), (.autoFull, .low), (.autoFull, .medium): .run
        case (.autoSafe, .medium), (.autoSafe, .high), (.autoFull, .high): .ask
        }
    }
}

/// One action on one host, before all rules.
struct Question {
    let action: Action
    let risk: Risk
    let requester: Requester
    let playbook: String?
    let terms: Proposal.Terms
    let context: PolicyContext

    var isAutomatic: Bool { requester.isAutomatic }

    /// The answers of the rules above the table that have something to say, the last rule first.
    var answers: [Decision] {
        let rules: [Decision?] =
            switch action.footprint {
            case .controller: []
            case .reads: [untrustedHost, unknownState]
            case .changes:
                [
                    impossible, protectedUnit, protectedHost, untrustedHost, unknownState, interrupted, cooldown,
                    restartLoop, hostRate, fleetRate, maxUnavailable, hostBusy, quietHours, paused, playbookAutonomy,
                ]
            }
        return rules.compactMap { $0 }.reversed()
    }

    /// What the level says of the risk.
    var table: Decision {
        let level = context.host.autonomy
        switch action.footprint {
        case .controller: return Decision(.run, .readOnly, "nothing is sent to the host")
        case .reads: return Decision(.run, .readOnly, "it only looks, at every level")
        case .changes:
            switch Policy.outcome(level, risk) {
            case .run: return Decision(.run, .level, "\(level.rawValue) allows actions of \(risk.rawValue) risk")
            case .ask: return Decision(.ask, .level, "\(level.rawValue) asks before actions of \(risk.rawValue) risk")
            case .refuse:
                return Decision(.refuse, .level, "the host is set to \(level.rawValue), so nothing is changed")
            }
        }
    }
}
