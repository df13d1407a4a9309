// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let cleanTemporaryFiles = Self(CleanTemporaryFiles.self)
}

extension Action {
    package static let cleanTemporaryFiles = Action(CleanTemporaryFiles())
}

/// Deletes temporary files by the host's own rules of age.
private struct CleanTemporaryFiles: ActionDefinition {
    static let name = "clean-tmp"
    static let parameters: [ParameterSpec] = []
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.exactWords

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var work: ActionWork { .change }
    var subject: ActionSubject { .part("tmp") }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment {
        RiskAssessment(.low, "what the host's own rules call old is deleted, as every day")
    }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            act: [PlannedCommand("systemd-tmpfiles", ["--clean"], timeout: 600, accepted: [0, 65, 73])],
            proofs: [.noNewFailures],
            wayBack: .none("deleted temporary files are gone; the host's own rules called them old"))
    }
}
