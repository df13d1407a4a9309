// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitActive = Self(UnitActive.self)
}

extension Check {
    package static func unitActive(_ unit: UnitName) -> Check { Check(UnitActive(unit: unit)) }
}

/// The unit runs, or is a job that ended well, and systemd did not have to restart it since the first look.
private struct UnitActive: UnitCheck {
    static let name = "unit-active"

    let unit: UnitName

    var sentence: String { "\(unit) is active and stays active" }

    func judge(_ facts: UnitFacts, since first: UnitFacts?) -> CheckVerdict {
        guard facts.active == "active" || facts.isFinishedJob else { return .fails(facts.summary) }
        guard let first else { return .holds(facts.summary) }
        if facts.restarts > first.restarts {
            return .fails("systemd had to restart it \(facts.restarts - first.restarts) times since")
        }
        if !first.isFinishedJob, !facts.isFinishedJob, first.invocation != facts.invocation {
            return .fails("it was restarted since the first check")
        }
        return .holds(facts.summary)
    }
}
