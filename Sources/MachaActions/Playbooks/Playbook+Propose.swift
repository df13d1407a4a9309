// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
package import MachaModel

/// Why a playbook makes no proposal for a host.
package struct PlaybookRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package var playbook: String
    package var host: String
    /// Starts lower case; safe to print.
    package var reason: String

    package var description: String { "\(playbook) on \(host): \(reason)" }
}

/// A host as playbooks see it.
package struct PlaybookTarget: Sendable {
    package var host: FleetHost
    package var facts: HostFacts
    /// Beside what the inventory says, what is known that changes risks.
    package var risk: RiskContext

    package init(host: FleetHost, facts: HostFacts = HostFacts(), risk: RiskContext? = nil) {
        self.host = host
        self.facts = facts
        self.risk = risk ?? RiskContext(host: host)
    }
}

extension Playbook {
    /// What this playbook would do on a host.
    ///
    /// - Parameters:
    ///   - target: the host
    ///   - findings: what it answers, the first one with its values; empty when a person asks for it
    ///   - given: values of parameters, by name; they win over every other source
    ///   - requester: who proposes it
    ///   - claimedRisk: what a model says of it; it can raise the risk, never lower it
    /// - Returns: the proposal with every value filled in, planned for the host.
    /// - Throws: when the host is not meant, a value is missing or no value of its kind, or an action is refused there.
    package func proposal(
        on target: PlaybookTarget, for findings: [Finding] = [], given: [String: String] = [:], requester: Requester,
        claimedRisk: Risk = .low
    ) throws(PlaybookRefusal) -> Proposal {
        let host = target.host
        if let objection = hosts.objection(to: host, target.facts) { throw refusal(host, objection) }
        if case .model = requester { try requireSources(target, findings.first, given) }
        let values = try values(target, findings.first, given)
        do throws(ParameterMistakes) {
            var terms = terms
            terms.risk = max(terms.risk, claimedRisk)
            let actions = try filled(steps, values)
            let undo = try filled(rollback, values)
            let look = try filled(evidence, values)
            var proofs: [Check] = []
            for check in verify { proofs.append(try check.check(values)) }
            // Where a finding led here and the author names no proof, its end is the proof of what was changed.
            if proofs.isEmpty, !findings.isEmpty, actions.contains(where: { $0.footprint == .changes }) {
                proofs = [.findingGone]
            }
            do throws(PlanRefusal) {
                return try Proposal(
                    host: host.name, playbook: id, title: title.expanded(values), description: description,
                    actions: actions, verify: proofs, rollback: undo, look: look,
                    evidence: findings.flatMap { [UntrustedText($0.summary)] + $0.lines },
                    finding: findings.first?.fingerprint, requester: requester, terms: terms, in: target.risk
                ).bound(to: MachineTarget(host, target.facts.machine))
            } catch {
                throw ParameterMistakes(ValueValidationError(error.description))
            }
        } catch {
            throw refusal(host, error.description)
        }
    }

    /// A model names a value that has a source of its own only as that source has it: what it read may have been written so
    /// that it names another unit than the one that is broken.
    private func requireSources(
        _ target: PlaybookTarget, _ finding: Finding?, _ given: [String: String]
    ) throws(PlaybookRefusal) {
        for parameter in parameters {
            guard parameter.source != nil, let claimed = given[parameter.name] else { continue }
            // What no source says is for the person to judge who is asked; a value that is no value says nothing.
            guard
                let own = try? parameter.sourced(finding: finding, host: target.host, facts: target.facts),
                claimed != own, parameter.kind != .unit || (try? UnitName(claimed))?.description != own
            else { continue }
            throw refusal(
                target.host, "parameter \(parameter.name.quoted) cannot be \(claimed.quoted): it is \(own.quoted) here")
        }
    }

    private func filled(_ steps: [StepTemplate], _ values: [String: String]) throws(ParameterMistakes) -> [Action] {
        var actions: [Action] = []
        for step in steps { actions.append(try step.action(values)) }
        return actions
    }

    private func values(
        _ target: PlaybookTarget, _ finding: Finding?, _ given: [String: String]
    ) throws(PlaybookRefusal) -> [String: String] {
        let known = parameters.map(\.name)
        if let stranger = given.keys.sorted().first(where: { !known.contains($0) }) {
            let hint = stranger.nearest(in: known).map { "; did you mean \($0.quoted)?" } ?? ""
            throw refusal(target.host, "there is no parameter \(stranger.quoted)\(hint)")
        }
        var values: [String: String] = [:]
        for parameter in parameters {
            do throws(ValueValidationError) {
                values[parameter.name] = try parameter.value(
                    given: given[parameter.name], finding: finding, host: target.host, facts: target.facts)
            } catch {
                throw refusal(target.host, error.description)
            }
        }
        values["host"] = target.host.name
        values["summary"] = finding?.summary.printable(limit: 300) ?? "requested by a person"
        return values
    }

    private func refusal(_ host: FleetHost, _ reason: String) -> PlaybookRefusal {
        PlaybookRefusal(playbook: id, host: host.name, reason: reason)
    }
}
