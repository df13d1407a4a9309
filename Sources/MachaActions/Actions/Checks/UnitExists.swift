// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitExists = Self(UnitExists.self)
}

extension Check {
    package static func unitExists(_ unit: UnitName) -> Check { Check(UnitExists(unit: unit)) }
}

/// The unit exists under this very name (no alias) and is not masked.
private struct UnitExists: UnitCheck {
    static let name = "unit-exists"

    let unit: UnitName

    var sentence: String { "\(unit) exists under this name" }

    func judge(_ facts: UnitFacts, since first: UnitFacts?) -> CheckVerdict {
        guard facts.load == "loaded" else { return .fails("the unit is \(facts.load.printable(limit: 40))") }
        return CheckVerdict(facts.id == unit.description, "systemd calls it \(facts.id)")
    }
}
