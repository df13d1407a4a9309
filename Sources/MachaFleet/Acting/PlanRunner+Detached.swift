// SPDX-License-Identifier: MIT
package import MachaCore

/// Commands that run as a transient unit on the host itself, and outlive the connection.
extension PlanRunner {
    /// How the detached run on the host stands; `nil` when it cannot be asked.
    package func detachedState() async -> DetachedState? {
        guard let answer = try? await session.look(DetachedRun.state.command) else { return nil }
        let state = DetachedState(answer)
        return state == .unknown ? nil : state
    }

    func runDetached(_ command: PlannedCommand) async -> (CommandOutcome.Ending, CommandResult) {
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
                        .broken, stage: .exec, delivery: .maybeSent,
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
}
