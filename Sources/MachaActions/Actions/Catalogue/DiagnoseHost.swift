// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let diagnose = Self(DiagnoseHost.self)
}

extension Action {
    package static func diagnose(_ diagnosis: Diagnosis) -> Action { Action(DiagnoseHost(diagnosis: diagnosis)) }
}

/// Asks one of the questions in `Diagnoses/`, and changes nothing.
private struct DiagnoseHost: ActionDefinition {
    static let name = "diagnose"
    private static let what = Parameter<Diagnosis.Kind>("what", example: "disk-usage")
    static let parameters = [what.required, Parameter.unit.optional]
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.nothing

    let diagnosis: Diagnosis

    init(diagnosis: Diagnosis) { self.diagnosis = diagnosis }

    init?(_ reader: inout ParameterReader) {
        let kind = reader.required(Self.what)
        let unit = reader.optional(Parameter.unit)
        guard let kind, reader.mistakes.isEmpty else { return nil }
        do throws(ValueValidationError) {
            diagnosis = try Diagnosis(kind, unit: unit)
        } catch {
            reader.complain(error)
            return nil
        }
    }

    var values: [String: ActionValue] {
        var values = ["what": ActionValue.text(diagnosis.kind.rawValue)]
        values["unit"] = diagnosis.unit.map { .text($0.description) }
        return values
    }

    var work: ActionWork { .ask }
    var subject: ActionSubject { .question(diagnosis) }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "it is read-only") }

    func plan(in context: RiskContext) -> ActionPlan {
        var command = PlannedCommand("", [], asRoot: false, timeout: 20, accepted: Set(0...127))
        command.command = diagnosis.command
        return ActionPlan(act: [command], wayBack: .notNeeded("it is read-only"))
    }
}
