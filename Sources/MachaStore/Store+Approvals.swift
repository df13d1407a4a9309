// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaInventory
package import MachaModel
package import struct Foundation.Date

/// What became of a question to a person.
package enum AskOutcome: Hashable, Sendable {
    /// It waits now, under a new id.
    case asked(Approval)
    /// It waited already, with the same content; its evidence is the newest now.
    case seenAgain(Approval)
    /// A person said no to this very evidence not long ago.
    case rejected(Approval)
    /// A person has said yes, and it has not begun yet.
    case granted(Approval)
}

extension Store {
    /// How long a rejected proposal is not asked again while its evidence stays the same, in seconds.
    package static let coolOff = 7.0 * 86_400

    /// Puts `proposal` before a person, unless that has happened already; a person who is insisting is asked again.
    ///
    /// One id has one content: what waits, or was approved and not begun, and now asks for anything else is superseded,
    /// and a new approval asks instead. Only the evidence of one that waits is renewed, and the audit says so.
    @discardableResult
    package func ask(
        _ proposal: Proposal, because decision: Decision, at now: Date, lifetime: Double = Approval.lifetime,
        isInsisting: Bool = false
    ) throws(StoreError) -> AskOutcome {
        try write("cannot queue the approval") { db in
            let last = try Row.fetchOne(
                db, sql: "SELECT * FROM approval WHERE host = ? AND question = ? ORDER BY id DESC LIMIT 1",
                arguments: [proposal.host, proposal.question]
            ).flatMap { try Self.readable($0) }
            let id = try Int.fetchOne(db, sql: nextID) ?? 0
            if let last {
                let isSame = proposal.differsOnlyInEvidence(from: last.proposal)
                switch last.state(at: now) {
                case .waiting where isInsisting, .granted where isInsisting:
                    try Self.supersede(last, because: "replaced by approval \(id)", at: now, db)
                case .rejected where isInsisting: break
                case .waiting where isSame:
                    return .seenAgain(try Self.refresh(last, proposal, because: decision, at: now, db))
                case .granted where isSame: return .granted(last)
                case .waiting, .granted: try Self.supersede(last, by: id, at: now, db)
                case .rejected where isSame && Self.isAnswered(proposal, by: last, at: now): return .rejected(last)
                case .rejected, .superseded, .used: break
                case .expired: try Self.expire(last, at: now, db)
                }
            }
            for earlier in try Self.forerunners(of: proposal, at: now, db) {
                try Self.supersede(earlier, by: id, at: now, db)
            }
            let approval = Approval(id: id, asking: proposal, because: decision, at: now, lifetime: lifetime)
            try db.execute(
                sql: """
                    INSERT INTO approval (id, host, question, finding, state, expires_at, body)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, proposal.host, proposal.question, proposal.finding?.description, approval.state.rawValue,
                    approval.expiresAt.timeIntervalSince1970, try StoredJSON.text(of: approval),
                ])
            try Self.append(.approval(AuditEvent.ApprovalChange(.asked, approval)), host: proposal.host, at: now, db)
            return .asked(approval)
        }
    }

    /// Shows the newest evidence under the same id; what a person would see differently is in the audit.
    private static func refresh(
        _ approval: Approval, _ proposal: Proposal, because decision: Decision, at now: Date, _ db: Database
    ) throws -> Approval {
        var seen = approval
        try seen.see(proposal, because: decision, at: now)
        try save(seen, db)
        if seen.content != approval.content || seen.decision != approval.decision {
            try append(.approval(AuditEvent.ApprovalChange(.refreshed, seen)), host: proposal.host, at: now, db)
        }
        return seen
    }

    /// What the same playbook asked for before about the same finding, with other steps: an owner has changed the playbook,
    /// or the values come out differently. Different wishes of models and persons stand beside one another.
    private static func forerunners(of proposal: Proposal, at now: Date, _ db: Database) throws -> [Approval] {
        guard case .macha = proposal.requester, let finding = proposal.finding else { return [] }
        return try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM approval
                WHERE host = ? AND finding = ? AND question <> ? AND state IN ('waiting', 'granted')
                """, arguments: [proposal.host, finding.description, proposal.question]
        ).compactMap { try readable($0) }.filter { earlier in
            earlier.proposal.playbook == proposal.playbook && earlier.proposal.requester == proposal.requester
                && earlier.state(at: now) != .expired
        }
    }

    private static func supersede(_ approval: Approval, by successor: Int, at now: Date, _ db: Database) throws {
        try supersede(
            approval, because: "the proposal has changed; see approval \(successor)", at: now, db)
    }

    private static func supersede(_ approval: Approval, because why: String, at now: Date, _ db: Database) throws {
        var approval = approval
        try approval.supersede(because: why, at: now)
        try save(approval, db)
        try append(
            .approval(AuditEvent.ApprovalChange(.superseded, approval)), host: approval.proposal.host, at: now, db)
    }

    /// Approvals with this id; `nil` when there never was one.
    package func approval(_ id: Int) throws(StoreError) -> Approval? {
        try read("cannot read approval \(id)") { try Self.approval(id, $0) }
    }

    /// The newest `limit` approvals, oldest first; with `open` those that wait or are granted at `now`, all of them. One that
    /// cannot be read is left out, for ``editedApprovals()`` to name: it takes no other with it.
    package func approvals(open: Bool, at now: Date, limit: Int = 1_000) throws(StoreError) -> [Approval] {
        try read("cannot read the approvals") { db in
            let condition = open ? "WHERE state IN ('waiting', 'granted')" : ""
            return try Row.fetchAll(
                db, sql: "SELECT * FROM approval \(condition) ORDER BY id DESC LIMIT ?", arguments: [open ? -1 : limit]
            ).reversed().compactMap { try Self.readable($0) }
                .filter { !open || [.waiting, .granted].contains($0.state(at: now)) }
        }
    }

    /// Approvals that a person has granted for `host` and that have not begun, oldest first, however many others are open.
    package func grantedApprovals(of host: String, at now: Date) throws(StoreError) -> [Approval] {
        try read("cannot read the approvals of \(host)") { db in
            try Row.fetchAll(
                try db.cachedStatement(sql: "SELECT * FROM approval WHERE host = ? AND state = 'granted' ORDER BY id"),
                arguments: [host]
            ).compactMap { try Self.readable($0) }.filter { $0.state(at: now) == .granted }
        }
    }

    /// How many approvals wait for a person.
    package func waitingApprovals(at now: Date) throws(StoreError) -> Int {
        try read("cannot count the approvals") { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM approval WHERE state = 'waiting' AND expires_at > ?",
                arguments: [now.timeIntervalSince1970]) ?? 0
        }
    }

    /// Ids of open approvals that are not as this program wrote them. Nothing runs on them, and nobody can approve them.
    package func editedApprovals() throws(StoreError) -> [Int] {
        try read("cannot read the approvals") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM approval WHERE state IN ('waiting', 'granted') ORDER BY id")
                .filter { try Self.readable($0)?.isIntact != true }.map { try $0.value("id") }
        }
    }

    /// A person approves what was shown; `nil` when there is no such approval. A second answer, a late one, and one to
    /// something else than `content` are failures.
    package func grant(
        _ id: Int, content: ContentHash?, by person: String, at now: Date
    ) throws(StoreError) -> Result<Approval, ApprovalError>? {
        try change(id, .granted, at: now) { (approval) throws(ApprovalError) in
            try approval.grant(by: person, content: content ?? approval.content, at: now)
        }
    }

    /// A person says no.
    package func reject(
        _ id: Int, by person: String, because reason: String, at now: Date
    ) throws(StoreError) -> Result<Approval, ApprovalError>? {
        try change(id, .rejected, at: now) { (approval) throws(ApprovalError) in
            try approval.reject(by: person, because: reason, at: now)
        }
    }

    /// Withdraws waiting approvals whose problems are gone; returns their ids.
    func supersede(findings: [String], at now: Date) throws(StoreError) -> [Int] {
        guard !findings.isEmpty else { return [] }
        return try write("cannot withdraw approvals") { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM approval
                    WHERE state = 'waiting' AND finding IN (\(Self.marks(findings.count)))
                    """, arguments: StatementArguments(findings))
            return try rows.compactMap { row -> Int? in
                guard let approval = try Self.readable(row) else { return nil }
                if approval.state(at: now) == .expired {
                    try Self.expire(approval, at: now, db)
                } else {
                    try Self.supersede(approval, because: "the problem is gone", at: now, db)
                }
                return approval.id
            }
        }
    }

    /// Takes an approval back that was granted or waits; `why` is shown with it from then on.
    package func withdraw(_ id: Int, because why: String, at now: Date) throws(StoreError) {
        _ = try change(id, .superseded, at: now) { (approval) throws(ApprovalError) in
            try approval.supersede(because: why, at: now)
        }
    }

    private func change(
        _ id: Int, _ event: AuditEvent.ApprovalChange.Event, at now: Date,
        _ body: (inout Approval) throws(ApprovalError) -> Void
    ) throws(StoreError) -> Result<Approval, ApprovalError>? {
        try write("cannot change approval \(id)") { db in
            guard var approval = try Self.approval(id, db) else { return nil }
            do throws(ApprovalError) {
                try body(&approval)
            } catch {
                if approval.state != .expired, approval.state(at: now) == .expired {
                    try Self.expire(approval, at: now, db)
                }
                return .failure(error)
            }
            try Self.save(approval, db)
            try Self.append(
                .approval(AuditEvent.ApprovalChange(event, approval)), host: approval.proposal.host, at: now, db)
            return .success(approval)
        }
    }

    static func expire(_ approval: Approval, at now: Date, _ db: Database) throws {
        var approval = approval
        approval.expire(at: now)
        try save(approval, db)
        try append(.approval(AuditEvent.ApprovalChange(.expired, approval)), host: approval.proposal.host, at: now, db)
    }

    static func save(_ approval: Approval, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE approval SET state = ?, expires_at = ?, body = ? WHERE id = ?",
            arguments: [
                approval.state.rawValue, approval.expiresAt.timeIntervalSince1970, try StoredJSON.text(of: approval),
                approval.id,
            ])
    }

    static func approval(_ id: Int, _ db: Database) throws -> Approval? {
        try Row.fetchOne(db, sql: "SELECT * FROM approval WHERE id = ?", arguments: [id]).map { try approval($0) }
    }

    /// The approval of a row, whose columns must say the same as its body: the one is searched, the other obeyed.
    static func approval(_ row: Row) throws -> Approval {
        let approval = try StoredJSON.value(Approval.self, from: try row.value("body"))
        guard approval.id == (try row.value("id") as Int), approval.proposal.host == (try row.value("host") as String),
            approval.state.rawValue == (try row.value("state") as String)
        else { throw StoredValueError(column: "approval \(try row.value("id") as Int)") }
        return approval
    }

    /// The approval of a row that this program wrote; `nil` for any other.
    private static func readable(_ row: Row) throws -> Approval? { try ifReadable { try approval(row) } }

    private static func isAnswered(_ proposal: Proposal, by rejection: Approval, at now: Date) -> Bool {
        guard let answeredAt = rejection.decidedAt, proposal.evidence == rejection.proposal.evidence,
            proposal.target == rejection.proposal.target
        else {
            return false
        }
        return now.timeIntervalSince(answeredAt) < coolOff
    }
}

/// From 0, and never one that was used before: sqlite.org/autoinc.html keeps the highest in `sqlite_sequence`.
private let nextID = "SELECT coalesce((SELECT seq + 1 FROM sqlite_sequence WHERE name = 'approval'), 0)"
