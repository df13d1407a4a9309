// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// The last lines of a unit's journal.
    static let unitJournal = Self(
        "unit-journal",
        .unit { unit in
            Command(
                "journalctl", ["--no-pager", "--quiet", "--output=short-iso", "--lines=100", "--unit=\(unit)"],
                outputLimit: 256 << 10)
        })
}
