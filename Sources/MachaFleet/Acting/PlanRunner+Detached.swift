// SPDX-License-Identifier: MIT
package import MachaActions
import MachaInventory
import MachaModel

/// Commands that run as a transient unit on the host itself, and outlive the connection.
extension PlanRunner {
    /// The state of the detached run on the host; `nil` when the host cannot be asked.
    package func detachedState() async -> DetachedState? {
        guard let answer = try? await session.look(DetachedRun.state.command) else { return nil }
        let state = DetachedState(answer)
        return state == .unknown ? nil : state
    }

    func runDetached(_ command: PlannedCommand) async -> (CommandOutcome.Ending, CommandResult) {
        let earlier: String?
        do throws(ContactFailure) {
            switch try await makeRoom() {
            case .taken(let obstacle): return (.refused(obstacle), CommandResult())
            case .free(let left): earlier = left
            }
        } catch {
            return (.notSent(error), CommandResult())
        }
        var wasStarted = false
        do throws(ContactFailure) {
            switch try await start(command, after: earlier) {
            case .refused(let answer): return (.init(answer, accepted: [0]), answer)
            case .started: wasStarted = true
            case .unsure: break
            }
        } catch {
            // It may have been started all the same: the host knows.
            guard case .lost = CommandOutcome.Ending(error) else { return (.notSent(error), CommandResult()) }
        }
        return await follow(command, after: earlier, wasStarted: wasStarted)
    }

    private enum Start {
        case started
        /// systemd-run says no, and the host shows no new run.
        case refused(CommandResult)
        /// systemd-run was ended, or says no although there is a new run: systemd may have received it before.
        case unsure
    }

    /// Starts `command`; `earlier` is the invocation of a run of the name that was there before.
    private func start(_ command: PlannedCommand, after earlier: String?) async throws(ContactFailure) -> Start {
        let answer = try await session.send(DetachedRun.start(command))
        guard answer.outcome != .status(0) else { return .started }
        guard case .status = answer.outcome, let shown = try? await state(after: earlier), shown == .absent else {
            return .unsure
        }
        return .refused(answer)
    }

    /// The state of the run after the one with the invocation `earlier`.
    private func state(after earlier: String?) async throws(ContactFailure) -> DetachedState {
        let state = DetachedState(try await session.look(DetachedRun.state.command))
        if case .ended(let invocation, _, _) = state, invocation == earlier { return .absent }
        return state
    }

    private enum Room {
        case taken(String)
        /// The invocation of an earlier run that has ended; it is forgotten, or should be.
        case free(after: String?)
    }

    /// Forgets an earlier run of the name; says what is in the way when one is still under way.
    private func makeRoom() async throws(ContactFailure) -> Room {
        switch DetachedState(try await session.look(DetachedRun.state.command)) {
        case .absent: return .free(after: nil)
        case .running: return .taken("another action is still running on the host (\(DetachedRun.unit))")
        case .unknown: return .taken("systemd did not report whether another action is running")
        case .ended(let invocation, _, _):
            await forget()
            return .free(after: invocation)
        }
    }

    /// Looks that find nothing before it counts that nothing is there. A start whose link was lost may still be on its way.
    private static let patience = 5

    /// Follows the run of `command` to its end, over as many connections as that takes. With `wasStarted` systemd has
    /// confirmed it.
    ///
    /// A run that is not there is never reported as not sent: it may have been started and forgotten by a reboot, or
    /// come later.
    private func follow(
        _ command: PlannedCommand, after earlier: String?, wasStarted: Bool
    ) async -> (CommandOutcome.Ending, CommandResult) {
        let end = waiting.elapsed() + .seconds(command.timeout)
        var wasSeen = wasStarted
        var absences = 0
        while true {
            var loss: ContactFailure?
            do throws(ContactFailure) {
                switch try await state(after: earlier) {
                case .absent:
                    absences += 1
                    if wasSeen || absences >= Self.patience { return (.lost(absence(wasSeen)), CommandResult()) }
                case .ended(let invocation, let status, let result):
                    return await ended(invocation, status, result, command.accepted)
                case .running: wasSeen = true
                case .unknown: break
                }
            } catch {
                loss = error
                await session.close()
            }
            guard waiting.elapsed() < end, !Task.isCancelled else {
                if let loss { return (.lost(loss), CommandResult()) }
                guard wasSeen else { return (.lost(absence(false)), CommandResult()) }
                return (.refused("did not end within \(command.timeout) s"), CommandResult())
            }
            await waiting.pass(Self.rhythm)
        }
    }

    private func absence(_ wasSeen: Bool) -> ContactFailure {
        ContactFailure(
            .broken, stage: .exec, delivery: .maybeSent,
            message: "\(session.host.name): \(DetachedRun.unit) does not exist"
                + (wasSeen
                    ? " any more: the host has rebooted, or someone has removed it"
                    : "; it is unknown whether it was started"))
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
