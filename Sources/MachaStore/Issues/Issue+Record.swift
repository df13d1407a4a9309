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

    /// `origin` is that of an issue which this opens.
    func arguments(_ origin: Issue.Origin) throws -> StatementArguments {
        [
            "host": host, "time": at.timeIntervalSince1970, "coverage": try StoredJSON.text(of: coverage),
            "origin": origin.rawValue,
        ]
    }
}

/// What observations do to issues.
extension Issue {
    /// Counts the known issues among `findings` on, opens the new ones and reopens those that return; returns the latter two.
    static func count(_ findings: [Finding], in observation: Observation, _ db: Database) throws -> [Issue] {
        var met: Set<Fingerprint> = []
        return try findings.filter { met.insert($0.fingerprint).inserted }.compactMap { finding in
            let known = try Row.fetchOne(
                try db.cachedStatement(sql: "SELECT * FROM issue WHERE fingerprint = ?"),
                arguments: [finding.fingerprint.description]
            ).map { try Issue($0) }
            let arguments = try finding.arguments + observation.arguments(.observed)
            guard let known else {
                return try begin(finding, .opened, at: observation.at, sql: open, arguments, db)
            }
            guard let end = known.resolvedAt else {
                try goOn(known, finding, at: observation.at, arguments, db)
                return nil
            }
            // An observation from before the problem was proved gone does not open it again.
            guard end < observation.at else { return nil }
            return try begin(finding, .reopened, at: observation.at, sql: reopen, arguments, db)
        }
    }

    private static func begin(
        _ finding: Finding, _ kind: IssueEvent.Kind, at time: Date, sql: String, _ arguments: StatementArguments,
        _ db: Database
    ) throws -> Issue? {
        guard let row = try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments) else { return nil }
        let issue = try Issue(row)
        try note(
            IssueEvent(kind, at: time, by: IssueEvent.program, note: "", severity: finding.severity), of: issue.id, db)
        return issue
    }

    private static func goOn(
        _ known: Issue, _ finding: Finding, at time: Date, _ arguments: StatementArguments, _ db: Database
    ) throws {
        try db.cachedStatement(sql: countOn).execute(arguments: arguments)
        // An observation that is older than the last one counts, but does not replace what is known since.
        guard time >= known.lastSeen else { return }
        try db.cachedStatement(sql: describe).execute(arguments: arguments)
        // What was acknowledged is no worse while it does not exceed what was acknowledged.
        let before = max(known.finding.severity, known.acknowledgement?.severity ?? .info)
        guard finding.severity > before else { return }
        try take(
            IssueEvent(
                .worsened, at: time, by: IssueEvent.program,
                note: UntrustedText("\(known.finding.severity.rawValue) to \(finding.severity.rawValue)"),
                severity: finding.severity),
            to: known.id, db)
    }

    /// Resolves the open issues that are not in `findings` and that this observation proves gone; returns them. What a
    /// person reported, no observation can disprove.
    static func resolve(
        missingFrom findings: [Finding], in observation: Observation, _ db: Database
    ) throws -> [Issue] {
        let shown = Set(findings.map(\.fingerprint))
        let time = observation.at.timeIntervalSince1970
        let candidates = try Row.fetchAll(
            try db.cachedStatement(sql: openAndOlder), arguments: [observation.host, time])
        return try candidates.compactMap { row in
            let issue = try Issue(row)
            let earlier = try StoredJSON.value(Coverage.self, from: try row.value("coverage"))
            guard !shown.contains(issue.finding.fingerprint), !observation.gaps.mayHide(issue.finding),
                observation.coverage.closes(issue.finding, lastSeenWith: earlier)
            else { return nil }
            let how: Resolution = try isRepaired(issue, db) ? .repaired : .observed
            return try end(
                issue.id, .resolved, as: how, at: observation.at, by: IssueEvent.program, note: "", db)
        }
    }

    /// Ends the issue `id`; returns it as it is then, `nil` when it is over already.
    static func end(
        _ id: Int64, _ state: IssueEvent.Kind, as resolution: Resolution, at now: Date, by: String,
        note text: UntrustedText, _ db: Database
    ) throws -> Issue? {
        guard let issue = try with(id, db), let next = issue.state.after(state) else { return nil }
        // By a clock that was set back it would have ended before it was last seen.
        let time = max(now, issue.lastSeen, issue.resolvedAt ?? issue.lastSeen)
        try db.cachedStatement(
            sql: """
                UPDATE issue SET state = :state, resolved_at = coalesce(resolved_at, :time),
                    resolution = coalesce(resolution, :resolution), acknowledgement = NULL, acknowledged_until = NULL,
                    is_archived = 0
                WHERE id = :id
                """
        ).execute(arguments: [
            "state": next.rawValue, "time": time.timeIntervalSince1970, "resolution": resolution.rawValue, "id": id,
        ])
        try note(IssueEvent(state, at: time, by: by, note: text, severity: issue.finding.severity), of: id, db)
        return try with(id, db)
    }

    /// Whether a repair of it ended well since it came.
    private static func isRepaired(_ issue: Issue, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM issue_event
                        WHERE issue_id = ? AND kind = 'action-ended' AND note = 'verified' AND at >= ?)
                    """), arguments: [issue.id, issue.firstSeen.timeIntervalSince1970]) ?? false
    }

    private static let countOn = """
        UPDATE issue SET count = count + 1, first_seen = min(first_seen, :time),
            created_at = min(created_at, :time)
        WHERE fingerprint = :fingerprint
        """

    private static let describe = """
        UPDATE issue
        SET severity = :severity, summary = :summary, remedy = :remedy, commands = :commands, figures = :figures,
            evidence = :evidence, coverage = :coverage, last_seen = :time
        WHERE fingerprint = :fingerprint
        """

    static let open = """
        INSERT INTO issue (fingerprint, host, kind, subject, severity, summary, remedy, commands, figures, evidence,
            coverage, first_seen, last_seen, count, origin, state, created_at, recurrences, regressions, is_archived)
        VALUES (:fingerprint, :host, :kind, :subject, :severity, :summary, :remedy, :commands, :figures, :evidence,
            :coverage, :time, :time, 1, :origin, 'open', :time, 0, 0, 0)
        RETURNING *
        """

    static let reopen = """
        UPDATE issue
        SET severity = :severity, summary = :summary, remedy = :remedy, commands = :commands, figures = :figures,
            evidence = :evidence, coverage = :coverage, first_seen = :time, last_seen = :time, count = 1,
            state = 'open', resolved_at = NULL, recurrences = recurrences + 1,
            regressions = regressions + coalesce(resolution IN ('repaired', 'person'), 0), resolution = NULL, is_archived = 0
        WHERE fingerprint = :fingerprint
        RETURNING *
        """

    private static let openAndOlder = """
        SELECT * FROM issue
        WHERE host = ? AND resolved_at IS NULL AND last_seen < ? AND origin = 'observed' ORDER BY id
        """
}
