// SPDX-License-Identifier: MIT
import MachaActions
import MachaFindings
import MachaFleet
import MachaModel
import MachaProbes
import MachaStore

/// One authorised run on one host, from its first action to its end.
struct RunExecution {
    let executor: Executor
    let authorized: AuthorizedAction
    let run: Int64
    let runner: PlanRunner
    let session: HostSession
    /// The machine it was started on.
    let machine: MachineIdentity
    private(set) var position = 0
    /// What the host says the action under way would touch, of a change of the system.
    var preview: String?
    var report: RunReport

    init(
        _ executor: Executor, _ authorized: AuthorizedAction, run: Int64, _ session: HostSession,
        _ machine: MachineIdentity
    ) {
        self.executor = executor
        self.authorized = authorized
        self.run = run
        self.session = session
        self.machine = machine
        let finding = authorized.proposal.finding
        let (collector, store) = (executor.collector, executor.store)
        runner = PlanRunner(session, waiting: executor.waiting) {
            await Self.isGone(finding, session, collector, store)
        }
        var approval: Int?
        if case .approval(let id, _) = authorized.authority { approval = id }
        report = RunReport(authorized.proposal, approval: approval, state: .verified, note: "")
        report.run = run
    }

    var proposal: Proposal { authorized.proposal }

    /// Does every step, then the playbook's own checks; on a failure what the playbook says undoes it.
    func carryOut(_ snapshot: Snapshot) async throws(StoreError) -> RunReport {
        var work = self
        var failure = try await work.steps(proposal.steps.map(\.action))
        if failure == nil { failure = await work.verify() }
        if var failure, failure.isBegun, failure.state == .failed, !proposal.rollback.isEmpty {
            // Its steps come behind the others, so that each has a place of its own in the record.
            work.position = proposal.steps.count
            let undone = try await work.steps(proposal.rollback.map(\.action))
            let isUndone = proposal.rollback.contains { $0.action.footprint == .changes }
            if undone != nil {
                failure.note += "; the playbook's rollback failed too"
            } else if isUndone {
                failure.note += "; the playbook's rollback succeeded"
                failure.state = .rolledBack
            }
            return try work.close(failure.state, failure.note)
        }
        guard let failure else { return try work.close(.verified, work.success) }
        return try work.close(failure.isBegun ? failure.state : .skipped, failure.note)
    }

    private var success: String {
        let proofs = report.steps.last { !$0.proofs.isEmpty }?.proofs.map { "\($0.check): \($0.verdict.seen)" } ?? []
        let words = proofs + report.suggestions.map { "a configuration change is suggested in \($0)" }
        return words.isEmpty ? "done" : words.joined(separator: "; ")
    }

    private func close(_ state: RunState, _ note: String) throws(StoreError) -> RunReport {
        var report = report
        report.state = state
        report.note = note.printable(limit: 600)
        let isBegun = try executor.store.run(run)?.state == .started
        // A run of read-only steps has begun nothing; it ends well without ever having started.
        if !isBegun, state != .skipped {
            report.state = state == .verified ? .verified : .skipped
            try executor.store.close(run, .skipped, note: report.note, at: executor.now())
        } else {
            try executor.store.close(run, state, note: report.note, at: executor.now())
        }
        return report
    }

    // MARK: Steps

    struct Failure {
        var state: RunState
        var note: String
        /// Something may have been sent.
        var isBegun = true
    }

    private mutating func steps(_ actions: [Action]) async throws(StoreError) -> Failure? {
        for action in actions {
            if let failure = try await step(action) { return failure }
            position += 1
        }
        return nil
    }

    private mutating func step(_ action: Action) async throws(StoreError) -> Failure? {
        let plan: ActionPlan
        do throws(PlanRefusal) {
            plan = try action.plan(in: RiskContext(host: session.host))
        } catch {
            return Failure(state: .failed, note: error.description, isBegun: position > 0)
        }
        report.steps.append(StepReport(kind: action.kind, target: action.target))
        preview = nil
        switch action.work {
        case .tell(let text):
            // The report and the audit carry what a playbook has to tell a person.
            tell(text.description.printable(limit: 2_000))
            return nil
        case .suggest(let change): return try suggest(Suggestion(change, proposal, position))
        case .ask:
            add(await runner.run(plan.act, as: "act"))
            return nil
        case .wait(let check, let span): return await wait(for: check, within: span)
        case .change: return try await change(action, plan)
        }
    }

    /// Writes the file for a person. Nothing is applied, here or later.
    private mutating func suggest(_ suggestion: Suggestion) throws(StoreError) -> Failure? {
        let file: String
        do throws(StoreError) {
            file = try suggestion.write(in: executor.folder, at: executor.now())
        } catch {
            return Failure(state: .failed, note: "\(error)".printable(limit: 300), isBegun: position > 0)
        }
        report.steps[report.steps.count - 1].file = file
        tell("a configuration change is suggested in \(file); nothing was applied")
        try suggestion.note(file, run: run, in: executor.store, at: executor.now())
        return nil
    }

    private mutating func wait(for check: Check, within span: ActionSpan) async -> Failure? {
        let outcomes = await runner.wait(for: [check], within: .seconds(span.seconds))
        prove(outcomes)
        guard let missed = outcomes.first(where: { !$0.holds }) else { return nil }
        return Failure(
            state: .failed, note: "not confirmed within \(span) that \(missed.check): \(missed.verdict.seen)",
            isBegun: position > 0)
    }

    // MARK: The playbook's own checks

    private mutating func verify() async -> Failure? {
        guard !proposal.verify.isEmpty else { return nil }
        report.steps.append(StepReport(kind: .waitUntil, target: "the playbook's checks"))
        let outcomes = await runner.prove(
            proposal.verify, at: [0], before: [:], patience: .seconds(30), anew: false)
        prove(outcomes)
        guard let missed = outcomes.first(where: { !$0.holds }) else { return nil }
        return Failure(state: .failed, note: "could not confirm that \(missed.check): \(missed.verdict.seen)")
    }

    private static func isGone(
        _ finding: Fingerprint?, _ session: HostSession, _ collector: Collector, _ store: Store
    ) async -> CheckVerdict {
        guard let finding else { return .holds("there was no finding to begin with") }
        let snapshot = await session.snapshot(collector)
        do throws(StoreError) {
            switch try store.standing(of: finding, by: try store.judge(snapshot, of: session.host)) {
            case .present(let found): return .fails(found.summary.printable(limit: 200))
            case .gone: return .holds("a new check no longer reports it")
            case .unknown(let why): return .unknown(why)
            }
        } catch {
            return .unknown("\(error)".printable(limit: 200))
        }
    }

    // MARK: Helpers

    /// Runs `commands`; answers why the last of them was not accepted, or `nil`.
    mutating func send(_ commands: [PlannedCommand], _ role: String) async -> String? {
        let outcomes = await runner.run(commands, as: role)
        add(outcomes)
        guard let last = outcomes.last, !last.isAccepted else { return nil }
        return Self.refusal(last)
    }

    static func refusal(_ outcome: CommandOutcome) -> String {
        let said = outcome.output.lastWords
        return "\(outcome.words.first ?? "it") \(outcome.summary)" + (said.isEmpty ? "" : ": \(said)")
    }

    /// The plan's checks, shortened where a person wants to wait less.
    func looks(_ planned: [Int]) -> [Int] {
        guard let settle = executor.settle, let last = planned.last, settle < last else { return planned }
        return planned.filter { $0 < settle } + [settle]
    }

    var summary: String {
        report.steps.last?.proofs.map { "\($0.check): \($0.verdict.seen)" }.joined(separator: "; ") ?? "done"
    }

    mutating func add(_ outcomes: [CommandOutcome]) {
        report.steps[report.steps.count - 1].lines += outcomes.map { StepReport.Line($0) }
    }

    mutating func prove(_ outcomes: [CheckOutcome]) {
        report.steps[report.steps.count - 1].proofs += outcomes.map { StepReport.Proof($0) }
    }

    mutating func tell(_ note: String) { report.steps[report.steps.count - 1].note = note }
}
