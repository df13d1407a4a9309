// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What changed in the fleet between a time and the newest snapshots.
package struct ChangeReport: Sendable, Encodable {
    package var generatedAt: Date
    package var since: Date
    /// Bad news first.
    package var changes: [Change]
    /// Hosts of which no look from before ``since`` is kept: what they are compared with is younger.
    package var comparedSince: [String: Date]
    /// What was resolved before this is forgotten; `nil` when nothing that was asked for is.
    package var resolvedSince: Date?
    /// Hosts that were not checked since then: nothing is known of them.
    package var unseen: [String]
    /// How the fleet is now.
    package var summary: FleetReport.Summary

    package init(
        since: Date, changes: [Change], comparedSince: [String: Date], resolvedSince: Date? = nil, unseen: [String],
        summary: FleetReport.Summary, now: Date
    ) {
        generatedAt = now
        self.since = since
        self.changes = changes.sorted { ($0.rank, $0.time, $0.host) < ($1.rank, $1.time, $1.host) }
        self.comparedSince = comparedSince
        self.resolvedSince = resolvedSince
        self.unseen = unseen
        self.summary = summary
    }
}
