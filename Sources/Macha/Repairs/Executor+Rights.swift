// SPDX-License-Identifier: MIT
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel

extension Executor {
    /// Why the account may not do what `proposal` needs root for; `nil` when it may, or when only trying can tell.
    ///
    /// Asked before an approval is used up and before anything is recorded as begun: a right that is missing is for a
    /// person to give, and then the same repair shall be possible at once.
    func missingRight(for proposal: Proposal, _ session: HostSession) async -> String? {
        let host = session.host
        let plans = proposal.steps.filter { $0.action.footprint == .changes }
            .compactMap { try? $0.action.plan(in: RiskContext(host: host)) }
        let planned = plans.flatMap { SudoRules.commands(of: $0) }
        do throws(ContactFailure) {
            for command in planned { _ = try command.command.withRoot(on: host) }
        } catch {
            return "\(error.message); \(error.remedy)".printable(limit: 400)
        }
        guard host.sudo, !planned.isEmpty else { return nil }
        let words = planned.map(\.command.words)
        guard let result = try? await session.look(SudoQuestion.command(words)) else { return nil }
        for (words, answer) in zip(words, SudoQuestion.answers(result, count: words.count)) {
            guard case .refused(let why) = answer else { continue }
            let line = words.joined(separator: " ").printable(limit: 120)
            return "\(why): \(line); nothing was sent. The rules it needs: macha hosts sudoers \(host.name)"
        }
        return nil
    }
}
