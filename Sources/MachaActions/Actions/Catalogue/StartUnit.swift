// SPDX-License-Identifier: MIT
package import MachaModel

extension Action.Kind {
    package static let startUnit = Self(StartUnit.self)
}

extension Action {
    package static func startUnit(_ unit: UnitName) -> Action { Action(StartUnit(unit: unit)) }
}

private struct StartUnit: UnitAction {
    static let name = "start-unit"
    static let unitParameter = Parameter.unit
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.managedUnits

    let unit: UnitName

    var work: ActionWork { .change }
    var subject: ActionSubject { .unit(unit, moves: true) }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .invocation }

    func risk(in context: RiskContext) -> RiskAssessment {
        unit.kind == .target
            ? RiskAssessment(.high, "a target starts many units") : RiskAssessment(.low, "one unit is started")
    }

    func plan(in context: RiskContext) -> ActionPlan { .starting("start", unit, context) }
}
