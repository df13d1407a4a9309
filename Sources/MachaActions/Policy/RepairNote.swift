// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// A repair that was carried out, as reports tell of it.
package struct RepairNote: Sendable, Hashable, Encodable {
    package var host: String
    package var title: String
    /// How it ended; never ``ActionRecord/Outcome/running``.
    package var outcome: ActionRecord.Outcome
    package var at: Date
    /// The approval it came from.
    package var approval: Int?
    /// One line, safe to print.
    package var note: String

    package init(
        host: String, title: String, outcome: ActionRecord.Outcome, at: Date, approval: Int?, note: String
    ) {
        self.host = host
        self.title = title
        self.outcome = outcome
        self.at = at
        self.approval = approval
        self.note = note
    }
}
