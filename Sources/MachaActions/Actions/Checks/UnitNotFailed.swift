// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitNotFailed = Self(UnitNotFailed.self)
}

extension Check {
    package static func unitNotFailed(_ unit: UnitName) -> Check { Check(UnitNotFailed(unit: unit)) }
}

/// The unit has neither failed nor died and waits to be restarted.
private struct UnitNotFailed: UnitCheck {
    static let name = "unit-not-failed"

    let unit: UnitName

    var sentence: String { "\(unit) is not failed" }

    func judge(_ facts: UnitFacts, since first: UnitFacts?) -> CheckVerdict {
        CheckVerdict(!facts.needsRepair, facts.summary)
    }
}
