// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let rebuild = Self(RebuildSystem.self)
}

extension Action {
    package static func rebuild(_ rebuild: Rebuild) -> Action { Action(RebuildSystem(rebuild: rebuild)) }
}

/// A build of the host's configuration, and how far it goes.
package struct Rebuild: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Builds, and says what an activation would do.
        case dryActivate = "dry-activate"
        /// Activates; a reboot returns to the old system.
        case test
        /// Activates, and boots it from now on.
        case `switch`
        /// Boots it from the next start on.
        case boot
    }

    package var mode: Mode
    /// `nil` builds the host's own configuration.
    package var flake: FlakeReference?

    package init(_ mode: Mode, flake: FlakeReference? = nil) {
        self.mode = mode
        self.flake = flake
    }
}

private struct RebuildSystem: ActionDefinition {
    static let name = "rebuild"
    private static let mode = Parameter<Rebuild.Mode>("mode", example: "test")
    private static let flake = Parameter("flake", example: "github:me/fleet#nas", FlakeReference.init)
    static let parameters = [mode.required, flake.optional]
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.exactWords

    let rebuild: Rebuild

    init(rebuild: Rebuild) { self.rebuild = rebuild }

    init?(_ reader: inout ParameterReader) {
        let mode = reader.required(Self.mode)
        let flake = reader.optional(Self.flake)
        guard let mode else { return nil }
        rebuild = Rebuild(mode, flake: flake)
    }

    var values: [String: ActionValue] {
        var values = ["mode": ActionValue.text(rebuild.mode.rawValue)]
        values["flake"] = rebuild.flake.map { .text($0.description) }
        return values
    }

    var work: ActionWork { .change }
    var subject: ActionSubject { .part("system") }
    var isDisruptive: Bool { rebuild.mode == .test || rebuild.mode == .switch }
    var trace: ActionTrace { .system }

    func risk(in context: RiskContext) -> RiskAssessment {
        switch rebuild.mode {
        case .dryActivate: RiskAssessment(.low, "a system is built and not activated")
        case .test:
            RiskAssessment(.medium, "another system runs until the next reboot").raised(byActivationIn: context)
        case .switch: RiskAssessment(.high, "another system runs from now on").raised(byActivationIn: context)
        case .boot: RiskAssessment(.high, "another system boots next").raised(byActivationIn: context)
        }
    }

    /// After `test` the profile still names the old system, so activating the profile is the way back and needs no path
    /// that somebody else could choose; and keeping the tested system needs no second build.
    func plan(in context: RiskContext) -> ActionPlan {
        switch rebuild.mode {
        case .dryActivate:
            return ActionPlan(act: [build(.dryActivate)], wayBack: .notNeeded("nothing is activated"))
        case .boot:
            return ActionPlan(
                checks: [.systemIsProfile], look: [build(.dryActivate)], act: [build(.boot)], proofs: [.noNewFailures],
                wayBack: .commands(
                    PlannedCommand.bootRunningSystem, "the running system becomes the one to boot again"))
        case .test, .switch:
            var plan = ActionPlan(
                checks: [.systemIsProfile], look: [build(.dryActivate)], arm: [DeadMan.arm],
                act: [build(.test).accepting([0, 4])], proofs: [.noNewFailures], looksAfter: [0, 20],
                disarm: [DeadMan.disarm],
                wayBack: .deadMan("the host activates its profile's system by itself; a reboot does the same"),
                needsNewConnection: true)
            if rebuild.mode == .switch {
                // The very system that was tested, without building again.
                plan.keep = PlannedCommand.bootRunningSystem
                plan.keepProofs = [.systemIsProfile]
            }
            return plan
        }
    }

    private func build(_ mode: Rebuild.Mode) -> PlannedCommand {
        let flake = rebuild.flake.map { ["--flake", $0.description] } ?? []
        return PlannedCommand("nixos-rebuild", [mode.rawValue] + flake, isDetached: true, timeout: 7200)
    }
}
