// SPDX-License-Identifier: MIT
import MachaCore
import MachaFleet
import MachaStore

/// One authorised run on one host, from its first action to its end.
struct RunWork {
    private let executor: Executor
    private let authorized: AuthorizedAction
    private let run: Int64
    private let runner: PlanRunner
    private let session: HostSession
    private var position = 0
    private var report: RunReport

    init(_ executor: Executor, _ authorized: AuthorizedAction, run: Int64, _ session: HostSession) {
        self.executor = executor
        self.authorized = authorized
        self.run = run
        self.session = session
        let finding = authorized.proposal.finding
        let collector = executor.collector
        runner = PlanRunner(session, waiting: executor.waiting) {
            await Self.isGone(finding, session, collector)
        }
        var approval: Int?
        if case .approval(let id, _) = authorized.authority { approval = id }
        report = RunReport(authorized.proposal, approval: approval, state: .verified, note: "")
        report.run = run
    }

    private var proposal: Proposal { authorized.proposal }

    /// Does every step, then the playbook's own checks; on a failure what the playbook says undoes it.
    func carryOut(_ snapshot: Snapshot) async throws(StoreError) -> RunReport {
        var work = self
        var failure = try await work.steps(proposal.steps.map(\.action))
        if failure == nil { failure = await work.verify() }
        if var failure, failure.isBegun, failure.state == .failed, !proposal.rollback.isEmpty {
            let undone = try await work.steps(proposal.rollback.map(\.action))
            let isUndone = proposal.rollback.contains { $0.action.footprint == .changes }
            if undone != nil {
                failure.note += "; the playbook's rollback failed too"
            } else if isUndone {
                failure.note += "; the playbook's rollback is done"
                failure.state = .rolledBack
            }
            return try work.close(failure.state, failure.note)
        }
        guard let failure else { return try work.close(.verified, work.success) }
        return try work.close(failure.isBegun ? failure.state : .skipped, failure.note)
    }

    private var success: String {
        report.steps.last { !$0.proofs.isEmpty }?.proofs.map { "\($0.check): \($0.verdict.seen)" }
            .joined(separator: "; ") ?? "done"
    }

    private func close(_ state: StoredRun.State, _ note: String) throws(StoreError) -> RunReport {
        var report = report
        report.state = state
        report.note = note.printable(limit: 600)
        let isBegun = try executor.store.run(run)?.state == .started
        // A run of looks alone has begun nothing; it ends well without ever having started.
        if !isBegun, state != .skipped {
            report.state = state == .verified ? .verified : .skipped
            try executor.store.close(run, .skipped, note: report.note, at: executor.now())
        } else {
            try executor.store.close(run, state, note: report.note, at: executor.now())
        }
        return report
    }

    // MARK: Steps

    private struct Failure {
        var state: StoredRun.State
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
        report.steps.append(RunReport.Step(kind: action.kind, target: action.target))
        switch action.footprint {
        case .controller: return say(action)
        case .reads: return await look(action, plan)
        case .changes: return try await change(action, plan)
        }
    }

    /// What a playbook has to tell a person; the report and the audit carry it.
    private mutating func say(_ action: Action) -> Failure? {
        switch action {
        case .notify(let text), .suggestChange(let text): tell(text.description.printable(limit: 2_000))
        default: break
        }
        return nil
    }

    private mutating func look(_ action: Action, _ plan: ActionPlan) async -> Failure? {
        if case .waitUntil(let check, let span) = action {
            let outcomes = await runner.wait(for: [check], within: .seconds(span.seconds))
            prove(outcomes)
            guard let missed = outcomes.first(where: { !$0.holds }) else { return nil }
            return Failure(
                state: .failed, note: "\(missed.check) did not come true within \(span): \(missed.verdict.seen)",
                isBegun: position > 0)
        }
        add(await runner.run(plan.act, as: "act"))
        return nil
    }

    // MARK: Changes

    private mutating func change(_ action: Action, _ plan: ActionPlan) async throws(StoreError) -> Failure? {
        var first: [Check: CommandResult] = [:]
        let checks = await runner.judge(plan.checks, first: &first)
        if let missed = checks.first(where: { !$0.holds }) {
            prove(checks)
            return Failure(
                state: .failed, note: "not begun: it is not so that \(missed.check) (\(missed.verdict.seen))",
                isBegun: position > 0)
        }
        let before: [Check: CommandResult]
        let baseline: ActionBaseline
        do throws(ContactFailure) {
            before = try await runner.answers(to: plan.proofs + plan.keepProofs + proposal.verify)
            baseline = try await runner.baseline(of: action)
        } catch {
            return Failure(
                state: .failed, note: "not begun: \(error.message.printable(limit: 300))", isBegun: position > 0)
        }
        let record = ActionRecord(
            action, on: session.host.name, playbook: proposal.playbook, requester: proposal.requester,
            startedAt: executor.now())
        let begun = try executor.store.begin(
            record, position: position, of: run, before: baseline,
            limits: action.isDisruptive ? executor.situation.limits(of: session.host) : [],
            detail: StartDetail(proposal, authorized.authority, plan))
        switch begun {
        case .blocked(let why):
            return Failure(state: .failed, note: "not begun: \(why)", isBegun: position > 0)
        case .begun(let id):
            let ending = await act(action, plan, before: before, baseline)
            report.steps[report.steps.count - 1].outcome = ending.outcome
            tell(ending.note)
            try executor.store.end(
                id, ending.outcome, detail: report.steps[report.steps.count - 1], at: executor.now())
            return ending.outcome == .verified ? nil : Failure(state: ending.state, note: ending.note)
        }
    }

    /// Sends the action and finds out what is true. The one place from which anything that changes a host is sent.
    private mutating func act(
        _ action: Action, _ plan: ActionPlan, before: [Check: CommandResult], _ baseline: ActionBaseline
    ) async -> ActionEnding {
        if let refused = await send(plan.look, "look") {
            return ActionEnding(.failed, "nothing was changed: \(refused)")
        }
        if !plan.arm.isEmpty {
            await runner.forgetDeadMan()
            if let refused = await send(plan.arm, "arm") {
                return ActionEnding(
                    .failed, "nothing was changed: the host's own way back could not be armed: \(refused)")
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
            return await takeBack(plan, "it is not so that \(missed.check): \(missed.verdict.seen)")
        }
        return await keep(plan, before: before)
    }

    /// What to make of a command that did not end well; `nil` when the proofs shall tell.
    private mutating func unsure(
        _ outcome: CommandOutcome, _ action: Action, _ plan: ActionPlan, _ baseline: ActionBaseline
    ) async -> ActionEnding? {
        switch outcome.ending {
        case .accepted: return nil
        case .refused(let why):
            let said = outcome.output.lastWords
            return await takeBack(plan, "\(outcome.words.first ?? "it") \(why)" + (said.isEmpty ? "" : ": \(said)"))
        case .notSent(let failure):
            return plan.arm.isEmpty
                ? ActionEnding(.failed, "not sent: \(failure.message.printable(limit: 300))")
                : await takeBack(plan, "not sent: \(failure.message.printable(limit: 300))")
        case .lost(let failure):
            if plan.needsNewConnection { return nil }
            // The host itself knows whether it happened: a unit that was started has a new invocation.
            if let happened = await runner.happened(since: baseline, action), happened { return nil }
            return ActionEnding(
                .interrupted,
                "the link was lost while it ran, and nothing on the host shows that it happened "
                    + "(\(failure.message.printable(limit: 200))); it is not tried again")
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

    private mutating func keep(_ plan: ActionPlan, before: [Check: CommandResult]) async -> ActionEnding {
        if let refused = await send(plan.disarm, "disarm") {
            return await takeBack(plan, "the host's own way back could not be stopped: \(refused)")
        }
        if let refused = await send(plan.keep, "keep") {
            return ActionEnding(
                .failed, "it works, but could not be kept: \(refused); a reboot returns to the system before")
        }
        var first: [Check: CommandResult] = [:]
        let kept = await runner.judge(plan.keepProofs, before: before, first: &first)
        prove(kept)
        if let missed = kept.first(where: { !$0.holds }) {
            return ActionEnding(.failed, "it works, but it is not so that \(missed.check): \(missed.verdict.seen)")
        }
        return ActionEnding(.verified, summary)
    }

    /// Takes the way back that runs by itself, and says how the host is then.
    private mutating func takeBack(_ plan: ActionPlan, _ why: String) async -> ActionEnding {
        switch plan.wayBack {
        case .notNeeded: return ActionEnding(.failed, why)
        case .none(let text): return ActionEnding(.failed, "\(why); there is no way back: \(text)")
        case .deadMan:
            let verdict = await runner.returned(within: .seconds(DeadMan.span + 60))
            guard verdict.holds else {
                return ActionEnding(
                    .failed,
                    "\(why); the host has not returned by itself within \(DeadMan.span + 60) s: \(verdict.seen)")
            }
            await runner.forgetDeadMan()
            return ActionEnding(.rolledBack, "\(why); the host has returned to its former system by itself")
        case .commands(let commands, let text):
            // Stopping what could not be started would only take more away: that is for a person to say.
            guard plan.undoesByItself else { return ActionEnding(.failed, "\(why); it was left so: \(text)") }
            let refused = await send(commands, "undo")
            return refused.map { ActionEnding(.failed, "\(why); undoing it failed: \($0)") }
                ?? ActionEnding(.rolledBack, "\(why); undone: \(text)")
        }
    }

    // MARK: The playbook's own checks

    private mutating func verify() async -> Failure? {
        guard !proposal.verify.isEmpty else { return nil }
        report.steps.append(RunReport.Step(kind: .waitUntil, target: "the playbook's checks"))
        let outcomes = await runner.prove(
            proposal.verify, at: [0], before: [:], patience: .seconds(30), anew: false)
        prove(outcomes)
        guard let missed = outcomes.first(where: { !$0.holds }) else { return nil }
        return Failure(state: .failed, note: "it is not so that \(missed.check): \(missed.verdict.seen)")
    }

    private static func isGone(
        _ finding: Fingerprint?, _ session: HostSession, _ collector: Collector
    ) async -> CheckVerdict {
        guard let finding else { return .holds("nothing was found to begin with") }
        let snapshot = await session.snapshot(collector)
        if case .failed(let failure) = snapshot.contact { return .unknown(failure.message.printable(limit: 200)) }
        let found = Detectors.findings(in: snapshot).first { $0.fingerprint == finding }
        return found.map { .fails($0.summary.printable(limit: 200)) } ?? .holds("a new look does not show it any more")
    }

    // MARK: Helpers

    /// Runs `commands`; answers why the last of them was not accepted, or `nil`.
    private mutating func send(_ commands: [PlannedCommand], _ role: String) async -> String? {
        let outcomes = await runner.run(commands, as: role)
        add(outcomes)
        guard let last = outcomes.last, !last.isAccepted else { return nil }
        let said = last.output.lastWords
        return "\(last.words.first ?? "it") \(last.summary)" + (said.isEmpty ? "" : ": \(said)")
    }

    /// The plan's looks, shortened where a person wants to wait less.
    private func looks(_ planned: [Int]) -> [Int] {
        guard let settle = executor.settle, let last = planned.last, settle < last else { return planned }
        return planned.filter { $0 < settle } + [settle]
    }

    private var summary: String {
        report.steps.last?.proofs.map { "\($0.check): \($0.verdict.seen)" }.joined(separator: "; ") ?? "done"
    }

    private mutating func add(_ outcomes: [CommandOutcome]) {
        report.steps[report.steps.count - 1].lines += outcomes.map { RunReport.Line($0) }
    }

    private mutating func prove(_ outcomes: [CheckOutcome]) {
        report.steps[report.steps.count - 1].proofs += outcomes.map { RunReport.Proof($0) }
    }

    private mutating func tell(_ note: String) { report.steps[report.steps.count - 1].note = note }
}

/// How one action ended.
struct ActionEnding {
    var outcome: ActionRecord.Outcome
    var note: String

    init(_ outcome: ActionRecord.Outcome, _ note: String) {
        self.outcome = outcome
        self.note = note.printable(limit: 600)
    }

    var state: StoredRun.State {
        switch outcome {
        case .running, .interrupted: .interrupted
        case .verified: .verified
        case .failed: .failed
        case .rolledBack: .rolledBack
        }
    }
}

/// What the audit keeps of an action's beginning.
private struct StartDetail: Encodable {
    struct Line: Encodable {
        var role: String
        var words: [String]
    }

    var title: String
    var content: ContentHash
    var risk: Risk
    var authority: AuthorizedAction.Authority
    var requester: Requester
    var finding: Fingerprint?
    var evidence: [UntrustedText]
    var commands: [Line]
    var wayBack: String

    init(_ proposal: Proposal, _ authority: AuthorizedAction.Authority, _ plan: ActionPlan) {
        title = proposal.title
        content = proposal.contentHash
        risk = proposal.risk
        self.authority = authority
        requester = proposal.requester
        finding = proposal.finding
        evidence = proposal.evidence.prefix(5).map { KeptOutput.text($0.raw.utf8.prefix(500)) }
        commands = plan.commands.map { Line(role: $0.role, words: $0.command.words) }
        wayBack = plan.wayBack.description
    }
}

extension ActionPlan {
    /// Its commands give back what the action took, so they may run without asking once more.
    fileprivate var undoesByItself: Bool {
        // A start or restart that failed is undone by a stop, which helps nobody who needs the unit.
        !proofs.contains { check in
            if case .unitActive = check { true } else { false }
        }
    }
}

extension CommandResult {
    /// What it said last, on standard error if there is one; of two or three lines the first, which says what was wrong,
    /// where the others say where to read on. Safe to print.
    fileprivate var lastWords: String {
        let text = standardError.isEmpty ? standardOutput : standardError
        let lines = KeptOutput.text(text).raw.split(whereSeparator: \.isNewline)
        let line = lines.count <= 3 ? lines.first : lines.last
        return line.map { String($0).printable(limit: 200) } ?? ""
    }
}
