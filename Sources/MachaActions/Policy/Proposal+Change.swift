// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// What binds an approval to what was shown, and what has changed since.
extension Proposal {
    /// Whether a person who approved this would also have approved `other`: they differ in nothing but what was seen, which a
    /// text for a person may quote.
    package func differsOnlyInEvidence(from other: Proposal) -> Bool { other.bound == bound }

    /// Everything a person is shown and agrees to, but what was seen.
    private var bound: Bound {
        Bound(
            host: host, target: target, playbook: playbook ?? "", title: title, description: description,
            steps: steps.map(Bound.Step.init), verify: verify, rollback: rollback.map(Bound.Step.init), look: look,
            finding: finding, requester: requester, terms: terms)
    }

    private struct Bound: Hashable {
        struct Step: Hashable {
            var action: Action
            var risk: RiskAssessment
            var commands: [ProposedStep.Line]
            var wayBack: String
            var proofs: [Check]?
            var companions: [UnitName]?

            init(_ step: ProposedStep) {
                action = step.action.withoutProse
                risk = step.risk
                commands = step.commands
                wayBack = step.wayBack
                proofs = step.proofs
                companions = step.companions
            }
        }

        var host: String
        var target: MachineTarget?
        var playbook: String
        var title: String
        var description: String
        var steps: [Step]
        var verify: [Check]
        var rollback: [Step]
        var look: [Action]
        var finding: Fingerprint?
        var requester: Requester
        var terms: Terms
    }

    /// Whether it is unknown what else systemd would change with a unit, and was known for `earlier`.
    package func isLessKnown(than earlier: Proposal) -> Bool {
        zip(steps + rollback, earlier.steps + earlier.rollback).contains {
            $0.companions == nil && $1.companions != nil
        }
    }

    /// What of these actions is not as `earlier` had them; `nil` when every one is the same, at no greater risk.
    package func change(since earlier: Proposal) -> String? {
        let (now, before) = (steps + rollback, earlier.steps + earlier.rollback)
        guard now.map(\.action) == before.map(\.action) else { return "its actions have changed" }
        return zip(now, before).lazy.compactMap { $0.change(since: $1) }.first
    }
}

extension ProposedStep {
    fileprivate func change(since earlier: ProposedStep) -> String? {
        let what = "\(action.kind.rawValue) \(action.target)".printable(limit: 120)
        if risk.risk > earlier.risk.risk {
            return "the risk of \(what) is \(risk.risk.rawValue) now (\(risk.reasons.first ?? "unknown")), and was "
                + "\(earlier.risk.risk.rawValue) when it was decided"
        }
        // What moves along no more is no reason to ask again.
        let new = Set(companions ?? []).subtracting(earlier.companions ?? [])
        if let other = new.sorted().first {
            return "systemd would now also change \(other) with \(what), which was not known when it was decided"
        }
        if commands != earlier.commands || wayBack != earlier.wayBack {
            return "the commands of \(what) have changed since it was decided"
        }
        if proofs != earlier.proofs { return "the checks that verify \(what) have changed since it was decided" }
        return nil
    }
}
