// SPDX-License-Identifier: MIT
package import MachaCore
package import struct Foundation.Date
import GRDB

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
        try append(.decision, host: authorized.host, payload: RunNote("authorised", id, authorized), at: now, db)
        return id
    }

    // MARK: Acting

    /// Records that an action begins: to be called before its first byte leaves, and the action only sent when this
    /// answers `begun`.
    ///
    /// What may have changed since policy was asked is looked at again in the same transaction: the pause, another run on
    /// the host, and that of each of `limits` no more than so many hosts are being changed.
    package func begin(
        _ record: ActionRecord, position: Int, of run: Int64, before: ActionBaseline,
        limits: [GroupLimit] = [], detail: some Encodable
    ) throws(StoreError) -> BeginOutcome {
        try write("cannot record the start on \(record.host)") { db in
            if record.footprint == .changes, let obstacle = try Self.obstacle(to: record, of: run, limits, db) {
                return .blocked(obstacle)
            }
            try db.execute(
                sql: "UPDATE run SET state = 'started' WHERE id = ? AND state IN ('authorised', 'started')",
                arguments: [run])
            guard db.changesCount == 1 else { return .blocked("the run has ended already") }
            try db.execute(
                sql: """
                    INSERT INTO action (run_id, position, host, kind, target, footprint, playbook, is_automatic, outcome,
                        before, started_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?)
                    """,
                arguments: [
                    run, position, record.host, record.kind.rawValue, record.target, record.footprint.rawValue,
                    record.playbook, record.isAutomatic, try StoredJSON.text(of: before),
                    record.startedAt.timeIntervalSince1970,
                ])
            let id = db.lastInsertedRowID
            try Self.append(
                .started, host: record.host,
                payload: ActionNote(run: run, action: id, position: position, record: record, detail: detail),
                at: record.startedAt, db)
            return .begun(id)
        }
    }

    private static func obstacle(
        to record: ActionRecord, of run: Int64, _ limits: [GroupLimit], _ db: Database
    ) throws -> String? {
        if let pause = try pauseState(db).entry(for: record.host) { return "paused by \(pause.by)" }
        let changing = try Row.fetchAll(
            db, sql: "SELECT id, host FROM run WHERE state = 'started' AND id <> ?", arguments: [run])
        if let other = changing.first(where: { $0["host"] == record.host }) {
            return "run \(other["id"] as Int64) is under way on this host"
        }
        let hosts = Set(changing.map { $0["host"] as String })
        for limit in limits where hosts.intersection(limit.hosts).count >= limit.atOnce {
            return "group “\(limit.group)” lets \(limit.atOnce) be changed at a time"
        }
        return nil
    }

    /// Records how an action ended. `detail` is what the audit keeps, bounded and without secrets.
    package func end(
        _ action: Int64, _ outcome: ActionRecord.Outcome, detail: some Encodable, at now: Date
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
                outcome == .interrupted ? .interrupted : .finished, host: stored.record.host,
                payload: ActionNote(
                    run: stored.run, action: action, position: stored.position, record: stored.record, detail: detail),
                at: now, db)
        }
    }

    /// Records how a run ended.
    package func close(_ run: Int64, _ state: StoredRun.State, note: String, at now: Date) throws(StoreError) {
        try write("cannot record the end of run \(run)") { db in
            try db.execute(
                sql: "UPDATE run SET state = ?, ended_at = ?, note = ? WHERE id = ?",
                arguments: [state.rawValue, now.timeIntervalSince1970, note, run])
            let host = try String.fetchOne(db, sql: "SELECT host FROM run WHERE id = ?", arguments: [run])
            try Self.append(
                state == .interrupted ? .interrupted : .finished, host: host,
                payload: EndNote(run: run, state: state, note: note), at: now, db)
        }
    }

    // MARK: Looking back

    /// Runs that are neither ended nor skipped: under way in some process, or left by one that is gone.
    package func openRuns() throws(StoreError) -> [StoredRun] {
        try read("cannot read the open runs") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM run WHERE state IN ('authorised', 'started') ORDER BY id")
                .map { try StoredRun($0) }
        }
    }

    /// The run with this id; `nil` when there is none.
    package func run(_ id: Int64) throws(StoreError) -> StoredRun? {
        try read("cannot read run \(id)") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]).map { try StoredRun($0) }
        }
    }

    /// The run that used this approval.
    package func run(ofApproval id: Int) throws(StoreError) -> StoredRun? {
        try read("cannot read the run of approval \(id)") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM run WHERE approval_id = ?", arguments: [id])
                .map { try StoredRun($0) }
        }
    }

    /// The actions of a run, in the order they were begun.
    package func actions(of run: Int64) throws(StoreError) -> [StoredAction] {
        try read("cannot read the actions of run \(run)") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM action WHERE run_id = ? ORDER BY id", arguments: [run])
                .map { try StoredAction($0) }
        }
    }

    /// Every action that was begun since `time`, for policy.
    package func history(since time: Date) throws(StoreError) -> [ActionRecord] {
        try read("cannot read the history of actions") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM action WHERE started_at >= ? ORDER BY id",
                arguments: [time.timeIntervalSince1970]
            ).map { try StoredAction($0).record }
        }
    }

    /// Whether the last action of this kind on this target was interrupted and nobody has followed it up.
    package func wasInterrupted(host: String, kind: Action.Kind, target: String) throws(StoreError) -> Bool {
        try read("cannot read the history of actions") { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT outcome FROM action WHERE host = ? AND kind = ? AND target = ? ORDER BY id DESC LIMIT 1
                    """, arguments: [host, kind.rawValue, target]) == ActionRecord.Outcome.interrupted.rawValue
        }
    }

    /// Hosts on which a change is under way.
    package func changingHosts() throws(StoreError) -> Set<String> {
        try read("cannot read the open runs") { db in
            Set(try String.fetchAll(db, sql: "SELECT host FROM run WHERE state = 'started'"))
        }
    }
}

/// How many hosts of a group may be changed at a time.
package struct GroupLimit: Hashable, Sendable {
    package var group: String
    package var hosts: Set<String>
    package var atOnce: Int

    package init(group: String, hosts: Set<String>, atOnce: Int) {
        self.group = group
        self.hosts = hosts
        self.atOnce = atOnce
    }
}

/// Whether an action may be sent now.
package enum BeginOutcome: Hashable, Sendable {
    /// The action's id.
    case begun(Int64)
    /// Why not; nothing was recorded.
    case blocked(String)
}

private struct ActionNote<Detail: Encodable>: Encodable {
    var run: Int64
    var action: Int64
    var position: Int
    var record: ActionRecord
    var detail: Detail
}

private struct EndNote: Encodable {
    var run: Int64
    var state: StoredRun.State
    var note: String
}

private struct RunNote: Encodable {
    var event: String
    var run: Int64
    var title: String
    var playbook: String?
    var content: ContentHash
    var risk: Risk
    var authority: AuthorizedAction.Authority
    var requester: Requester
    var finding: Fingerprint?

    init(_ event: String, _ run: Int64, _ authorized: AuthorizedAction) {
        self.event = event
        self.run = run
        title = authorized.proposal.title
        playbook = authorized.proposal.playbook
        content = authorized.content
        risk = authorized.proposal.risk
        authority = authorized.authority
        requester = authorized.proposal.requester
        finding = authorized.proposal.finding
    }
}

extension StoredRun {
    fileprivate init(_ row: Row) throws {
        let state: String = row["state"]
        guard let known = State(rawValue: state) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "state “\(state)”"))
        }
        self.init(
            id: row["id"], host: row["host"], approval: row["approval_id"], state: known,
            proposal: try StoredJSON.value(Proposal.self, from: row["proposal"]),
            authority: try StoredJSON.value(AuthorizedAction.Authority.self, from: row["authority"]),
            authorisedAt: Date(timeIntervalSince1970: row["authorised_at"]),
            endedAt: (row["ended_at"] as Double?).map { Date(timeIntervalSince1970: $0) }, note: row["note"])
    }
}

extension StoredAction {
    fileprivate init(_ row: Row) throws {
        let kind: String = row["kind"]
        let footprint: String = row["footprint"]
        let outcome: String = row["outcome"]
        guard let kind = Action.Kind(rawValue: kind), let footprint = Action.Footprint(rawValue: footprint),
            let outcome = ActionRecord.Outcome(rawValue: outcome)
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "action “\(kind)” with outcome “\(outcome)”"))
        }
        let record = ActionRecord(
            host: row["host"], kind: kind, target: row["target"], footprint: footprint, playbook: row["playbook"],
            isAutomatic: row["is_automatic"], startedAt: Date(timeIntervalSince1970: row["started_at"]),
            outcome: outcome)
        self.init(
            id: row["id"], run: row["run_id"], position: row["position"], record: record,
            before: try StoredJSON.value(ActionBaseline.self, from: row["before"]),
            endedAt: (row["ended_at"] as Double?).map { Date(timeIntervalSince1970: $0) })
    }
}
