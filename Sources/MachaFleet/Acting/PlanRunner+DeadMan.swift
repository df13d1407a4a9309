// SPDX-License-Identifier: MIT
package import MachaActions
import MachaModel

/// The host's own way back: a timer that returns it to its former system without the controller.
extension PlanRunner {
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
