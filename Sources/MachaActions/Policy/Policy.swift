// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// What may be done without asking, what has to be asked, and what is not done. Pure: same input, same answer.
///
/// Every rule is asked and the most cautious answer counts; of equally cautious ones the first rule, in the order of
/// ``PolicyRule``, is named. No rule can make another one less cautious.
package enum Policy {
    /// The most cautious decision about anything that `proposal` may run: its steps, and what undoes them.
    package static func decide(_ proposal: Proposal, in context: PolicyContext) -> Decision {
        decide(proposal, as: proposal.requester, in: context)
    }

    /// As ``decide(_:in:)``, for `requester`: a person who approves what another requester proposed.
    package static func decide(
        _ proposal: Proposal, as requester: Requester, in context: PolicyContext
    ) -> Decision {
        guard !proposal.steps.isEmpty else { return Decision(.refuse, .impossible, "the proposal has no steps") }
        let worst = decisions(proposal, as: requester, in: context).reduce(nil as Decision?) { worst, next in
            worst.map { $0.or(next) } ?? next
        }
        // A single diagnosis that a model asks for is only read; a whole playbook of its choice is for a person to start.
        let model = Question.fromModel(requester)
        return worst.map { decision in model.map { decision.or($0) } ?? decision }
            ?? Decision(.refuse, .impossible, "the proposal has no steps")
    }

    /// One decision for each step, then one for each step of the way back, in their order.
    package static func decisions(_ proposal: Proposal, in context: PolicyContext) -> [Decision] {
        decisions(proposal, as: proposal.requester, in: context)
    }

    private static func decisions(
        _ proposal: Proposal, as requester: Requester, in context: PolicyContext
    ) -> [Decision] {
        func decision(_ step: ProposedStep, isWayBack: Bool) -> Decision {
            Question(
                action: step.action, risk: max(step.risk.risk, proposal.terms.risk),
                companions: step.companions ?? [], requester: requester, playbook: proposal.playbook,
                terms: proposal.terms, context: context, isWayBack: isWayBack
            ).decision
        }
        return proposal.steps.map { decision($0, isWayBack: false) }
            + proposal.rollback.map { decision($0, isWayBack: true) }
    }

    /// Decides about one action whose risk on this host has been computed. Units that move along with it are for
    /// ``decide(_:in:)``: a step of a proposal knows them.
    package static func decide(
        _ action: Action, risk: Risk, requester: Requester, playbook: String? = nil,
        terms: Proposal.Terms = Proposal.Terms(), in context: PolicyContext
    ) -> Decision {
        Question(
            action: action, risk: risk, companions: [], requester: requester, playbook: playbook, terms: terms,
            context: context,
            isWayBack: false
        ).decision
    }

    /// The lowest level, from `floor` on, at which a change of this risk runs unasked; `nil` when a person is always asked.
    package static func lowestLevel(running risk: Risk, from floor: AutonomyLevel) -> AutonomyLevel? {
        AutonomyLevel.allCases.sorted().first { $0 >= floor && outcome($0, risk) == .run }
    }

    /// The table: what a level allows at a risk, for an action that changes the host.
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
    /// Units that systemd would move along with it.
    let companions: [UnitName]
    let requester: Requester
    let playbook: String?
    let terms: Proposal.Terms
    let context: PolicyContext
    /// It would undo what the steps before it did. Whatever keeps a change from beginning (a pause, a cooldown, a rate)
    /// must not keep one that has begun from being undone; every other rule holds for it too.
    let isWayBack: Bool

    var isAutomatic: Bool { requester.isAutomatic }

    var decision: Decision { answers.reduce(table) { $1.or($0) } }

    /// The answers of the rules above the table that have something to say, the last rule first.
    var answers: [Decision] {
        let rules: [Decision?] =
            switch action.footprint {
            case .controller: []
            case .reads: [untrustedHost, unknownState]
            case .changes:
                [impossible, protectedUnit, protectedHost, untrustedHost, unknownState]
                    + (isWayBack
                        ? [] : [interrupted, cooldown, restartLoop, hostRate, fleetRate, maxUnavailable, hostBusy])
                    + [quietHours] + (isWayBack ? [] : [paused, maintenance]) + [
                        playbookAutonomy, Self.fromModel(requester),
                    ]
            }
        return rules.compactMap { $0 }.reversed()
    }

    /// What the level says of the risk.
    var table: Decision {
        let level = context.host.autonomy
        switch action.footprint {
        case .controller: return Decision(.run, .readOnly, "nothing is sent to the host")
        case .reads: return Decision(.run, .readOnly, "read-only actions run at every level")
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
