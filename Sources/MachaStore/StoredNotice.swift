// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// A notice in the outbox, or one that has left it.
package struct StoredNotice: Hashable, Sendable, Identifiable, Encodable {
    package enum State: String, Hashable, Sendable, CaseIterable, Encodable {
        case waiting
        case sent
        /// Given up; ``reason`` says why.
        case failed
    }

    /// Counts up and is never used again.
    package let id: Int64
    package let receiver: String
    package let occasion: PlannedNotice.Occasion
    package let message: NoticeMessage
    /// The alerts it tells of.
    package let alerts: [String]
    package let state: State
    package let createdAt: Date
    /// Attempts that were begun.
    package let attempts: Int
    /// Of one that waits: not sent before.
    package let dueAt: Date
    package let endedAt: Date?
    /// What went wrong last; empty when nothing did.
    package let reason: String
}

/// An alert that a receiver was not told of, as it is kept.
package struct StoredHeldNotice: Hashable, Sendable, Encodable {
    /// Empty when no receiver was to be told.
    package let receiver: String
    package let alert: String
    package let host: String?
    package let summary: String
    package let reason: HeldNotice.Reason
    package let words: String
    package let firstAt: Date
    package let lastAt: Date
    package let times: Int
}
