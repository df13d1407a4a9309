// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
import MachaModel
import struct Foundation.Date

/// Whether a problem is to be announced when it comes up; see ``Announcement`` for the rule.
package struct Notice: Hashable, Sendable {
    package let sighting: Sighting
    package let announcement: Announcement

    package var isTold: Bool { announcement == .tell }

    init(_ sighting: Sighting, _ db: Database) throws {
        self.sighting = sighting
        let earlier = try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT * FROM sighting WHERE fingerprint = ? AND closed_at >= ? AND id <> ?
                    ORDER BY closed_at DESC LIMIT 50
                    """),
            arguments: [
                sighting.finding.fingerprint.description,
                sighting.firstSeen.timeIntervalSince1970 - Announcement.memory, sighting.id,
            ]
        ).map { try Sighting($0) }
        announcement = Announcement(
            of: sighting.finding.severity, at: sighting.firstSeen,
            earlier: earlier.compactMap { past in
                past.closedAt.map { Announcement.Earlier(severity: past.finding.severity, closed: $0) }
            })
    }
}
