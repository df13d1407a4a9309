// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import MachaModel
import struct Foundation.Date

/// One look at one host: when, and how much of it could be seen.
struct Look {
    var host: String
    var at: Date
    var sight: Coverage
    var gaps: Gaps

    fileprivate var arguments: StatementArguments {
        get throws { ["host": host, "time": at.timeIntervalSince1970, "sight": try StoredJSON.text(of: sight)] }
    }
}

extension Sighting {
    /// Counts the known problems among `findings` on and opens the new ones; returns the latter.
    static func see(_ findings: [Finding], in look: Look, _ db: Database) throws -> [Sighting] {
        var met: Set<Fingerprint> = []
        return try findings.filter { met.insert($0.fingerprint).inserted }.compactMap { finding in
            let arguments = try finding.arguments + look.arguments
            try db.cachedStatement(sql: countOn).execute(arguments: arguments)
            guard db.changesCount == 0 else {
                try db.cachedStatement(sql: describeAnew).execute(arguments: arguments)
                return nil
            }
            return try Row.fetchOne(try db.cachedStatement(sql: open), arguments: arguments).map { try Sighting($0) }
        }
    }

    /// Closes the open sightings that are not in `findings` and that this look proves gone; returns them.
    static func close(missingFrom findings: [Finding], in look: Look, _ db: Database) throws -> [Sighting] {
        let shown = Set(findings.map(\.fingerprint))
        let candidates = try Row.fetchAll(
            try db.cachedStatement(sql: openAndOlder), arguments: [look.host, look.at.timeIntervalSince1970])
        return try candidates.compactMap { row in
            let sighting = try Sighting(row)
            let earlier = try StoredJSON.value(Coverage.self, from: try row.value("sight"))
            guard !shown.contains(sighting.finding.fingerprint),
                !look.gaps.mayHide(sighting.finding), look.sight.closes(sighting.finding, lastSeenWith: earlier)
            else { return nil }
            return try Row.fetchOne(
                try db.cachedStatement(sql: close), arguments: [look.at.timeIntervalSince1970, sighting.id]
            ).map { try Sighting($0) }
        }
    }

    private static let countOn = """
        UPDATE sighting SET count = count + 1, first_seen = min(first_seen, :time)
        WHERE fingerprint = :fingerprint AND closed_at IS NULL
        """

    /// A look that is older than the last one counts, but does not replace what is known since.
    private static let describeAnew = """
        UPDATE sighting
        SET severity = :severity, summary = :summary, remedy = :remedy, commands = :commands, figures = :figures,
            evidence = :evidence, sight = :sight, last_seen = :time
        WHERE fingerprint = :fingerprint AND closed_at IS NULL AND last_seen <= :time
        """

    /// A look from before the problem was proved gone does not open it again.
    private static let open = """
        INSERT INTO sighting (fingerprint, host, kind, subject, severity, summary, remedy, commands, figures,
            evidence, sight, first_seen, last_seen, count)
        SELECT :fingerprint, :host, :kind, :subject, :severity, :summary, :remedy, :commands, :figures,
            :evidence, :sight, :time, :time, 1
        WHERE NOT EXISTS (SELECT 1 FROM sighting WHERE fingerprint = :fingerprint AND closed_at >= :time)
        RETURNING *
        """

    private static let openAndOlder = """
        SELECT * FROM sighting WHERE host = ? AND closed_at IS NULL AND last_seen < ? ORDER BY id
        """

    private static let close = "UPDATE sighting SET closed_at = ? WHERE id = ? RETURNING *"
}
