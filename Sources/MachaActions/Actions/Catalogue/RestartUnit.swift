// SPDX-License-Identifier: MIT
package import MachaModel

extension Action.Kind {
    package static let restartUnit = Self(RestartUnit.self)
}

extension Action {
    package static func restartUnit(_ unit: UnitName) -> Action { Action(RestartUnit(unit: unit)) }
}

private struct RestartUnit: UnitAction {
    static let name = "restart-unit"
    static let unitParameter = Parameter.startedUnit
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.managedUnits
    // Both bring a unit up.
    static let countsAs = Action.Kind.startUnit.rawValue

    let unit: UnitName

    var work: ActionWork { .change }
    var subject: ActionSubject { .unit(unit, moves: true) }
    var isDisruptive: Bool { true }
    var trace: ActionTrace { .invocation }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "one unit is down for a moment") }

    func plan(in context: RiskContext) -> ActionPlan { .starting("restart", unit, context) }
}
