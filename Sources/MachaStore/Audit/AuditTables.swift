// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaCore

/// The other tables against the audit: whatever was authorised, begun or approved has its entry, written in the same
/// transaction. A row without one was made by another hand, or its entry was taken away.
enum AuditTables {
    /// What an entry is about.
    private struct Subject: Decodable {
        struct Authority: Decodable {
            struct Approval: Decodable { var id: Int }
            var approval: Approval?
        }

        var event: String?
        var run: Int64?
        var action: Int64?
        var approval: Int?
        var content: ContentHash?
    }

    static func faults(_ entries: [AuditEntry], _ db: Database) throws -> [String] {
        var runs: Set<Int64> = []
        var actions: Set<Int64> = []
        var grants: [Int: ContentHash] = [:]
        let decoder = JSONDecoder()
        for entry in entries where [.decision, .started, .approval].contains(entry.kind) {
            guard let subject = try? decoder.decode(Subject.self, from: Data(entry.payload.utf8)) else { continue }
            switch entry.kind {
            case .decision where subject.event == "authorised": subject.run.map { _ = runs.insert($0) }
            case .started: subject.action.map { _ = actions.insert($0) }
            case .approval where subject.event == "granted": subject.approval.map { grants[$0] = subject.content }
            default: break
            }
        }
        return try missing("run", "its authorisation", runs, db) + missing("action", "its start", actions, db)
            + approvals(grants, db)
    }

    private static func missing(
        _ table: String, _ what: String, _ known: Set<Int64>, _ db: Database
    ) throws -> [String] {
        try Int64.fetchAll(db, sql: "SELECT id FROM \(table) ORDER BY id").filter { !known.contains($0) }
            .map { "\(table) \($0) is in the database, and \(what) is not in the audit" }
    }

    private static func approvals(_ grants: [Int: ContentHash], _ db: Database) throws -> [String] {
        try Row.fetchAll(db, sql: "SELECT * FROM approval ORDER BY id").compactMap { row in
            let id: Int = try row.value("id")
            guard let approval = try? Store.approval(row) else { return "approval \(id) was edited" }
            guard [.granted, .used].contains(approval.state) else { return nil }
            guard let content = grants[id] else {
                return "approval \(id) is \(approval.state.rawValue), and nobody's grant is in the audit"
            }
            return content == approval.content
                ? nil : "approval \(id) has another content than was granted (\(content.short))"
        }
    }
}
