// SPDX-License-Identifier: MIT
package import MachaModel
import MachaProbes

/// What systemd says of one unit, for the checks before and after an action.
///
/// Source: `systemctl show`, whose `key=value` lines are the same in every version.
package struct UnitFacts: Hashable, Sendable {
    /// The name systemd itself uses; differs from the one asked for when that is an alias.
    package var id: String
    package var load: String
    package var active: String
    package var sub: String
    package var result: String
    package var type: String
    package var invocation: String
    package var restarts: Int

    static let properties =
        "--property=Id,LoadState,ActiveState,SubState,Result,Type,InvocationID,NRestarts,ExecMainStatus,"
        + "StateChangeTimestamp,FragmentPath"

    /// `nil` when the answer is none: the command failed, or lacks a name or a state.
    package init?(_ answer: CommandResult) {
        guard answer.outcome == .status(0), !answer.isCut else { return nil }
        let fields = ProbeText.fields(String(decoding: answer.standardOutput, as: UTF8.self))
        guard let id = fields["Id"], let load = fields["LoadState"], let active = fields["ActiveState"],
            let sub = fields["SubState"], !id.isEmpty, !active.isEmpty
        else { return nil }
        self.id = id
        self.load = load
        self.active = active
        self.sub = sub
        result = fields["Result"] ?? ""
        type = fields["Type"] ?? ""
        invocation = fields["InvocationID"] ?? ""
        restarts = fields["NRestarts"].flatMap { Int($0) } ?? 0
    }

    /// It has failed, or died and waits to be started again.
    package var needsRepair: Bool { active == "failed" || sub == "auto-restart" || sub == "auto-restart-queued" }

    /// A job that ran to its end and is over.
    var isFinishedJob: Bool { type == "oneshot" && active == "inactive" && result == "success" }

    var summary: String { "\(active) (\(sub)), result \(result.isEmpty ? "none" : result)".printable(limit: 120) }
}
