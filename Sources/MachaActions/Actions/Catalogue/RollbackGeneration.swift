// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let rollbackGeneration = Self(RollbackGeneration.self)
}

extension Action {
    package static func rollbackGeneration(_ number: GenerationNumber) -> Action {
        Action(RollbackGeneration(number: number))
    }
}

private struct RollbackGeneration: ActionDefinition {
    static let name = "rollback-generation"
    static let parameters = [Parameter.generation.required]
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.anyGeneration

    let number: GenerationNumber

    init(number: GenerationNumber) { self.number = number }

    init?(_ reader: inout ParameterReader) {
        guard let number = reader.required(Parameter.generation) else { return nil }
        self.number = number
    }

    var values: [String: ActionValue] { ["generation": .text(number.description)] }
    var work: ActionWork { .change }
    var subject: ActionSubject { .part("system") }
    var isDisruptive: Bool { true }
    var trace: ActionTrace { .system }

    func risk(in context: RiskContext) -> RiskAssessment {
        RiskAssessment(.high, "an older system runs from now on").raised(byActivationIn: context)
    }

    func plan(in context: RiskContext) -> ActionPlan {
        var plan = ActionPlan(
            checks: [.generationExists(number), .systemIsProfile],
            look: [.activate(SystemProfile.link(number), "dry-activate")], arm: [DeadMan.arm],
            act: [PlannedCommand.activate(SystemProfile.link(number), "test").detached.accepting([0, 4])],
            proofs: [.systemChanged, .noNewFailures], looksAfter: [0, 20], disarm: [DeadMan.disarm],
            wayBack: .deadMan("the host activates its profile's system by itself; a reboot does the same"),
            needsNewConnection: true)
        plan.keep = [
            PlannedCommand("nix-env", ["--profile", SystemProfile.path, "--switch-generation", "\(number)"]),
            .activate(SystemProfile.path, "boot"),
        ]
        plan.keepProofs = [.generationIs(number), .systemIsProfile]
        return plan
    }
}
