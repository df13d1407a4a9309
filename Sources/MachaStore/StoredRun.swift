// SPDX-License-Identifier: MIT
package import MachaActions
package import struct Foundation.Date

/// One proposal that was authorised for one host, and how far it came.
package struct StoredRun: Sendable, Identifiable, Encodable {
    /// From 1, never reused.
    package var id: Int64
    package var host: String
    package var approval: Int?
    package var state: RunState
    package var proposal: Proposal
    package var authority: AuthorizedAction.Authority
    package var authorisedAt: Date
    package var endedAt: Date?
    /// One line for people, safe to print.
    package var note: String
}

/// One action of a run that was begun.
package struct StoredAction: Sendable, Identifiable, Encodable {
    /// From 1, never reused.
    package var id: Int64
    package var run: Int64
    /// Of the run's steps; those of its rollback come behind them.
    package var position: Int
    package var record: ActionRecord
    /// What the host said right before.
    package var before: ActionBaseline
    package var endedAt: Date?
}
