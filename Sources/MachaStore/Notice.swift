// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
import MachaModel
import struct Foundation.Date

extension Store {
    /// Whether people are to be told of `issue` as it came up this time.
    package func announcement(of issue: Issue) throws(StoreError) -> Announcement {
        try read("cannot read the issue's history") { try Notice(issue, $0).announcement }
    }
}

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
                    SELECT * FROM issue_event WHERE issue_id = ? AND kind = 'resolved' AND at BETWEEN ? AND ?
                    ORDER BY id DESC LIMIT 50
                    """),
            arguments: [
                issue.id, issue.firstSeen.timeIntervalSince1970 - Announcement.memory,
                issue.firstSeen.timeIntervalSince1970,
            ]
        ).map { try IssueEvent($0) }
        announcement = Announcement(
            of: issue.finding.severity, at: issue.firstSeen,
            earlier: earlier.map { Announcement.Earlier(severity: $0.severity, closed: $0.at) })
    }
}
