// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitNeedsRepair = Self(UnitNeedsRepair.self)
}

extension Check {
    package static func unitNeedsRepair(_ unit: UnitName) -> Check { Check(UnitNeedsRepair(unit: unit)) }
}

/// The unit has failed, or died and waits to be restarted: a repair is still needed.
private struct UnitNeedsRepair: UnitCheck {
    static let name = "unit-needs-repair"

    let unit: UnitName

    var sentence: String { "\(unit) still needs repair" }

    func judge(_ facts: UnitFacts, since first: UnitFacts?) -> CheckVerdict {
        CheckVerdict(facts.needsRepair, facts.summary)
    }
}
