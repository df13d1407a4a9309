// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// The units that have failed.
    static let failedUnits = Self(
        "failed-units",
        .host(Command("systemctl", ["show", "*", "--state=failed", "--property=Id"], outputLimit: 256 << 10)))
}

extension Diagnosis {
    static let failedUnits = Diagnosis(kind: .failedUnits, unit: nil)
}
