// SPDX-License-Identifier: MIT
import MachaModel

extension Action {
    /// How risky this is on a host of which `context` is known: by its own file, and by every unit that it touches.
    package func risk(in context: RiskContext = RiskContext()) -> RiskAssessment {
        var assessment = definition.risk(in: context)
        if footprint == .changes, let unit, let reason = context.protection.reason(for: unit) {
            assessment = assessment.raised(to: .high, because: "\(unit) is protected: \(reason)")
        }
        return assessment.raised(by: movedUnits, context)
    }

    /// The units that would move with it; `nil` when nobody can tell, or no host was asked.
    func companions(in context: RiskContext) -> [UnitName]? {
        var units: Set<UnitName> = []
        for unit in movedUnits {
            guard case .known(let others, _)? = context.companions[unit] else { return nil }
            units.formUnion(others)
        }
        return units.sorted()
    }
}

extension RiskAssessment {
    /// What moves along with `units` weighs as much as they do; what nobody knows of is not harmless.
    fileprivate func raised(by units: [UnitName], _ context: RiskContext) -> RiskAssessment {
        var assessment = self
        for unit in units {
            switch context.companions[unit] {
            case nil: continue
            case .unknown(let why)?:
                assessment = assessment.raised(
                    to: .high, because: "it is unknown which other units systemd would change with \(unit): \(why)")
            case .known(let others, let ending)?:
                for other in others {
                    guard let reason = context.protection.reason(for: other) else { continue }
                    assessment = assessment.raised(
                        to: .high, because: "systemd would also change \(other), which is protected: \(reason)")
                }
                if others.count > 3 {
                    assessment = assessment.raised(
                        to: .medium, because: "systemd would also change \(others.count) other units")
                }
                if let ending {
                    assessment = assessment.raised(
                        to: .high, because: "stopping \(unit) can stop the system: \(ending)")
                }
            }
        }
        return assessment
    }

    /// As risky as what an activation would touch, and high while nobody has asked what that is.
    func raised(byActivationIn context: RiskContext) -> RiskAssessment {
        guard let activation = context.activation else {
            return raised(to: .high, because: "what it would affect is not known yet")
        }
        let critical = activation.critical(context.protection).prefix(5).map { $0.printable(limit: 60) }
        var assessment = self
        if !activation.units.isEmpty {
            assessment = assessment.raised(to: .medium, because: "it would affect \(activation.units.count) units")
        }
        if activation.restartsSystemd {
            assessment = assessment.raised(to: .high, because: "systemd itself would restart")
        }
        if !critical.isEmpty {
            assessment = assessment.noting(.high, "it would affect \(critical.joined(separator: ", "))")
        }
        return assessment
    }
}
