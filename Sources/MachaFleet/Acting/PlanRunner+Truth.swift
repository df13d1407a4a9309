// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaModel

/// What the host itself shows of an action: whether it happened, and which system runs.
extension PlanRunner {
    /// What a later look is compared with, to tell whether `action` happened.
    package func baseline(of action: Action) async throws(ContactFailure) -> ActionBaseline {
        var baseline = ActionBaseline()
        let boot = try await session.look(Self.bootQuestion)
        if boot.outcome == .status(0) {
            baseline.boot = String(decoding: boot.standardOutput, as: UTF8.self).split(separator: "\n").first.map(
                String.init)
        }
        switch action.trace {
        case .none, .boot: break
        case .system: baseline.system = try await system()?.running
        case .invocation, .unitState:
            guard let unit = action.unit else { break }
            let facts = UnitFacts(try await session.look(Diagnosis.unit(unit).command))
            baseline.invocation = facts?.invocation
            baseline.active = facts?.active
        }
        return baseline
    }

    /// Whether the host shows that `action` happened since `baseline`; `nil` when it cannot be asked or would not show it.
    package func happened(since baseline: ActionBaseline, _ action: Action) async -> Bool? {
        for _ in 0..<3 {
            do throws(ContactFailure) {
                let now = try await self.baseline(of: action)
                if let before = baseline.boot, let boot = now.boot, before != boot {
                    return action.trace == .boot ? true : nil
                }
                switch action.trace {
                case .none, .boot, .system: return nil
                case .invocation: return now.invocation != baseline.invocation
                case .unitState: return now.active != baseline.active
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

    private static let bootQuestion = Command("cat", ["/proc/sys/kernel/random/boot_id"], outputLimit: 4 << 10)
}
