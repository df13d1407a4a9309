// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// One action of a proposal with everything an approver needs to know of it, fixed when it was proposed.
package struct ProposedStep: Hashable, Codable, Sendable {
    package let action: Action
    package let risk: RiskAssessment
    /// Every command line with its role (``ActionPlan/commands``), word by word, as the host will get it.
    package let commands: [Line]
    package let wayBack: String
    /// What has to be true afterwards; `nil` in what an earlier version stored, which did not keep it.
    package let proofs: [Check]?
    /// Other units that systemd would change; `nil` where there are none, or it is unknown.
    package let companions: [UnitName]?

    package struct Line: Hashable, Codable, Sendable {
        package let role: String
        package let words: [String]
    }

    /// Plans `action` for a host of which `context` is known.
    package init(_ action: Action, in context: RiskContext) throws(PlanRefusal) {
        let plan = try action.plan(in: context)
        self.action = action
        risk = action.risk(in: context)
        commands = plan.commands.map { Line(role: $0.role, words: $0.command.words) }
        wayBack = plan.wayBack.description
        proofs = plan.proofs + plan.keepProofs
        companions = action.movedUnits.isEmpty ? nil : action.companions(in: context)
    }
}

/// What a playbook or a person proposes to do on one host, and why.
package struct Proposal: Hashable, Codable, Sendable {
    package let host: String
    /// `nil` when a person named a single action.
    package let playbook: String?
    /// One line for a list.
    package let title: String
    /// What its playbook is for and why it is safe, in its author's words; may be empty.
    package let description: String
    package let steps: [ProposedStep]
    /// Checks of the playbook after its last step, beside those that belong to each action.
    package let verify: [Check]
    /// What the playbook does when a step or a check fails; run in this order.
    package let rollback: [ProposedStep]
    /// Questions whose answers an approver should see; ``Action/diagnose(_:)`` only.
    package let look: [Action]
    /// What was seen.
    package let evidence: [UntrustedText]
    /// The problem it answers; `nil` when a person asked.
    package let finding: Fingerprint?
    package let requester: Requester
    package let terms: Terms
    /// The machine it is for; `nil` for none yet, and then it is never carried out.
    package private(set) var target: MachineTarget?

    /// What the playbook itself says about when it may run. Every one of them can only make policy more cautious.
    package struct Terms: Hashable, Codable, Sendable {
        /// The lowest level that may run it without approval.
        package var autonomy: AutonomyLevel
        /// At least so risky, whatever its actions are.
        package var risk: Risk
        /// Seconds until the same action on the same target may run without approval again.
        package var cooldown: Int
        /// How often it may run without approval on one host in an hour; `nil` sets no limit of its own.
        package var perHour: Int?
        /// Names of protected units, or patterns, that it may propose and never run without approval: others are
        /// refused.
        package var protectedUnits: [String]
        /// It is meant for the host's quiet hours, so these do not speak against it.
        package var isForQuietHours: Bool

        package init(
            autonomy: AutonomyLevel = .observe, risk: Risk = .low, cooldown: Int = 600, perHour: Int? = nil,
            protectedUnits: [String] = [], isForQuietHours: Bool = false
        ) {
            self.autonomy = autonomy
            self.risk = risk
            self.cooldown = cooldown
            self.perHour = perHour
            self.protectedUnits = protectedUnits
            self.isForQuietHours = isForQuietHours
        }
    }

    /// A proposal for a host of which `context` is known.
    ///
    /// `claimedRisk` is what a model says of it; it can raise the risk, never lower it.
    ///
    /// - Throws: when an action is refused on this host, whoever the requester is.
    package init(
        host: String, playbook: String? = nil, title: String, description: String = "", actions: [Action],
        verify: [Check] = [], rollback: [Action] = [], look: [Action] = [], evidence: [UntrustedText] = [],
        finding: Fingerprint? = nil, requester: Requester,
        terms: Terms = Terms(), claimedRisk: Risk = .low, in context: RiskContext
    ) throws(PlanRefusal) {
        var steps: [ProposedStep] = []
        for action in actions { steps.append(try ProposedStep(action, in: context)) }
        var back: [ProposedStep] = []
        for action in rollback { back.append(try ProposedStep(action, in: context)) }
        var terms = terms
        terms.risk = max(terms.risk, claimedRisk)
        self.host = host
        self.playbook = playbook
        self.title = title.printable(limit: 200)
        self.description = description
        self.steps = steps
        self.verify = verify
        self.rollback = back
        self.look = look
        self.evidence = evidence
        self.finding = finding
        self.requester = requester
        self.terms = terms
    }

    /// The same for this very machine.
    package func bound(to target: MachineTarget) -> Proposal {
        var bound = self
        bound.target = target
        return bound
    }

    /// The same steps for the same machine, planned with what is known of the host now.
    ///
    /// - Throws: when an action is refused on this host, whoever the requester is.
    package func planned(in context: RiskContext) throws(PlanRefusal) -> Proposal {
        var planned = try Proposal(
            host: host, playbook: playbook, title: title, description: description, actions: steps.map(\.action),
            verify: verify, rollback: rollback.map(\.action), look: look, evidence: evidence, finding: finding,
            requester: requester, terms: terms, in: context)
        planned.target = target
        return planned
    }

    /// Every unit whose companions have to be known before it is decided about, each once.
    package var movedUnits: [UnitName] { Set((steps + rollback).flatMap(\.action.movedUnits)).sorted() }

    /// The highest of its steps and of those that undo them, and at least what its playbook or a model says.
    package var risk: Risk { (steps + rollback).map(\.risk.risk).reduce(terms.risk) { max($0, $1) } }

    /// Every reason for `risk`.
    package var riskReasons: [String] {
        let own =
            steps.filter { $0.risk.risk == risk }.flatMap(\.risk.reasons)
            + rollback.filter { $0.risk.risk == risk }.flatMap(\.risk.reasons).map { "if it fails: \($0)" }
        return own.isEmpty ? ["its playbook, or who proposed it, calls it \(terms.risk.rawValue)"] : own
    }

    /// What an approval binds to: host, machine and the way to it, actions, command lines, checks, way back and evidence. Who asked is not part of it.
    package var contentHash: ContentHash {
        ContentHash(
            of: CanonicalJSON.bytes(
                of: Content(
                    host: host, target: target, steps: steps, verify: verify, rollback: rollback, evidence: evidence)))
    }

    /// What makes it the same question, whatever the evidence's figures are today; texts for a person may quote them.
    package var question: String {
        let actions = steps.map { step in
            step.action.footprint == .controller ? step.action.kind.rawValue : "\(step.action)"
        }.joined(separator: "; ")
        return [host, playbook ?? "", finding?.description ?? "", actions].joined(separator: "\n")
    }

    private struct Content: Encodable {
        var host: String
        var target: MachineTarget?
        var steps: [ProposedStep]
        var verify: [Check]
        var rollback: [ProposedStep]
        var evidence: [UntrustedText]
    }
}
