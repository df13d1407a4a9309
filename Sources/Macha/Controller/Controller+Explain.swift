// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFleet
package import MachaInventory
package import MachaModel
import MachaProbes
import MachaStore
package import struct Foundation.Date

extension Controller {
    /// What policy would say of one action on one host.
    package struct ExplainedDecision: Sendable, Encodable {
        package var host: String
        package var action: String
        package var risk: Risk
        package var reasons: [String]
        package var outcome: Decision.Outcome
        package var rule: PolicyRule
        package var sentence: String
        /// When the host was observed last; `nil` for never.
        package var seenAt: Date?
    }

    /// Says of each of `hosts` whether `action` would run now, by the very rule that decides about repairs: as if a person
    /// asked for it (`asPerson`) or Macha itself, and by the risk, cooldown and limits of `playbook` or, with `nil`, of the
    /// action.
    package func explain(
        _ action: Action, on hosts: [FleetHost], asPerson: Bool, playbook: String?
    ) async throws(ControllerError) -> [ExplainedDecision] {
        let terms = try playbook.map { (id) throws(ControllerError) in try environment.playbook(id).terms }
        let question = PolicyQuestion(
            action: action, requester: asPerson ? .person(CurrentUser.name()) : .macha, playbook: playbook,
            terms: terms ?? Proposal.Terms())
        var decisions: [ExplainedDecision] = []
        for host in hosts { decisions.append(try await explain(question, on: host)) }
        await environment.close()
        return decisions
    }

    private func explain(
        _ question: PolicyQuestion, on host: FleetHost
    ) async throws(ControllerError) -> ExplainedDecision {
        let store = try environment.store()
        let situation = PolicyContextLoader(try environment.inventory(), store: store)
        let now = environment.now()
        let last = try storing { () throws(StoreError) in try store.latest(hosts: [host.name]).first?.snapshot }
        var context = try storing { () throws(StoreError) in try situation.context(for: host, last, at: now) }
        // A repair observes the host first. That observation does not exist yet, so the last one is used.
        context.standing = HostStanding(last: last)
        // As a repair does: what moves along is the host's to say, unless it is refused whatever that is.
        var risk = RiskContext(host: host)
        let isRefused = try question.decision(risk, context).1.outcome == .refuse
        if !question.action.movedUnits.isEmpty, !isRefused {
            let connector = environment.connector
            let session = HostSession(host) { host throws(ContactFailure) in try connector.transport(to: host) }
            risk = RiskContext(host: host, companions: await session.companions(of: question.action.movedUnits))
            await session.close()
        }
        let (proposal, decision) = try question.decision(risk, context)
        return ExplainedDecision(
            host: host.name, action: "\(question.action)", risk: proposal.risk, reasons: proposal.riskReasons,
            outcome: decision.outcome, rule: decision.rule, sentence: decision.sentence, seenAt: last?.takenAt)
    }
}

/// One action that somebody asks policy about.
private struct PolicyQuestion {
    var action: Action
    var requester: Requester
    var playbook: String?
    var terms: Proposal.Terms

    func decision(
        _ risk: RiskContext, _ context: PolicyContext
    ) throws(ControllerError) -> (Proposal, Decision) {
        do throws(PlanRefusal) {
            let proposal = try Proposal(
                host: context.host.name, playbook: playbook, title: "\(action)", actions: [action],
                requester: requester, terms: terms, in: risk)
            return (proposal, Policy.decide(proposal, in: context))
        } catch {
            throw ControllerError(.hosts, "\(context.host.name): \(error)")
        }
    }
}
