// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaModel

/// Carries out the parts of an ``ActionPlan`` on one host. It decides nothing and records nothing: the executor does.
package struct PlanRunner: Sendable {
    package let session: HostSession
    let waiting: Waiting
    /// Looks at the host again and says whether what led here is gone.
    private let findingGone: @Sendable () async -> CheckVerdict

    /// Between two polls of a detached run.
    static let rhythm = Duration.seconds(2)

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

    /// Checks `proofs` at each of `looks`, seconds from now, until one does not hold; returns the outcomes of the last
    /// check.
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
}
