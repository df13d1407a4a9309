// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// How large the journal is.
    static let journalUsage = Self(
        "journal-usage",
        .host(Command("journalctl", ["--no-pager", "--disk-usage"], outputLimit: 4 << 10)))
}
