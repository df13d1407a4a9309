// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// One problem of one host over time: the same fingerprint from the first snapshot that showed it to the last.
package struct Issue: Hashable, Sendable, Identifiable {
    /// Counts up and is never used again.
    package let id: Int64
    /// As it was last seen.
    package let finding: Finding
    package let firstSeen: Date
    /// Earlier than the host's newest snapshot when that one was too blind to tell: still open, not confirmed.
    package let lastSeen: Date
    /// Snapshots that showed it.
    package let count: Int
    /// When a snapshot proved that it is gone; `nil` while it is open.
    package let resolvedAt: Date?

    package init(id: Int64, finding: Finding, firstSeen: Date, lastSeen: Date, count: Int, resolvedAt: Date?) {
        self.id = id
        self.finding = finding
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.count = count
        self.resolvedAt = resolvedAt
    }
}
