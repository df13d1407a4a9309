// SPDX-License-Identifier: MIT
import MachaModel
package import struct Foundation.Date

/// One problem of one host over time. It keeps its id when it is gone and returns.
package struct Issue: Hashable, Sendable, Identifiable {
    /// Who said that there is a problem.
    package enum Origin: String, Hashable, Codable, Sendable, CaseIterable {
        /// Observations show it, and only they can prove that it is gone.
        case observed
        /// A person reported it, and a person ends it.
        case reported
    }

    /// What ended it.
    package enum Resolution: String, Hashable, Codable, Sendable, CaseIterable {
        /// An observation proved it gone.
        case observed
        /// The same, after a repair.
        case repaired
        /// A person's word.
        case person
    }

    /// Counts up and is never used again.
    package let id: Int64
    /// As it was last seen.
    package let finding: Finding
    package let origin: Origin
    package let state: IssueState
    /// When it was seen for the very first time.
    package let createdAt: Date
    /// When it was first seen this time.
    package let firstSeen: Date
    /// Earlier than the host's newest snapshot when that one was too blind to tell: still open, not confirmed.
    package let lastSeen: Date
    /// Snapshots that showed it this time.
    package let count: Int
    /// Times it came back after it was gone.
    package let recurrences: Int
    /// Those of them that came after a repair, or after a person's word that it was resolved.
    package let regressions: Int
    /// When it ended; `nil` while it is open.
    package let resolvedAt: Date?
    package let resolution: Resolution?
    /// Whether it still holds is for ``Muting`` to say.
    package let acknowledgement: Acknowledgement?

    package init(
        id: Int64, finding: Finding, origin: Origin, state: IssueState, createdAt: Date, firstSeen: Date,
        lastSeen: Date, count: Int, recurrences: Int, regressions: Int, resolvedAt: Date?, resolution: Resolution?,
        acknowledgement: Acknowledgement?
    ) {
        self.id = id
        self.finding = finding
        self.origin = origin
        self.state = state
        self.createdAt = createdAt
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.count = count
        self.recurrences = recurrences
        self.regressions = regressions
        self.resolvedAt = resolvedAt
        self.resolution = resolution
        self.acknowledgement = acknowledgement
    }

    /// The kind of what people report; no rule knows it.
    package static let reportedKind = RecordedKind.unknown("reported")
}
