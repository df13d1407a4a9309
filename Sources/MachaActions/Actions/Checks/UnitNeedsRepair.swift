// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitNeedsRepair = Self(UnitNeedsRepair.self)
}

extension Check {
    package static func unitNeedsRepair(_ unit: UnitName) -> Check { Check(UnitNeedsRepair(unit: unit)) }
}

/// The unit has failed, or died and waits to be restarted: a repair is still needed.
private struct UnitNeedsRepair: CheckDefinition {
    static let name = "unit-needs-repair"
    static let parameters = [Parameter.unit.required]
    static let needsOneAnswer = true

    let unit: UnitName

    init(unit: UnitName) { self.unit = unit }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.unit) else { return nil }
        self.unit = unit
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
    var sentence: String { "\(unit) still needs repair" }
    var command: Command? { Diagnosis.unit(unit).command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.judge { CheckVerdict($0.needsRepair, $0.summary) }
    }
}
