// SPDX-License-Identifier: MIT
package import MachaModel

extension Action.Kind {
    package static let stopUnit = Self(StopUnit.self)
}

extension Action {
    package static func stopUnit(_ unit: UnitName) -> Action { Action(StopUnit(unit: unit)) }
}

private struct StopUnit: ActionDefinition {
    static let name = "stop-unit"
    static let parameters = [Parameter.startedUnit.required]
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.managedUnits

    let unit: UnitName

    init(unit: UnitName) { self.unit = unit }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.startedUnit) else { return nil }
        self.unit = unit
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
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
