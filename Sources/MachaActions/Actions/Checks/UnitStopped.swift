// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitStopped = Self(UnitStopped.self)
}

extension Check {
    package static func unitStopped(_ unit: UnitName) -> Check { Check(UnitStopped(unit: unit)) }
}

/// The unit does not run.
private struct UnitStopped: CheckDefinition {
    static let name = "unit-stopped"
    static let parameters = [Parameter.unit.required]
    static let needsOneAnswer = true

    let unit: UnitName

    init(unit: UnitName) { self.unit = unit }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.unit) else { return nil }
        self.unit = unit
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
    var sentence: String { "\(unit) is stopped" }
    var command: Command? { Diagnosis.unit(unit).command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.judge { CheckVerdict($0.active == "inactive" || $0.active == "failed", $0.summary) }
    }
}
