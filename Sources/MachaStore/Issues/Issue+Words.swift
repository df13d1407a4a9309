// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaModel

/// What a person's word does to an issue's row.
extension Issue {
    /// Opens what a person reports, or reopens it when it was reported before.
    static func report(
        _ finding: Finding, in observation: Observation, by person: String, note text: UntrustedText, _ db: Database
    ) throws -> Issue? {
        let arguments = try finding.arguments + observation.arguments(.reported)
        let known = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM issue WHERE fingerprint = ?)",
            arguments: [finding.fingerprint.description])
        let sql = known == true ? reopen : open
        guard let issue = try Row.fetchOne(db, sql: sql, arguments: arguments).map({ try Issue($0) }) else {
            return nil
        }
        try note(
            IssueEvent(
                known == true ? .reopened : .opened, at: observation.at, by: person, note: text,
                severity: finding.severity), of: issue.id, db)
        return issue
    }

    static func acknowledge(_ issue: Issue, _ word: Acknowledgement, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE issue SET state = 'acknowledged', acknowledgement = ?, acknowledged_until = ? WHERE id = ?
                """,
            arguments: [try StoredJSON.text(of: word), word.until?.timeIntervalSince1970, issue.id])
        try note(
            IssueEvent(.acknowledged, at: word.at, by: word.by, note: word.note, severity: word.severity),
            of: issue.id, db)
    }
}
