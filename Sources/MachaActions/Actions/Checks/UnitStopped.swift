// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitStopped = Self(UnitStopped.self)
}

extension Check {
    package static func unitStopped(_ unit: UnitName) -> Check { Check(UnitStopped(unit: unit)) }
}

/// The unit does not run.
private struct UnitStopped: UnitCheck {
    static let name = "unit-stopped"

    let unit: UnitName

    var sentence: String { "\(unit) is stopped" }

    func judge(_ facts: UnitFacts, since first: UnitFacts?) -> CheckVerdict {
        CheckVerdict(facts.active == "inactive" || facts.active == "failed", facts.summary)
    }
}
