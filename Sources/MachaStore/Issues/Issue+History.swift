// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaModel

/// What happens to an issue: its state, and the line in its history that says so, in one transaction.
extension Issue {
    /// Lines of history that are kept of each issue, the first one apart.
    static let keptEvents = 200

    /// Takes `event` to the issue `id`. Returns the issue as it is then; `nil` when the event does not apply to it.
    @discardableResult
    static func take(_ event: IssueEvent, to id: Int64, _ db: Database) throws -> Issue? {
        guard let issue = try with(id, db), let next = issue.state.after(event.kind) else { return nil }
        try note(event, of: id, db)
        guard next != issue.state else { return issue }
        try db.cachedStatement(
            sql: """
                UPDATE issue SET state = :state,
                    acknowledgement = iif(:state = 'acknowledged', acknowledgement, NULL),
                    acknowledged_until = iif(:state = 'acknowledged', acknowledged_until, NULL)
                WHERE id = :id
                """
        ).execute(arguments: ["state": next.rawValue, "id": id])
        return try with(id, db)
    }

    /// The same for the problem `fingerprint`, if it is there.
    static func take(_ event: IssueEvent.Kind, to fingerprint: Fingerprint, note: String, at now: Date, _ db: Database)
        throws
    {
        guard let issue = try with(fingerprint, db) else { return }
        try take(
            IssueEvent(
                event, at: now, by: IssueEvent.program, note: UntrustedText(note), severity: issue.finding.severity),
            to: issue.id, db)
    }

    static func with(_ id: Int64, _ db: Database) throws -> Issue? {
        try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM issue WHERE id = ?"), arguments: [id])
            .map { try Issue($0) }
    }

    /// The open issue of this problem.
    static func with(_ fingerprint: Fingerprint, _ db: Database) throws -> Issue? {
        try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT * FROM issue WHERE fingerprint = ? AND resolved_at IS NULL"),
            arguments: [fingerprint.description]
        ).map { try Issue($0) }
    }

    /// Writes a line of history, and forgets what is too long ago.
    static func note(_ event: IssueEvent, of id: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO issue_event (issue_id, at, kind, by, note, severity) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            id, event.at.timeIntervalSince1970, event.kind.rawValue, event.by, event.note.raw,
            event.severity.rawValue,
        ])
        try db.cachedStatement(
            sql: """
                DELETE FROM issue_event WHERE issue_id = :id AND kind <> 'opened' AND id <= (
                    SELECT id FROM issue_event WHERE issue_id = :id ORDER BY id DESC LIMIT 1 OFFSET :kept)
                """
        ).execute(arguments: ["id": id, "kept": keptEvents])
    }

    /// Ends the acknowledgements whose time is over at `now`.
    static func lapse(at now: Date, _ db: Database) throws {
        let over = try Row.fetchAll(
            try db.cachedStatement(sql: "SELECT id, severity FROM issue WHERE acknowledged_until <= ?"),
            arguments: [now.timeIntervalSince1970])
        for row in over {
            let severity: String = try row.value("severity")
            guard let known = Severity(rawValue: severity) else { throw StoredValueError(column: "severity") }
            try take(
                IssueEvent(
                    .lapsed, at: now, by: IssueEvent.program, note: "the time of the acknowledgement is over",
                    severity: known), to: try row.value("id"), db)
        }
    }
}
