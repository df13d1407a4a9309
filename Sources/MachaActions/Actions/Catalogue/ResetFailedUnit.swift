// SPDX-License-Identifier: MIT
package import MachaModel

extension Action.Kind {
    package static let resetFailedUnit = Self(ResetFailedUnit.self)
}

extension Action {
    package static func resetFailedUnit(_ unit: UnitName) -> Action { Action(ResetFailedUnit(unit: unit)) }
}

/// Forgets that a unit failed, and how often; it runs nothing.
private struct ResetFailedUnit: UnitAction {
    static let name = "reset-failed-unit"
    static let unitParameter = Parameter.unit
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.managedUnits

    let unit: UnitName

    var work: ActionWork { .change }
    var subject: ActionSubject { .unit(unit, moves: false) }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .unitState }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "only the note of a failure goes") }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            checks: [.unitExists(unit), .unitNeedsRepair(unit)], act: [.systemctl("reset-failed", unit)],
            proofs: [.unitNotFailed(unit)], looksAfter: [0, 5],
            wayBack: .notNeeded("only the note of the failure is gone; the journal still has it"))
    }
}
