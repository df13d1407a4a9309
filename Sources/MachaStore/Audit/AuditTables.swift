// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaModel

/// The other tables against the audit, both ways: whatever was asked, approved, authorised, begun or paused has its entry,
/// written in the same transaction, and whatever has an entry is there as the entry says. What policy goes by (cooldowns,
/// limits, the pause) and what a person is shown is in these tables.
struct AuditTables {
    private let audit: AuditReplay
    private let db: Database

    /// What does not agree with `audit`.
    static func faults(_ audit: AuditReplay, _ db: Database) throws -> [String] {
        let tables = AuditTables(audit: audit, db: db)
        return try tables.runs() + tables.actions() + tables.approvals() + tables.pauses()
    }

    private func runs() throws -> [String] {
        try compare("run", "its authorisation", audit.runs, { .run($0) }) { row, run in
            guard let stored = try? StoredRun(row) else { return "" }
            if stored.host != run.host {
                return "it is for \(stored.host), but the audit says \(run.host ?? "nothing")"
            }
            if stored.approval != run.approval { return "it belongs to a different approval than in the audit" }
            if stored.proposal.contentHash != run.content {
                return "its content is not what was authorised (\(run.content.short))"
            }
            return stored.state == run.state
                ? nil : "it is \(stored.state.rawValue), but the audit says \(run.state.rawValue)"
        }
    }

    private func actions() throws -> [String] {
        try compare("action", "its start", audit.actions, { .action($0) }) { row, begun in
            guard let stored = try? StoredAction(row) else { return "" }
            guard Self.isSame(stored.record.startedAt, begun.record.startedAt),
                Self.isSame(stored.endedAt, begun.endedAt)
            else { return "its times differ from the audit" }
            var timed = begun.record
            timed.startedAt = stored.record.startedAt
            return timed == stored.record ? nil : "it is not what the audit says was done"
        }
    }

    private func approvals() throws -> [String] {
        try compare("approval", "its question", audit.questions, { .approval($0) }) { row, question in
            guard let approval = try? Store.approval(row) else { return "" }
            guard approval.isIntact else { return "its content does not match its hash" }
            if let content = question.content, content != approval.content {
                return "its content is not the one in the audit (\(content.short))"
            }
            guard approval.state == question.state else {
                return "it is \(approval.state.rawValue), but the audit says \(question.state.rawValue)"
            }
            return approval.proposal.title == question.title
                && approval.proposal.risk == question.risk ?? approval.proposal.risk
                && approval.decidedBy == question.by
                ? nil : "its title, risk or person differs from the audit"
        } + grants()
    }

    /// What is about to run, or has, needs a person's own entry whatever else is said of it.
    private func grants() throws -> [String] {
        try Row.fetchAll(db, sql: "SELECT * FROM approval ORDER BY id").compactMap { row in
            guard let approval = try? Store.approval(row), [.granted, .used].contains(approval.state) else {
                return nil
            }
            guard let content = audit.grants[approval.id] else {
                return "approval \(approval.id) is \(approval.state.rawValue), and its grant is not in the audit"
            }
            return content == approval.content
                ? nil : "approval \(approval.id) does not have the content that was granted (\(content.short))"
        }
    }

    private func pauses() throws -> [String] {
        guard !audit.unknown.contains(.pauses) else { return [] }
        let stored: Set<String> = Set(try Row.fetchAll(db, sql: "SELECT host FROM pause").map { try $0.value("host") })
        func what(_ host: String) -> String {
            host == Store.fleetRow ? "the pause of the fleet" : "the pause of \(host)"
        }
        return audit.pauses.subtracting(stored).sorted().map { "\(what($0)) was removed without a resume" }
            + stored.subtracting(audit.pauses).sorted().map { "\(what($0)) is in the database but not in the audit" }
    }

    /// Each row of `table` against what the audit says of it, and what it says of rows that are gone; but of rows that an
    /// unreadable entry is about, nothing is known. `fault` returns what is wrong with a row; empty for one that cannot be
    /// read.
    private func compare<ID: Hashable & Comparable & DatabaseValueConvertible & StatementColumnConvertible, Known>(
        _ table: String, _ entry: String, _ known: [ID: Known], _ subject: (ID) -> UnreadableEvent.Subject,
        fault: (Row, Known) -> String?
    ) throws -> [String] {
        var seen: Set<ID> = []
        var faults: [String] = []
        for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY id") {
            let id: ID = try row.value("id")
            seen.insert(id)
            if audit.unknown.contains(subject(id)) { continue }
            if let expected = known[id] {
                if let fault = fault(row, expected) {
                    faults.append("\(table) \(id) was edited" + (fault.isEmpty ? "" : ": \(fault)"))
                }
            } else {
                faults.append("\(table) \(id) is in the database, but \(entry) is not in the audit")
            }
        }
        return faults
            + known.keys.filter { !seen.contains($0) && !audit.unknown.contains(subject($0)) }.sorted().map {
                "\(table) \($0) is in the audit but was removed from the database"
            }
    }

    /// Entries are exact to the millisecond.
    private static func isSame(_ one: Date?, _ other: Date?) -> Bool {
        switch (one, other) {
        case (nil, nil): true
        case (let one?, let other?): abs(one.timeIntervalSince(other)) < 0.002
        case (nil, _?), (_?, nil): false
        }
    }
}
