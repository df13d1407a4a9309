// SPDX-License-Identifier: MIT
import MachaModel

/// Commands and plans that several actions share.
extension PlannedCommand {
    // `--` because "-.mount" is a unit, and an option otherwise.
    static func systemctl(_ verb: String, _ unit: UnitName) -> PlannedCommand {
        PlannedCommand("systemctl", [verb, "--", unit.description], timeout: 120)
    }

    static func activate(_ system: String, _ verb: String) -> PlannedCommand {
        PlannedCommand("\(system)/bin/switch-to-configuration", [verb], timeout: 900)
    }

    /// Makes the running system the one to boot: the very same, without building again.
    static let bootRunningSystem = [
        PlannedCommand("nix-env", ["--profile", SystemProfile.path, "--set", "/run/current-system"]),
        activate(SystemProfile.path, "boot"),
    ]

    var detached: PlannedCommand {
        var command = self
        command.isDetached = true
        return command
    }

    func accepting(_ statuses: Set<Int32>) -> PlannedCommand {
        var command = self
        command.accepted = statuses
        return command
    }
}

extension ActionPlan {
    /// A unit that the host needs is never stopped, not even as a way back.
    static func starting(_ verb: String, _ unit: UnitName, _ context: RiskContext) -> ActionPlan {
        let wayBack: WayBack =
            context.protection.reason(for: unit) == nil
            ? .commands([.systemctl("stop", unit)], "stop \(unit) if it makes things worse")
            : .none("\(unit) is protected, so it is left as it is then; a person has to check")
        return ActionPlan(
            checks: [.unitExists(unit)], act: [.systemctl(verb, unit)], proofs: [.unitActive(unit), .noNewFailures],
            looksAfter: [0, 10, 60], wayBack: wayBack)
    }
}
