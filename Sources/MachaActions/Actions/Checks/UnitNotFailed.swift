// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitNotFailed = Self(UnitNotFailed.self)
}

extension Check {
    package static func unitNotFailed(_ unit: UnitName) -> Check { Check(UnitNotFailed(unit: unit)) }
}

/// The unit has neither failed nor died and waits to be restarted.
private struct UnitNotFailed: CheckDefinition {
    static let name = "unit-not-failed"
    static let parameters = [Parameter.unit.required]
    static let needsOneAnswer = true

    let unit: UnitName

    init(unit: UnitName) { self.unit = unit }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.unit) else { return nil }
        self.unit = unit
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
    var sentence: String { "\(unit) is not failed" }
    var command: Command? { Diagnosis.unit(unit).command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.judge { CheckVerdict(!$0.needsRepair, $0.summary) }
    }
}
