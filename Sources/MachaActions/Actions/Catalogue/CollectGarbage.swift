// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let collectGarbage = Self(CollectGarbage.self)
}

extension Action {
    package static func collectGarbage(keeping kept: KeptGenerations?) -> Action {
        Action(CollectGarbage(kept: kept))
    }
}

/// Deletes what no generation needs; before that, with `keep-generations`, all system generations but the newest ones.
private struct CollectGarbage: ActionDefinition {
    static let name = "collect-garbage"
    private static let keeping = Parameter("keep-generations", example: "5", KeptGenerations.init)
    static let parameters = [keeping.optional]
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.exactWords

    let kept: KeptGenerations?

    init(kept: KeptGenerations?) { self.kept = kept }

    init?(_ reader: inout ParameterReader) { kept = reader.optional(Self.keeping) }

    var values: [String: ActionValue] { kept.map { ["keep-generations": .text($0.description)] } ?? [:] }
    var work: ActionWork { .change }
    var subject: ActionSubject { .part("store") }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment {
        guard let kept else { return RiskAssessment(.low, "only what no generation needs is deleted") }
        return RiskAssessment(.medium, "generations older than the newest \(kept) can no longer be gone back to")
    }

    func plan(in context: RiskContext) -> ActionPlan {
        let forget = kept.map { number in
            PlannedCommand(
                "nix-env", ["--profile", SystemProfile.path, "--delete-generations", "+\(number)"], timeout: 600)
        }
        let collect = PlannedCommand("nix-collect-garbage", [], isDetached: true, timeout: 7200)
        let gone =
            kept.map { "all system generations but the newest \($0) are gone" } ?? "what no generation needs is gone"
        return ActionPlan(
            checks: [.systemIsProfile], act: [forget, collect].compactMap { $0 },
            proofs: [.systemIsProfile, .noNewFailures],
            wayBack: .none("\(gone); what is missed is downloaded or built again"))
    }
}
