// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

/// The durable queue of work for models, shared by every process that opens the same state.
///
/// What is put in survives `kill -9` of anyone; a job is claimed by one worker at a time and ends once. The order is
/// priority, raised by waiting; then fairness between hosts; then age. Every call is one transaction and takes the
/// clock, and randomness where it needs some, from its caller.
package struct JobQueue: Sendable {
    let store: Store
    package let rules: QueueRules

    package init(_ store: Store, rules: QueueRules = QueueRules()) {
        self.store = store
        self.rules = rules
    }

    /// What became of one request.
    package struct Placed: Hashable, Sendable {
        package var id: Int64
        /// `queued`, `delayed` or `blocked`; `shed` when the queue is full of what matters more; `cancelled` when a job
        /// it needs did not end well.
        package var state: JobState
        /// The waiting jobs it replaced.
        package var superseded: [Int64]
        /// What had to go to make room for it.
        package var shed: [Int64]
    }

    /// Puts `requests` in, all or none, and says for each what became of it.
    ///
    /// `root` is the job they are parts of. Throws ``StoreError`` when a request needs a job that does not exist.
    @discardableResult
    package func enqueue(
        _ requests: [JobRequest], root: Int64? = nil, now: Date
    ) throws(StoreError) -> [Placed] {
        try store.write("cannot put \(requests.count) jobs into the queue") { db in
            try place(requests, root: root, at: now.timeIntervalSince1970, db)
        }
    }

    /// Puts one request in.
    @discardableResult
    package func enqueue(_ request: JobRequest, now: Date) throws(StoreError) -> Placed {
        try store.write("cannot put a \(request.kind.rawValue) into the queue") { db in
            try place(request, earlier: [], root: nil, at: now.timeIntervalSince1970, db)
        }
    }

    func place(_ requests: [JobRequest], root: Int64?, at now: Double, _ db: Database) throws -> [Placed] {
        var placed: [Placed] = []
        for request in requests {
            placed.append(try place(request, earlier: placed.map(\.id), root: root, at: now, db))
        }
        return placed
    }

    private func place(
        _ request: JobRequest, earlier: [Int64], root: Int64?, at now: Double, _ db: Database
    ) throws -> Placed {
        let replaced = try Row.fetchAll(
            db,
            sql: """
                SELECT id, rank, ranked_at, turn FROM job
                WHERE key = ? AND state IN ('blocked', 'queued', 'delayed')
                    AND NOT EXISTS (SELECT 1 FROM job AS part WHERE part.root = job.id) ORDER BY id
                """, arguments: [request.key])
        let shed = try room(for: request, replacing: replaced.count, at: now, db)
        let isShed = shed == nil
        let first = replaced.first
        let turn: Int64 = try first.map { try $0.value("turn") } ?? (isShed ? 0 : try nextTurn(request.host, db))
        let rank = try replaced.map { try $0.value("rank") as Int }.min().map { min($0, request.priority.rawValue) }
        let due = request.dueAt?.timeIntervalSince1970 ?? now
        let rankedAt: Double = try first.map { try $0.value("ranked_at") } ?? max(now, due)
        try db.cachedStatement(
            sql: """
                INSERT INTO job (kind, host, priority, rank, ranked_at, turn, state, payload, models, key, root,
                    created_at, due_at, deadline, max_attempts, reason, finished_at)
                VALUES (:kind, :host, :priority, :rank, :ranked, :turn, :state, :payload, :models, :key, :root,
                    :now, :due, :deadline, :most, :reason, :finished)
                """
        ).execute(arguments: [
            "kind": request.kind.rawValue, "host": request.host, "priority": request.priority.rawValue,
            "rank": rank ?? request.priority.rawValue, "ranked": rankedAt,
            "turn": turn, "state": isShed ? "shed" : due > now ? "delayed" : "queued", "payload": request.payload,
            "models": request.models.isEmpty ? nil : try StoredJSON.text(of: request.models), "key": request.key,
            "root": root, "now": now, "due": due, "deadline": request.deadline?.timeIntervalSince1970,
            "most": request.maxAttempts,
            "reason": isShed ? "the queue is full: \(rules.depth) jobs of equal or higher priority are waiting" : nil,
            "finished": isShed ? now : nil,
        ])
        let id = db.lastInsertedRowID
        for old in replaced where !isShed {
            try end(try old.value("id"), .superseded, "superseded by job \(id)", at: now, db)
        }
        if !isShed { try block(id, by: request.needs, earlier: earlier, at: now, db) }
        let state = try String.fetchOne(db, sql: "SELECT state FROM job WHERE id = ?", arguments: [id]) ?? ""
        return Placed(
            id: id, state: JobState(rawValue: state) ?? .queued,
            superseded: isShed ? [] : try replaced.map { try $0.value("id") }, shed: shed ?? [])
    }

    /// Makes the job wait for `needs`; it is cancelled at once when one it requires has ended badly already.
    private func block(
        _ id: Int64, by needs: [JobRequest.Need], earlier: [Int64], at now: Double, _ db: Database
    ) throws {
        for need in needs {
            let other: Int64
            switch need.reference {
            case .id(let known): other = known
            case .earlier(let index):
                guard earlier.indices.contains(index) else {
                    throw StoreError(
                        .rejected, path: store.path,
                        reason: "a job needs request \(index), which does not come before it")
                }
                other = earlier[index]
            }
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO job_need (job, need, required) VALUES (?, ?, ?)")
                .execute(arguments: [id, other, need.isRequired])
        }
        if !needs.isEmpty {
            try db.execute(sql: "UPDATE job SET state = 'blocked' WHERE id = ?", arguments: [id])
            try unblock(id, at: now, db)
        }
    }

    /// Frees a place for `request` when the queue is full; what was shed, or `nil` when the request itself has to go.
    private func room(
        for request: JobRequest, replacing: Int, at now: Double, _ db: Database
    ) throws -> [Int64]? {
        let waiting =
            try Int.fetchOne(
                db.cachedStatement(
                    sql: "SELECT count(*) FROM job WHERE state IN ('blocked', 'queued', 'delayed')")) ?? 0
        guard waiting - replacing >= rules.depth else { return [] }
        let least = try Row.fetchOne(
            db,
            sql: """
                SELECT id, rank FROM job WHERE state IN ('blocked', 'queued', 'delayed')
                ORDER BY rank DESC, turn DESC, id DESC LIMIT 1
                """)
        guard let least, (try least.value("rank") as Int) > request.priority.rawValue else { return nil }
        let id: Int64 = try least.value("id")
        try end(id, .shed, "the queue is full, and a job of higher priority arrived", at: now, db)
        return [id]
    }

    /// The place of the next job of `host` in the round of all hosts.
    private func nextTurn(_ host: String?, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    INSERT INTO queue_turn (host, turn) VALUES (:host, (SELECT turn FROM queue_clock) + 1)
                    ON CONFLICT (host) DO UPDATE SET turn = max(turn, (SELECT turn FROM queue_clock)) + 1
                    RETURNING turn
                    """), arguments: ["host": host ?? ""]) ?? 0
    }
}
