// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaFindings
package import struct Foundation.Date

extension Store {
    // MARK: Authorising

    /// Records a run that policy allows. Nothing has been sent yet.
    package func open(_ authorized: AuthorizedAction, at now: Date) throws(StoreError) -> Int64 {
        try write("cannot record the run on \(authorized.host)") { db in
            try Self.insert(authorized, approval: nil, at: now, db)
        }
    }

    /// Uses up a granted approval and records its run, in one transaction: it can never be used again.
    package func use(
        _ id: Int, at now: Date
    ) throws(StoreError) -> Result<(run: Int64, authorized: AuthorizedAction), ApprovalError>? {
        try write("cannot use approval \(id)") { db in
            guard var approval = try Self.approval(id, db) else { return nil }
            let authorized: AuthorizedAction
            do throws(ApprovalError) {
                authorized = try approval.authorize(at: now)
            } catch {
                if approval.state != .expired, approval.state(at: now) == .expired {
                    try Self.expire(approval, at: now, db)
                }
                return .failure(error)
            }
            if let obstacle = try GrantProof.obstacle(approval, isUnused: true, db) {
                return .failure(ApprovalError(refusing: obstacle))
            }
            try Self.save(approval, db)
            return .success((try Self.insert(authorized, approval: id, at: now, db), authorized))
        }
    }

    private static func insert(
        _ authorized: AuthorizedAction, approval: Int?, at now: Date, _ db: Database
    ) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO run (host, approval_id, state, proposal, authority, authorised_at)
                VALUES (?, ?, 'authorised', ?, ?, ?)
                """,
            arguments: [
                authorized.host, approval, try StoredJSON.text(of: authorized.proposal),
                try StoredJSON.text(of: authorized.authority), now.timeIntervalSince1970,
            ])
        let id = db.lastInsertedRowID
        try append(.authorised(AuditEvent.Authorised(id, authorized)), host: authorized.host, at: now, db)
        return id
    }

    // MARK: Acting

    /// Records that an action begins: to be called before its first byte leaves, and the action only sent when this
    /// answers `begun`.
    ///
    /// What may have changed since the decision is checked again in the same transaction: the pause, another run on
    /// the host, and that of each of `limits` no more than so many hosts are being changed.
    package func begin(
        _ record: ActionRecord, position: Int, of run: Int64, before: ActionBaseline,
        limits: [GroupLimit] = [], detail: AuditEvent.StartDetail
    ) throws(StoreError) -> BeginOutcome {
        try write("cannot record the start on \(record.host)") { db in
            if record.footprint == .changes,
                let obstacle = try Self.obstacle(to: record, at: position, of: run, limits, db)
            {
                return .blocked(obstacle)
            }
            if let obstacle = try Self.missingGrant(of: run, db) { return .blocked(obstacle) }
            try db.execute(
                sql: "UPDATE run SET state = 'started' WHERE id = ? AND state IN ('authorised', 'started')",
                arguments: [run])
            guard db.changesCount == 1 else { return .blocked("the run has ended already") }
            try db.execute(
                sql: """
                    INSERT INTO action (run_id, position, host, kind, target, footprint, playbook, is_automatic, outcome,
                        before, started_at, machine)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)
                    """,
                arguments: [
                    run, position, record.host, record.kind.rawValue, record.target, record.footprint.rawValue,
                    record.playbook, record.isAutomatic, try StoredJSON.text(of: before),
                    record.startedAt.timeIntervalSince1970, try record.machine.map { try StoredJSON.text(of: $0) },
                ])
            let id = db.lastInsertedRowID
            try Self.tellIssue(of: run, .actionBegan, note: "run \(run)", at: record.startedAt, db)
            try Self.append(
                .started(
                    AuditEvent.ActionStart(run: run, action: id, position: position, record: record, detail: detail)),
                host: record.host, at: record.startedAt, db)
            return .begun(id)
        }
    }

    /// The steps of the way back stand behind those of the proposal.
    private static func isWayBack(_ position: Int, of run: Int64, _ db: Database) throws -> Bool {
        let text = try String.fetchOne(db, sql: "SELECT proposal FROM run WHERE id = ?", arguments: [run])
        return try text.map { position >= (try StoredJSON.value(Proposal.self, from: $0)).steps.count } ?? false
    }

    private static func obstacle(
        to record: ActionRecord, at position: Int, of run: Int64, _ limits: [GroupLimit], _ db: Database
    ) throws -> String? {
        let names = try names(of: record, db)
        let pauses = try pauseState(db)
        if record.isAutomatic, try !isWayBack(position, of: run, db),
            let window = try windows(db).first(where: {
                names.contains($0.host) && $0.span.contains(record.startedAt)
            })
        {
            return "in maintenance by \(window.by)"
        }
        // A pause stops what has not begun. What a run has begun may be undone: half done is the worst place to stop.
        if try !isWayBack(position, of: run, db),
            let pause = names.sorted().lazy.compactMap({ pauses.entry(for: $0) }).first
        {
            return "paused by \(pause.by)"
        }
        let changing = try Row.fetchAll(
            db, sql: "SELECT id, host FROM run WHERE state = 'started' AND id <> ?", arguments: [run])
        if let other = try changing.first(where: { names.contains(try $0.value("host")) }) {
            let id: Int64 = try other.value("id")
            return "run \(id) is under way on this machine"
        }
        let hosts = Set(try changing.map { try $0.value("host") as String })
        for limit in limits where hosts.intersection(limit.hosts).count >= limit.atOnce {
            return "group “\(limit.group)” lets \(limit.atOnce) be changed at a time"
        }
        return nil
    }

    /// Why `run`, which a person's approval began, has no grant in the audit.
    private static func missingGrant(of run: Int64, _ db: Database) throws -> String? {
        let id = try Int.fetchOne(
            db, sql: "SELECT approval_id FROM run WHERE id = ? AND approval_id IS NOT NULL", arguments: [run])
        guard let id else { return nil }
        guard let approval = try approval(id, db) else { return "there is no approval \(id)" }
        return try GrantProof.obstacle(approval, isUnused: false, db)
    }

    /// Records how an action ended. `detail` is what the audit keeps, bounded and without secrets.
    package func end(
        _ action: Int64, _ outcome: ActionRecord.Outcome, detail: AuditEvent.EndDetail, at now: Date
    ) throws(StoreError) {
        try write("cannot record the end of action \(action)") { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM action WHERE id = ?", arguments: [action]) else {
                return
            }
            var stored = try StoredAction(row)
            try db.execute(
                sql: "UPDATE action SET outcome = ?, ended_at = ? WHERE id = ?",
                arguments: [outcome.rawValue, now.timeIntervalSince1970, action])
            stored.record.outcome = outcome
            try Self.append(
                .ended(
                    AuditEvent.ActionEnd(
                        run: stored.run, action: action, position: stored.position, record: stored.record,
                        detail: detail)),
                host: stored.record.host, at: now, db)
        }
    }

    /// Records how a run ended.
    package func close(_ run: Int64, _ state: RunState, note: String, at now: Date) throws(StoreError) {
        try write("cannot record the end of run \(run)") { db in
            try db.execute(
                sql: "UPDATE run SET state = ?, ended_at = ?, note = ? WHERE id = ?",
                arguments: [state.rawValue, now.timeIntervalSince1970, note, run])
            let host = try String.fetchOne(db, sql: "SELECT host FROM run WHERE id = ?", arguments: [run])
            try Self.tellIssue(of: run, .actionEnded, note: state.rawValue, at: now, db)
            try Self.append(
                .closed(AuditEvent.RunEnd(run: run, state: state, note: note)), host: host, at: now, db)
        }
    }
}
