// SPDX-License-Identifier: MIT
package import MachaModel

extension Action.Kind {
    package static let stopUnit = Self(StopUnit.self)
}

extension Action {
    package static func stopUnit(_ unit: UnitName) -> Action { Action(StopUnit(unit: unit)) }
}

private struct StopUnit: UnitAction {
    static let name = "stop-unit"
    static let unitParameter = Parameter.startedUnit
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.managedUnits

    let unit: UnitName

    var work: ActionWork { .change }
    var subject: ActionSubject { .unit(unit, moves: true) }
    var isDisruptive: Bool { true }
    var trace: ActionTrace { .unitState }

    func risk(in context: RiskContext) -> RiskAssessment {
        RiskAssessment(.medium, "the unit stays down until someone starts it")
    }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            checks: [.unitExists(unit)], act: [.systemctl("stop", unit)],
            proofs: [.unitStopped(unit), .noNewFailures], looksAfter: [0, 5],
            wayBack: .commands([.systemctl("start", unit)], "start \(unit) again"))
    }
}
