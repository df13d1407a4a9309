// SPDX-License-Identifier: MIT
package import MachaModel
import MachaProbes

/// What systemd would move along with the units of an action, as the host said right before it was decided.
package struct Companions: Hashable, Sendable {
    /// What moves with one unit.
    package enum Answer: Hashable, Sendable {
        /// These units would stop or restart with it, sorted; never the unit itself. `ending` says how the unit's own
        /// `SuccessAction=` or `FailureAction=` would end the system.
        case known([UnitName], ending: String?)
        /// Nobody can tell, and why. That is not harmless.
        case unknown(String)
    }

    private var answers: [UnitName: Answer]
    /// `nil` where no host was asked: what a playbook's actions are worth by themselves.
    private let isAsked: Bool

    /// No host is named yet, as in a list of playbooks.
    package static let notAsked = Companions()

    private init() { (answers, isAsked) = ([:], false) }

    /// What a host said; a unit that is missing in `answers` counts as unknown.
    package init(_ answers: [UnitName: Answer]) {
        self.answers = answers
        isAsked = true
    }

    /// What moves with `unit`; `nil` when no host was asked.
    package subscript(unit: UnitName) -> Answer? {
        isAsked ? answers[unit] ?? .unknown("the host was not asked about \(unit)") : nil
    }
}

/// One unit's links to those that stop, restart or end with it, as `systemctl show` prints them.
///
/// Sources: systemd.unit(5), and unit-dependency-atom.c of systemd for which links carry a stop or a restart on.
package struct UnitLinks: Hashable, Sendable {
    package let id: String
    /// `Id` and every alias.
    package let names: [String]
    /// Neither inactive nor failed: only such a unit can be stopped.
    package let isActive: Bool
    /// Units that stop or restart when this one does.
    package let followers: [String]
    /// Units that cannot run beside it, so that starting it stops them; targets that start when it ends.
    package let displaced: [String]
    package let ending: String?

    /// What `systemctl` is asked about `units`.
    package static func question(_ units: [String]) -> Command {
        Command(
            "systemctl", ["show", "--property=" + properties.joined(separator: ","), "--"] + units,
            outputLimit: 1 << 20)
    }

    private static let followerKeys = ["RequiredBy", "RequisiteOf", "BoundBy", "ConsistsOf", "PropagatesStopTo"]
    private static let conflictKeys = ["Conflicts", "ConflictedBy"]
    private static let triggerKeys = ["OnFailure", "OnSuccess"]
    private static let endingKeys = ["SuccessAction", "FailureAction", "StartLimitAction"]
    private static let properties =
        ["Id", "Names", "LoadState", "ActiveState"] + followerKeys + conflictKeys + triggerKeys + endingKeys

    /// Each unit of an answer; `nil` when it is none. An empty property is not printed at all.
    package static func read(_ answer: CommandResult) -> [UnitLinks]? {
        guard answer.outcome == .status(0), !answer.isCut else { return nil }
        let text = String(decoding: answer.standardOutput, as: UTF8.self)
        let blocks = text.split(separator: "\n\n").filter { $0.contains { !$0.isWhitespace } }
        let units = blocks.map { UnitLinks(ProbeText.fields(String($0))) }
        return units.contains { $0 == nil } ? nil : units.compactMap(\.self)
    }

    private init?(_ fields: [String: String]) {
        guard let id = fields["Id"], let active = fields["ActiveState"], !id.isEmpty, !active.isEmpty else {
            return nil
        }
        func units(_ keys: [String]) -> [String] {
            keys.flatMap { ProbeText.words(fields[$0] ?? "").map(String.init) }
        }
        self.id = id
        names = Array(Set(units(["Names"]) + [id])).sorted()
        isActive = active != "inactive" && active != "failed"
        followers = units(Self.followerKeys)
        displaced = units(Self.conflictKeys).filter { $0 != "shutdown.target" }  // active only while the host goes down
        ending =
            Self.endingKeys.compactMap { key in
                fields[key].flatMap {
                    ["", "none", "exit", "exit-force"].contains($0) ? nil : "\(key)=\($0)".printable(limit: 60)
                }
            }.first
            ?? units(Self.triggerKeys).first { $0.hasSuffix(".target") }.map { "starts \($0)".printable(limit: 120) }
    }
}
