// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let rotateJournal = Self(RotateJournal.self)
}

extension Action {
    package static let rotateJournal = Action(RotateJournal())
}

private struct RotateJournal: ActionDefinition {
    static let name = "rotate-journal"
    static let parameters: [ParameterSpec] = []
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.exactWords

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var work: ActionWork { .change }
    var subject: ActionSubject { .part("journal") }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "the journal begins a new file") }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            act: [PlannedCommand("journalctl", ["--rotate"])], proofs: [.noNewFailures],
            wayBack: .notNeeded("nothing is deleted"))
    }
}
