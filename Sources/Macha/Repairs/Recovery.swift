// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFleet
package import MachaInventory
package import MachaStore

/// Finds what a controller that is gone had begun, asks the hosts what became of it, and writes that down.
///
/// Nothing is run again. A run is left by its controller when nobody holds its host's lock any more.
package struct Recovery: Sendable {
    /// What was found of one run.
    package struct Note: Sendable, Encodable {
        package var run: Int64
        package var host: String
        package var title: String
        /// `authorised` or `started` when it is still under way.
        package var state: RunState
        /// One line, safe to print.
        package var note: String
    }

    private let executor: Executor
    private let inventory: Inventory

    package init(_ executor: Executor, _ inventory: Inventory) {
        self.executor = executor
        self.inventory = inventory
    }

    /// Settles what was left on `hosts`, several at a time. A host that does not answer takes the time of its questions and
    /// holds up none of the others.
    package func run(on hosts: Set<String>) async throws(StoreError) -> [Note] {
        let left = try executor.store.hostsWithOpenRuns().intersection(hosts).sorted()
        var notes: [Note] = []
        var failure: StoreError?
        await FanOut.run(left, width: 8) { host in
            await settle(host)
        } receive: { result in
            switch result {
            case .success(let settled): notes += settled
            case .failure(let error): failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return notes.sorted { $0.run < $1.run }
    }

    /// Settles what was left on hosts that the inventory does not know any more. Contacts no host.
    package func closeForsaken() async throws(StoreError) -> [Note] {
        try await run(on: try executor.store.hostsWithOpenRuns().filter { inventory[$0] == nil })
    }

    private func settle(_ host: String) async -> Result<[Note], StoreError> {
        do throws(StoreError) {
            return .success(try await settleRuns(of: host))
        } catch {
            return .failure(error)
        }
    }

    private func settleRuns(of host: String) async throws(StoreError) -> [Note] {
        var notes: [Note] = []
        for run in try executor.store.openRuns(of: host) {
            guard let lock = try HostLock.take(run.host, in: executor.folder) else { continue }
            defer { withExtendedLifetime(lock) {} }
            // Its controller may have ended it between the listing and the lock.
            guard let run = try executor.store.run(run.id), [.authorised, .started].contains(run.state) else {
                continue
            }
            notes.append(try await settle(run))
        }
        return notes
    }

    private func settle(_ run: StoredRun) async throws(StoreError) -> Note {
        guard run.state == .started else {
            return try close(run, .skipped, "the controller ended before anything was sent")
        }
        let actions = try executor.store.actions(of: run.id)
        guard let running = actions.first(where: { $0.record.outcome == .running }) else {
            return try close(run, after: actions)
        }
        guard let host = inventory[run.host] else {
            return try await end(
                run, running, StepResult(.interrupted, "the host is not in the inventory, so it cannot be checked"))
        }
        let session = HostSession(host, connect: executor.connect)
        if let stranger = await MachineCheck.stranger(to: run.proposal, over: session) {
            await session.close()
            return try await end(run, running, StepResult(.interrupted, stranger))
        }
        let ending = await look(run, running, session)
        await session.close()
        guard let ending else {
            return Note(
                run: run.id, host: run.host, title: run.proposal.title, state: .started,
                note: "still running on the host, or about to be rolled back by it; the next check looks again")
        }
        return try await end(run, running, ending)
    }

    private func end(_ run: StoredRun, _ action: StoredAction, _ ending: StepResult) async throws(StoreError) -> Note {
        try executor.store.end(
            action.id, ending.outcome, detail: .recovery(found: ending.note), at: executor.now())
        guard ending.outcome == .verified else { return try close(run, ending.state, ending.note) }
        return try close(run, after: try executor.store.actions(of: run.id))
    }

    /// The end of a run whose actions have all ended.
    private func close(_ run: StoredRun, after actions: [StoredAction]) throws(StoreError) -> Note {
        if let bad = actions.last(where: { $0.record.outcome != .verified }) {
            let state = StepResult(bad.record.outcome, "").state
            return try close(
                run, state, "\(bad.record.kind.rawValue) \(bad.record.target): \(bad.record.outcome.rawValue)")
        }
        let begun = Set(actions.map(\.position))
        let missing = run.proposal.steps.indices.filter { index in
            run.proposal.steps[index].action.footprint == .changes && !begun.contains(index)
        }
        guard missing.isEmpty, run.proposal.verify.isEmpty else {
            let rest = missing.map { run.proposal.steps[$0].action.kind.rawValue }.joined(separator: ", ")
            let what = rest.isEmpty ? "its last checks were not made" : "\(rest) was not begun"
            return try close(run, .interrupted, "what was begun is verified; \(what)")
        }
        return try close(run, .verified, "the controller ended meanwhile; the host shows that it is done")
    }

    private func close(_ run: StoredRun, _ state: RunState, _ note: String) throws(StoreError) -> Note {
        try executor.store.close(run.id, state, note: note, at: executor.now())
        return Note(run: run.id, host: run.host, title: run.proposal.title, state: state, note: note)
    }

    // MARK: What the host says

    /// How the action ended; `nil` when it has not.
    private func look(_ run: StoredRun, _ action: StoredAction, _ session: HostSession) async -> StepResult? {
        let all = run.proposal.steps + run.proposal.rollback
        guard all.indices.contains(action.position),
            let plan = try? all[action.position].action.plan(in: RiskContext(host: session.host))
        else { return StepResult(.interrupted, "its details are no longer known") }
        let step = all[action.position].action
        let runner = PlanRunner(session, waiting: executor.waiting) { .unknown("not checked") }
        if (plan.act + plan.look).contains(where: \.isDetached) {
            return await detached(step, plan, action, runner)
        }
        switch await runner.happened(since: action.before, step) {
        case true?: return await proved(plan, runner, "it happened on the host")
        case false?:
            return StepResult(
                .interrupted, "the host does not show that it happened; it is not retried without approval")
        case nil:
            return StepResult(.interrupted, "it is unknown whether it happened; a person has to check")
        }
    }

    private func detached(
        _ action: Action, _ plan: ActionPlan, _ stored: StoredAction, _ runner: PlanRunner
    ) async -> StepResult? {
        guard let state = await runner.detachedState() else {
            return StepResult(.interrupted, "the host cannot be asked for the outcome; a person has to check")
        }
        if case .running = state { return nil }
        if !plan.arm.isEmpty {
            guard let armed = await runner.isArmed() else {
                return StepResult(.interrupted, "the host cannot be asked for the outcome; a person has to check")
            }
            if armed { return nil }
            return await returned(stored, runner)
        }
        guard case .ended(_, let status, let result) = state else {
            return StepResult(
                .interrupted, "the host has no record of it: it was never started there, or the host has rebooted")
        }
        let accepted = plan.act.contains { planned in status.map { planned.accepted.contains($0) } ?? false }
        guard accepted else {
            return StepResult(.failed, "it ended on the host with \(status.map { "status \($0)" } ?? result)")
        }
        return await proved(plan, runner, "it succeeded on the host")
    }

    /// A change of the system whose dead man waits no more: either it was kept, or the host has gone back.
    private func returned(_ stored: StoredAction, _ runner: PlanRunner) async -> StepResult {
        guard let now = try? await runner.system() else {
            return StepResult(.interrupted, "the host cannot be asked which system runs; a person has to check")
        }
        if now.running == stored.before.system {
            return StepResult(.rolledBack, "the host runs its previous system")
        }
        return now.running == now.profile
            ? StepResult(.verified, "the new system runs and is the profile's")
            : StepResult(.interrupted, "the running system is not the profile's, until the next reboot")
    }

    private func proved(_ plan: ActionPlan, _ runner: PlanRunner, _ what: String) async -> StepResult {
        let proofs = plan.proofs.filter(\.needsOneAnswer)
        let outcomes = await runner.prove(
            proofs, at: executor.settle.map { [0, $0] } ?? [0, 10], before: [:], patience: .seconds(20), anew: false)
        if let missed = outcomes.first(where: { !$0.holds }) {
            return StepResult(.failed, "\(what), but could not confirm that \(missed.check): \(missed.verdict.seen)")
        }
        let seen = outcomes.map { "\($0.check): \($0.verdict.seen)" }.joined(separator: "; ")
        return StepResult(.verified, "the controller ended meanwhile; \(what)" + (seen.isEmpty ? "" : "; \(seen)"))
    }
}
