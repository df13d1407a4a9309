// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import MachaModel
import struct Foundation.Date

/// One observation of one host: when, and how much could be seen.
struct Observation {
    var host: String
    var at: Date
    var coverage: Coverage
    var gaps: Gaps

    fileprivate var arguments: StatementArguments {
        get throws { ["host": host, "time": at.timeIntervalSince1970, "coverage": try StoredJSON.text(of: coverage)] }
    }
}

extension Issue {
    /// Counts the known issues among `findings` on and opens the new ones; returns the latter.
    static func count(_ findings: [Finding], in observation: Observation, _ db: Database) throws -> [Issue] {
        var met: Set<Fingerprint> = []
        return try findings.filter { met.insert($0.fingerprint).inserted }.compactMap { finding in
            let arguments = try finding.arguments + observation.arguments
            try db.cachedStatement(sql: countOn).execute(arguments: arguments)
            guard db.changesCount == 0 else {
                try db.cachedStatement(sql: describe).execute(arguments: arguments)
                return nil
            }
            return try Row.fetchOne(try db.cachedStatement(sql: open), arguments: arguments).map { try Issue($0) }
        }
    }

    /// Resolves the open issues that are not in `findings` and that this observation proves gone; returns them.
    static func resolve(missingFrom findings: [Finding], in observation: Observation, _ db: Database) throws -> [Issue]
    {
        let shown = Set(findings.map(\.fingerprint))
        let candidates = try Row.fetchAll(
            try db.cachedStatement(sql: openAndOlder),
            arguments: [observation.host, observation.at.timeIntervalSince1970])
        return try candidates.compactMap { row in
            let issue = try Issue(row)
            let earlier = try StoredJSON.value(Coverage.self, from: try row.value("coverage"))
            guard !shown.contains(issue.finding.fingerprint),
                !observation.gaps.mayHide(issue.finding),
                observation.coverage.closes(issue.finding, lastSeenWith: earlier)
            else { return nil }
            return try Row.fetchOne(
                try db.cachedStatement(sql: resolve), arguments: [observation.at.timeIntervalSince1970, issue.id]
            ).map { try Issue($0) }
        }
    }

    private static let countOn = """
        UPDATE issue SET count = count + 1, first_seen = min(first_seen, :time)
        WHERE fingerprint = :fingerprint AND resolved_at IS NULL
        """

    /// An observation that is older than the last one counts, but does not replace what is known since.
    private static let describe = """
        UPDATE issue
        SET severity = :severity, summary = :summary, remedy = :remedy, commands = :commands, figures = :figures,
            evidence = :evidence, coverage = :coverage, last_seen = :time
        WHERE fingerprint = :fingerprint AND resolved_at IS NULL AND last_seen <= :time
        """

    /// An observation from before the problem was proved gone does not open it again.
    private static let open = """
        INSERT INTO issue (fingerprint, host, kind, subject, severity, summary, remedy, commands, figures,
            evidence, coverage, first_seen, last_seen, count)
        SELECT :fingerprint, :host, :kind, :subject, :severity, :summary, :remedy, :commands, :figures,
            :evidence, :coverage, :time, :time, 1
        WHERE NOT EXISTS (SELECT 1 FROM issue WHERE fingerprint = :fingerprint AND resolved_at >= :time)
        RETURNING *
        """

    private static let openAndOlder = """
        SELECT * FROM issue WHERE host = ? AND resolved_at IS NULL AND last_seen < ? ORDER BY id
        """

    private static let resolve = "UPDATE issue SET resolved_at = ? WHERE id = ? RETURNING *"
}
