// SPDX-License-Identifier: MIT
import GRDB
import MachaActions
import MachaFindings
import MachaModel
import struct Foundation.Date

/// What repairs and analyses tell the issues that they are about.
extension Store {
    /// Tells the issue for which `run` was proposed, if there is one. Of a run with many actions the first begins it.
    static func tellIssue(
        of run: Int64, _ event: IssueEvent.Kind, note: String, at now: Date, _ db: Database
    ) throws {
        guard
            let text = try String.fetchOne(
                db,
                sql: "SELECT proposal FROM run WHERE id = ? AND EXISTS (SELECT 1 FROM action WHERE run_id = run.id)",
                arguments: [run]),
            let finding = try StoredJSON.value(Proposal.self, from: text).finding
        else { return }
        let begun = try Int.fetchOne(db, sql: "SELECT count(*) FROM action WHERE run_id = ?", arguments: [run]) ?? 0
        guard event != .actionBegan || begun == 1 else { return }
        try Issue.take(event, to: finding, note: note, at: now, db)
    }

    /// Tells the open issues of a host that a model has looked into them.
    static func tellIssues(of analysis: Analysis, at now: Date, _ db: Database) throws {
        let open = try Row.fetchAll(
            try db.cachedStatement(
                sql: "SELECT * FROM issue WHERE host = ? AND resolved_at IS NULL ORDER BY id LIMIT 1000"),
            arguments: [analysis.host])
        for row in open {
            // One row that was edited keeps no analysis from the others.
            guard let issue = try ifReadable({ try Issue(row) }) else { continue }
            try Issue.take(
                IssueEvent(
                    .analysed, at: now, by: IssueEvent.program, note: UntrustedText(analysis.model),
                    severity: issue.finding.severity), to: issue.id, db)
        }
    }
}
