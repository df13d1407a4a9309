// SPDX-License-Identifier: MIT
import MachaModel

/// A check of one unit, by what systemd says of it.
protocol UnitCheck: CheckDefinition {
    var unit: UnitName { get }

    init(unit: UnitName)
    /// `first` is what systemd said the first time it was asked after the action; `nil` at that time itself.
    func judge(_ facts: UnitFacts, since first: UnitFacts?) -> CheckVerdict
}

extension UnitCheck {
    static var parameters: [ParameterSpec] { [Parameter.unit.required] }
    static var needsOneAnswer: Bool { true }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.unit) else { return nil }
        self.init(unit: unit)
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
    var command: Command? { Diagnosis.unit(unit).command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.judge { judge($0, since: answers.first.flatMap { UnitFacts($0) }) }
    }
}
