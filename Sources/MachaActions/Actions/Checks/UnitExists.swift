// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitExists = Self(UnitExists.self)
}

extension Check {
    package static func unitExists(_ unit: UnitName) -> Check { Check(UnitExists(unit: unit)) }
}

/// The unit exists under this very name (no alias) and is not masked.
private struct UnitExists: CheckDefinition {
    static let name = "unit-exists"
    static let parameters = [Parameter.unit.required]
    static let needsOneAnswer = true

    let unit: UnitName

    init(unit: UnitName) { self.unit = unit }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.unit) else { return nil }
        self.unit = unit
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
    var sentence: String { "\(unit) exists under this name" }
    var command: Command? { Diagnosis.unit(unit).command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.judge { facts in
            guard facts.load == "loaded" else { return .fails("the unit is \(facts.load.printable(limit: 40))") }
            return CheckVerdict(facts.id == unit.description, "systemd calls it \(facts.id)")
        }
    }
}
