// SPDX-License-Identifier: MIT
package import MachaCore

/// Carries out the parts of an ``ActionPlan`` on one host. It decides nothing and records nothing: the executor does.
package struct PlanRunner: Sendable {
    package let session: HostSession
    private let waiting: Waiting
    /// Looks at the host anew and says whether what led here is gone.
    private let findingGone: @Sendable () async -> CheckVerdict

    /// Between two looks at a detached run.
    private static let rhythm = Duration.seconds(2)

    package init(
        _ session: HostSession, waiting: Waiting, findingGone: @escaping @Sendable () async -> CheckVerdict
    ) {
        self.session = session
        self.waiting = waiting
        self.findingGone = findingGone
    }

    // MARK: Looking

    /// The answers to the questions of `checks`, as they are now.
    package func answers(to checks: [Check]) async throws(ContactFailure) -> [Check: CommandResult] {
        var answers: [Check: CommandResult] = [:]
        for check in checks {
            guard let command = check.command, answers[check] == nil else { continue }
            answers[check] = try await session.look(command)
        }
        return answers
    }

    /// Judges each of `checks` by a new look. `before` and `first` are earlier answers to the same questions.
    package func judge(
        _ checks: [Check], before: [Check: CommandResult] = [:], first: inout [Check: CommandResult]
    ) async -> [CheckOutcome] {
        var outcomes: [CheckOutcome] = []
        for check in checks {
            guard let command = check.command else {
                outcomes.append(CheckOutcome(check, await findingGone()))
                continue
            }
            do throws(ContactFailure) {
                let answer = try await session.look(command)
                outcomes.append(CheckOutcome(check, check.judge(answer, before: before[check], first: first[check])))
                if first[check] == nil { first[check] = answer }
            } catch {
                outcomes.append(CheckOutcome(check, .unknown(error.message.printable(limit: 300))))
            }
        }
        return outcomes
    }

    /// Looks at `proofs` at each of `looks`, seconds from now, until one look does not hold; the outcomes of the last look.
    ///
    /// A host that needs time to be reachable again is asked for `patience` before an unknown answer counts.
    package func prove(
        _ proofs: [Check], at looks: [Int], before: [Check: CommandResult], patience: Duration, anew: Bool
    ) async -> [CheckOutcome] {
        let start = waiting.elapsed()
        var first: [Check: CommandResult] = [:]
        var outcomes: [CheckOutcome] = []
        for look in looks {
            let due = start + .seconds(look)
            if due > waiting.elapsed() { await waiting.pass(due - waiting.elapsed()) }
            if anew { await session.close() }
            outcomes = await judge(proofs, before: before, first: &first)
            let end = waiting.elapsed() + patience
            while outcomes.contains(where: \.isUnknown), waiting.elapsed() < end, !Task.isCancelled {
                await session.close()
                await waiting.pass(Self.rhythm)
                outcomes = await judge(proofs, before: before, first: &first)
            }
            guard outcomes.allSatisfy(\.holds) else { return outcomes }
        }
        return outcomes
    }

    /// Looks at `checks` again and again, over a new connection whenever one is lost, until all hold or `time` has passed.
    package func wait(
        for checks: [Check], within time: Duration, before: [Check: CommandResult] = [:]
    ) async -> [CheckOutcome] {
        let end = waiting.elapsed() + time
        while true {
            // Each look is a first one: what a unit did while we waited for it is no relapse.
            var first: [Check: CommandResult] = [:]
            let outcomes = await judge(checks, before: before, first: &first)
            if outcomes.allSatisfy(\.holds) || waiting.elapsed() >= end || Task.isCancelled { return outcomes }
            if outcomes.contains(where: \.isUnknown) { await session.close() }
            await waiting.pass(Self.rhythm)
        }
    }

    /// What a later look is compared with, to tell whether `action` happened.
    package func baseline(of action: Action) async throws(ContactFailure) -> ActionBaseline {
        var baseline = ActionBaseline()
        let boot = try await session.look(Self.bootQuestion)
        if boot.outcome == .status(0) {
            baseline.boot = String(decoding: boot.standardOutput, as: UTF8.self).split(separator: "\n").first.map(
                String.init)
        }
        switch action {
        case .rebuild, .rollbackGeneration: baseline.system = try await system()?.running
        default: break
        }
        if let unit = action.unit, let facts = UnitFacts(try await session.look(Diagnosis.unit(unit).command)) {
            baseline.invocation = facts.invocation
            baseline.active = facts.active
        }
        return baseline
    }

    /// Whether the host shows that `action` happened since `baseline`; `nil` when it cannot be asked or would not show it.
    package func happened(since baseline: ActionBaseline, _ action: Action) async -> Bool? {
        for _ in 0..<3 {
            do throws(ContactFailure) {
                let now = try await self.baseline(of: action)
                if let before = baseline.boot, let boot = now.boot, before != boot {
                    return action.kind == .reboot ? true : nil
                }
                guard action.unit != nil else { return nil }
                switch action.kind {
                case .restartUnit, .startUnit: return now.invocation != baseline.invocation
                case .stopUnit, .resetFailedUnit: return now.active != baseline.active
                default: return nil
                }
            } catch {
                await session.close()
                await waiting.pass(Self.rhythm)
            }
        }
        return nil
    }

    /// Store paths of the running system and of the one the profile names; `nil` when the host does not say.
    package func system() async throws(ContactFailure) -> (running: String, profile: String)? {
        guard let question = Check.systemIsProfile.command else { return nil }
        let answer = try await session.look(question)
        let lines = String(decoding: answer.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        return answer.outcome == .status(0) && lines.count == 2 ? (lines[0], lines[1]) : nil
    }

    /// How the detached run on the host stands; `nil` when it cannot be asked.
    package func detachedState() async -> DetachedState? {
        guard let answer = try? await session.look(DetachedRun.state.command) else { return nil }
        let state = DetachedState(answer)
        return state == .unknown ? nil : state
    }

    private static let bootQuestion = Command("cat", ["/proc/sys/kernel/random/boot_id"], outputLimit: 4 << 10)

    // MARK: Acting

    /// Runs `commands` one after the other; the first that is not accepted ends the row.
    package func run(_ commands: [PlannedCommand], as role: String) async -> [CommandOutcome] {
        var outcomes: [CommandOutcome] = []
        for command in commands {
            let outcome = await run(command, as: role)
            outcomes.append(outcome)
            guard outcome.isAccepted else { break }
        }
        return outcomes
    }

    private func run(_ command: PlannedCommand, as role: String) async -> CommandOutcome {
        let start = waiting.elapsed()
        var outcome = CommandOutcome(
            role: role, words: command.words, ending: .accepted(status: 0), output: CommandResult(), duration: 0)
        if command.isDetached {
            (outcome.ending, outcome.output) = await runDetached(command)
        } else {
            do throws(ContactFailure) {
                outcome.output = try await session.send(command)
                outcome.ending = .init(outcome.output, accepted: command.accepted)
            } catch {
                outcome.ending = .init(error)
            }
        }
        outcome.duration = (waiting.elapsed() - start) / .seconds(1)
        return outcome
    }

    private func runDetached(_ command: PlannedCommand) async -> (CommandOutcome.Ending, CommandResult) {
        do throws(ContactFailure) {
            if let obstacle = try await makeRoom() { return (.refused(obstacle), CommandResult()) }
        } catch {
            return (.notSent(error), CommandResult())
        }
        do throws(ContactFailure) {
            let started = try await session.send(DetachedRun.start(command))
            guard started.outcome == .status(0) else { return (.init(started, accepted: [0]), started) }
        } catch {
            // It may have been started all the same: the host knows.
            guard case .lost = CommandOutcome.Ending(error) else { return (.notSent(error), CommandResult()) }
        }
        return await follow(within: .seconds(command.timeout), accepted: command.accepted)
    }

    /// Forgets an earlier run of the name; says what is in the way when one is still under way.
    private func makeRoom() async throws(ContactFailure) -> String? {
        switch DetachedState(try await session.look(DetachedRun.state.command)) {
        case .absent: return nil
        case .running: return "another action is still under way on the host (\(DetachedRun.unit))"
        case .unknown: return "systemd did not say whether another action is under way"
        case .ended:
            await forget()
            return nil
        }
    }

    /// Follows the detached run to its end, over as many connections as that takes.
    package func follow(within time: Duration, accepted: Set<Int32>) async -> (CommandOutcome.Ending, CommandResult) {
        let end = waiting.elapsed() + time
        var wasSeen = false
        while true {
            var loss: ContactFailure?
            do throws(ContactFailure) {
                switch DetachedState(try await session.look(DetachedRun.state.command)) {
                case .absent:
                    let failure = ContactFailure(
                        .broken, stage: "exec",
                        message: "\(session.host.name): \(DetachedRun.unit) is not there"
                            + (wasSeen ? " any more" : ": it was never started, or the host has rebooted"))
                    return (wasSeen ? .lost(failure) : .notSent(failure), CommandResult())
                case .ended(let invocation, let status, let result):
                    return await ended(invocation, status, result, accepted)
                case .running: wasSeen = true
                case .unknown: break
                }
            } catch {
                loss = error
                await session.close()
            }
            guard waiting.elapsed() < end, !Task.isCancelled else {
                if let loss { return (.lost(loss), CommandResult()) }
                return (.refused("did not end within \(Int(time / .seconds(1))) s"), CommandResult())
            }
            await waiting.pass(Self.rhythm)
        }
    }

    private func ended(
        _ invocation: String, _ status: Int32?, _ result: String, _ accepted: Set<Int32>
    ) async -> (CommandOutcome.Ending, CommandResult) {
        var output = CommandResult(outcome: status.map { .status($0) } ?? .signal(result))
        // The output is an extra: the account may not read the journal, and the result is known without.
        if let question = DetachedRun.output(of: invocation), let journal = try? await session.look(question.command) {
            output.standardOutput = journal.standardOutput
        }
        await forget()
        return (.init(output, accepted: accepted), output)
    }

    private func forget() async {
        for command in DetachedRun.forget { _ = try? await session.send(command) }
    }

    // MARK: The host's own way back

    /// Whether the dead man's timer still waits; `nil` when the host cannot say.
    package func isArmed() async -> Bool? {
        let question = Command(
            "systemctl", ["show", "--property=ActiveState", "--", "\(DeadMan.unit).timer"], outputLimit: 4 << 10)
        guard let answer = try? await session.look(question), answer.outcome == .status(0) else { return nil }
        return String(decoding: answer.standardOutput, as: UTF8.self).contains("ActiveState=active")
    }

    /// Lets systemd forget a dead man that has done its work, so that the next can be armed.
    package func forgetDeadMan() async {
        _ = try? await session.send(DeadMan.forget)
    }

    /// Waits until the host has returned by itself: the timer gone and the profile's system running.
    package func returned(within time: Duration) async -> CheckVerdict {
        let end = waiting.elapsed() + time
        var verdict = CheckVerdict.unknown("the host has not answered since")
        while true {
            var first: [Check: CommandResult] = [:]
            await session.close()
            if await isArmed() == false {
                verdict = await judge([.systemIsProfile], first: &first).first?.verdict ?? verdict
                if verdict.holds { return verdict }
            }
            guard waiting.elapsed() < end, !Task.isCancelled else { return verdict }
            await waiting.pass(Self.rhythm)
        }
    }
}

/// A check and what came of it.
package struct CheckOutcome: Hashable, Sendable {
    package var check: Check
    package var verdict: CheckVerdict

    package init(_ check: Check, _ verdict: CheckVerdict) {
        self.check = check
        self.verdict = verdict
    }

    package var holds: Bool { verdict.holds }

    package var isUnknown: Bool {
        if case .unknown = verdict { true } else { false }
    }
}
