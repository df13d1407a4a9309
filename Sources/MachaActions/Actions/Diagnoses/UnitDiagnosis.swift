// SPDX-License-Identifier: MIT
package import MachaModel

extension Diagnosis.Kind {
    /// State, result and exit status of a unit.
    static let unit = Self(
        "unit",
        .unit { unit in
            Command("systemctl", ["show", UnitFacts.properties, "--", unit.description], outputLimit: 64 << 10)
        })
}

extension Diagnosis {
    package static func unit(_ unit: UnitName) -> Diagnosis { Diagnosis(kind: .unit, unit: unit) }
}
