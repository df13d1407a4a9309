// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
import MachaModel
import struct Foundation.Date

/// Whether a problem is to be announced when it comes up; see ``Announcement`` for the rule.
package struct Notice: Hashable, Sendable {
    package let issue: Issue
    package let announcement: Announcement

    package var isTold: Bool { announcement == .tell }

    init(_ issue: Issue, _ db: Database) throws {
        self.issue = issue
        let earlier = try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT * FROM issue WHERE fingerprint = ? AND resolved_at >= ? AND id <> ?
                    ORDER BY resolved_at DESC LIMIT 50
                    """),
            arguments: [
                issue.finding.fingerprint.description,
                issue.firstSeen.timeIntervalSince1970 - Announcement.memory, issue.id,
            ]
        ).map { try Issue($0) }
        announcement = Announcement(
            of: issue.finding.severity, at: issue.firstSeen,
            earlier: earlier.compactMap { past in
                past.resolvedAt.map { Announcement.Earlier(severity: past.finding.severity, closed: $0) }
            })
    }
}
