// SPDX-License-Identifier: MIT
package import MachaCore

/// One unit as systemd describes it at one moment: what an action is judged by, before and after.
///
/// Source: `systemctl show`; the words are systemd's own.
package struct UnitLook: Hashable, Codable, Sendable {
    /// With its suffix.
    package var name: String
    /// `loaded`, `not-found`, `masked`, …
    package var load: String
    /// `active`, `failed`, `inactive`, `activating`, …
    package var active: String
    package var sub: String
    /// `simple`, `oneshot`, …; `nil` for units that are not services.
    package var type: String?
    /// `success`, `exit-code`, `signal`, …
    package var result: String?
    package var exitStatus: Int?
    /// Automatic restarts since it was last started by hand.
    package var restarts: Int?
    /// Changes with every start; `nil` when it never ran.
    package var invocation: String?

    /// Asks for `units`, which are plain names.
    package static func command(_ units: [String]) -> Command {
        let properties = [
            "Id", "Type", "LoadState", "ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts",
            "InvocationID",
        ]
        return Command(
            "systemctl", ["show"] + properties.flatMap { ["-p", $0] } + ["--"] + units, outputLimit: 1 << 20)
    }

    /// The units in `output`, in its order; `nil` when it is not the answer of `systemctl show`.
    package static func parse(_ output: [UInt8]) -> [UnitLook]? {
        let blocks = SystemdAnswer.blocks(output)
        let looks = blocks.compactMap { UnitLook($0) }
        return looks.count == blocks.count && !looks.isEmpty ? looks : nil
    }

    private init?(_ fields: [String: String]) {
        guard let name = SystemdAnswer.present(fields["Id"]), let active = SystemdAnswer.present(fields["ActiveState"]),
            let sub = SystemdAnswer.present(fields["SubState"])
        else { return nil }
        self.name = name
        self.active = active
        self.sub = sub
        load = SystemdAnswer.present(fields["LoadState"]) ?? "loaded"
        type = SystemdAnswer.present(fields["Type"])
        result = SystemdAnswer.present(fields["Result"])
        exitStatus = fields["ExecMainStatus"].flatMap { Int($0) }
        restarts = fields["NRestarts"].flatMap { Int($0) }
        invocation = SystemdAnswer.present(fields["InvocationID"])
    }

    /// It has failed and nothing starts it again.
    package var isFailed: Bool { active == "failed" }
    /// It died and systemd waits before it starts it again.
    package var isRestarting: Bool { sub.hasPrefix("auto-restart") }
    /// It runs, or is a job that ended well.
    package var isWell: Bool {
        if active == "active" || active == "reloading" { return !isRestarting }
        return type == "oneshot" && active == "inactive" && (result ?? "success") == "success"
    }

    /// `active (running)`, and what went wrong.
    package var summary: String {
        var text = "\(active) (\(sub))"
        if let result, result != "success" { text += ", \(result)" }
        if let exitStatus, exitStatus != 0 { text += " \(exitStatus)" }
        return text
    }
}
