// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaModel

extension Issue {
    /// Closes what has been resolved for long, and forgets what ended before `retention` began.
    static func retire(_ retention: Retention, at now: Date, _ db: Database) throws {
        let spans = [Retention.closesAfter, retention.resolvedIssues].map { $0 / .seconds(1) }
        try db.cachedStatement(sql: "DELETE FROM issue WHERE resolved_at < ?")
            .execute(arguments: [now.timeIntervalSince1970 - spans[1]])
        let old = try Int64.fetchAll(
            try db.cachedStatement(
                sql: "SELECT id FROM issue WHERE resolved_at < ? AND state = 'resolved' ORDER BY id LIMIT 1000"),
            arguments: [now.timeIntervalSince1970 - spans[0]])
        for id in old {
            _ = try end(
                id, .closed, as: .observed, at: now, by: IssueEvent.program, note: "it did not come back", db)
        }
    }

    /// One line for `issues.jsonl`: the issue with its whole history.
    struct Archived: Encodable {
        var issue: IssueDocument
        var history: [IssueEvent]
    }
}

extension Store {
    /// Appends to `log` the closed issues that are not there yet, each with its history. A process killed in between may
    /// leave some to be written again; their ids and times tell.
    func archive(to log: ExportLog) throws(StoreError) {
        // In one write transaction, so that two processes do not both write what is new.
        try write("cannot export the closed issues") { db in
            let closed = try Row.fetchAll(
                db, sql: "SELECT * FROM issue WHERE state = 'closed' AND is_archived = 0 ORDER BY id LIMIT 1000"
            ).map { try Issue($0) }
            guard !closed.isEmpty else { return }
            try log.append(
                try closed.map { issue in
                    try Self.line(
                        Issue.Archived(issue: IssueDocument(issue, muted: nil), history: Self.events(of: issue.id, db)))
                }, isDurable: true)
            for issue in closed {
                try db.cachedStatement(sql: "UPDATE issue SET is_archived = 1 WHERE id = ?")
                    .execute(arguments: [issue.id])
            }
        }
    }

    private static func line(_ archived: Issue.Archived) throws -> String {
        String(decoding: try DocumentJSON.encoder(isPretty: false).encode(archived), as: UTF8.self)
    }
}
