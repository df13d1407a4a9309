// SPDX-License-Identifier: MIT
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore

/// How one action that changes the host is begun, sent, proved, and kept or taken back.
extension RunExecution {
    mutating func change(_ action: Action, _ plan: ActionPlan) async throws(StoreError) -> Failure? {
        var first: [Check: CommandResult] = [:]
        let checks = await runner.judge(plan.checks, first: &first)
        if let missed = checks.first(where: { !$0.holds }) {
            prove(checks)
            return Failure(
                state: .failed, note: "not begun: could not confirm that \(missed.check) (\(missed.verdict.seen))",
                isBegun: position > 0)
        }
        let before: [Check: CommandResult]
        let baseline: ActionBaseline
        do throws(ContactFailure) {
            // In the very session that acts: every command from here on is for the machine with this host key.
            let now = try await session.identify()
            guard machine.isProved(by: now) else {
                return Failure(
                    state: .failed, note: "not begun: \(session.host.name) is now \(now), but was \(machine)",
                    isBegun: position > 0)
            }
            before = try await runner.answers(to: plan.proofs + plan.keepProofs + proposal.verify)
            baseline = try await runner.baseline(of: action)
        } catch {
            return Failure(
                state: .failed, note: "not begun: \(error.message.printable(limit: 300))", isBegun: position > 0)
        }
        let record = ActionRecord(
            action, on: session.host.name, machine: machine, playbook: proposal.playbook, requester: proposal.requester,
            startedAt: executor.now())
        // Noted before it is sent, so that the boot that follows is no surprise to the next check.
        if action.trace == .boot { try executor.store.expectReboot(of: session.host.name, at: executor.now()) }
        let begun = try executor.store.begin(
            record, position: position, of: run, before: baseline,
            limits: action.isDisruptive ? executor.situation.limits(of: session.host) : [],
            detail: AuditEvent.StartDetail(proposal, authorized.authority, plan))
        switch begun {
        case .blocked(let why):
            return Failure(state: .failed, note: "not begun: \(why)", isBegun: position > 0)
        case .begun(let id):
            var ending =
                if let unwitnessed = unwitnessed() { unwitnessed } else {
                    await act(action, plan, before: before, baseline)
                }
            if let preview { ending.note += "; by its preview \(preview)" }
            report.steps[report.steps.count - 1].outcome = ending.outcome
            tell(ending.note)
            try executor.store.end(
                id, ending.outcome, detail: .step(report.steps[report.steps.count - 1]), at: executor.now())
            return ending.outcome == .verified ? nil : Failure(state: ending.state, note: ending.note)
        }
    }

    /// Writes the start beside the database too. A start that only the database knows is forgotten with its write-ahead log,
    /// or when an older copy is put back, and the action would be sent a second time.
    private func unwitnessed() -> StepResult? {
        do throws(StoreError) {
            try executor.exports.witness(executor.store)
            return nil
        } catch {
            return StepResult(.failed, "nothing was sent: the start cannot be recorded beside the database (\(error))")
        }
    }

    /// Sends the action and finds out what is true. The one place from which anything that changes a host is sent.
    private mutating func act(
        _ action: Action, _ plan: ActionPlan, before: [Check: CommandResult], _ baseline: ActionBaseline
    ) async -> StepResult {
        let looks = await runner.run(plan.look, as: "look")
        add(looks)
        if let last = looks.last, !last.isAccepted {
            return StepResult(.failed, "nothing was changed: \(Self.refusal(last))")
        }
        preview = Self.preview(looks, of: action, on: session.host)
        if !plan.arm.isEmpty {
            await runner.forgetDeadMan()
            if let refused = await send(plan.arm, "arm") {
                return StepResult(
                    .failed, "nothing was changed: the host's automatic rollback could not be armed: \(refused)")
            }
        }
        let outcomes = await runner.run(plan.act, as: "act")
        add(outcomes)
        if let last = outcomes.last, !last.isAccepted {
            if let ending = await unsure(last, action, plan, baseline) { return ending }
        }
        let proofs = await proofs(plan, before: before)
        prove(proofs)
        if let missed = proofs.first(where: { !$0.holds }) {
            return await takeBack(plan, "could not confirm that \(missed.check): \(missed.verdict.seen)")
        }
        return await keep(plan, before: before)
    }

    /// The weightiest of what the host says an activation would touch; `nil` where there is no such preview, or it says
    /// nothing.
    private static func preview(_ looks: [CommandOutcome], of action: Action, on host: FleetHost) -> String? {
        guard !looks.isEmpty else { return nil }
        let said = looks.map { look in
            String(decoding: look.output.standardOutput, as: UTF8.self) + "\n"
                + String(decoding: look.output.standardError, as: UTF8.self)
        }
        var context = RiskContext(host: host)
        let preview = ActivationPreview(said.joined(separator: "\n"))
        guard !preview.units.isEmpty || preview.restartsSystemd else { return nil }
        context.activation = preview
        return action.risk(in: context).reasons.first
    }

    /// What to make of a command that did not end well; `nil` when the proofs shall tell.
    private mutating func unsure(
        _ outcome: CommandOutcome, _ action: Action, _ plan: ActionPlan, _ baseline: ActionBaseline
    ) async -> StepResult? {
        switch outcome.ending {
        case .accepted: return nil
        case .refused(let why):
            let said = outcome.output.lastWords
            return await takeBack(plan, "\(outcome.words.first ?? "it") \(why)" + (said.isEmpty ? "" : ": \(said)"))
        case .notSent(let failure):
            return plan.arm.isEmpty
                ? StepResult(.failed, "not sent: \(failure.message.printable(limit: 300))")
                : await takeBack(plan, "not sent: \(failure.message.printable(limit: 300))")
        case .lost(let failure):
            if plan.needsNewConnection { return nil }
            // The host itself knows whether it happened: a unit that was started has a new invocation.
            if let happened = await runner.happened(since: baseline, action), happened { return nil }
            return StepResult(
                .interrupted,
                "the connection was lost while it ran, and nothing on the host shows that it happened "
                    + "(\(failure.message.printable(limit: 200))); it is not retried")
        }
    }

    private mutating func proofs(_ plan: ActionPlan, before: [Check: CommandResult]) async -> [CheckOutcome] {
        if plan.proofs.contains(.rebooted) {
            return await runner.wait(
                for: plan.proofs, within: .seconds(plan.looksAfter.last ?? 600), before: before)
        }
        // Longer than the dead man waits, nobody has to: the host is back by then, or it needs a person.
        let patience = plan.arm.isEmpty ? 30 : DeadMan.span - 60
        return await runner.prove(
            plan.proofs, at: looks(plan.looksAfter), before: before, patience: .seconds(patience),
            anew: plan.needsNewConnection)
    }

    private mutating func keep(_ plan: ActionPlan, before: [Check: CommandResult]) async -> StepResult {
        if let refused = await send(plan.disarm, "disarm") {
            return await takeBack(plan, "the host's automatic rollback could not be disarmed: \(refused)")
        }
        if let refused = await send(plan.keep, "keep") {
            return StepResult(
                .failed,
                "it works, but could not be made permanent: \(refused); a reboot returns to the previous system")
        }
        var first: [Check: CommandResult] = [:]
        let kept = await runner.judge(plan.keepProofs, before: before, first: &first)
        prove(kept)
        if let missed = kept.first(where: { !$0.holds }) {
            return StepResult(.failed, "it works, but could not confirm that \(missed.check): \(missed.verdict.seen)")
        }
        return StepResult(.verified, summary)
    }

    /// Takes the way back that runs by itself, and says how the host is then.
    private mutating func takeBack(_ plan: ActionPlan, _ why: String) async -> StepResult {
        switch plan.wayBack {
        case .notNeeded: return StepResult(.failed, why)
        case .none(let text): return StepResult(.failed, "\(why); it cannot be undone: \(text)")
        case .deadMan:
            let verdict = await runner.returned(within: .seconds(DeadMan.span + 60))
            guard verdict.holds else {
                return StepResult(
                    .failed,
                    "\(why); the host has not rolled back by itself within \(DeadMan.span + 60) s: \(verdict.seen)")
            }
            await runner.forgetDeadMan()
            return StepResult(.rolledBack, "\(why); the host has rolled back to its previous system by itself")
        case .commands(let commands, let text):
            // Stopping what could not be started would only take more away: that is for a person to say.
            guard plan.undoesByItself else { return StepResult(.failed, "\(why); it was left as it is: \(text)") }
            let refused = await send(commands, "undo")
            return refused.map { StepResult(.failed, "\(why); undoing it failed: \($0)") }
                ?? StepResult(.rolledBack, "\(why); undone: \(text)")
        }
    }
}

extension ActionPlan {
    /// Its commands give back what the action took, so they may run without asking once more.
    fileprivate var undoesByItself: Bool {
        // A start or restart that failed is undone by a stop, which helps nobody who needs the unit.
        !proofs.contains { $0.kind == .unitActive }
    }
}
