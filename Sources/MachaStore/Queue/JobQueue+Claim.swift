// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension JobQueue {
    /// What a worker gets when it asks for work.
    package enum Claim: Hashable, Sendable {
        /// This job is the caller's until its lease runs out.
        case job(Job, Lease)
        /// Nothing is due that this endpoint could serve. Something may be at `next`; `nil` when nothing waits for a time.
        case nothing(next: Date?)
        /// The endpoint serves as many jobs as it may.
        case busy
        /// The endpoint failed and is left alone for a while; `code` is the error's word.
        case setAside(until: Date, reason: String, code: String)
    }

    /// Takes the job that comes next for `endpoint` and leases it to `worker`.
    ///
    /// `models` are the names the endpoint can serve, `concurrency` how many jobs it takes at a time. A lease that ran
    /// out, or whose worker is a process of this machine that has ended, puts its job back first: a worker killed in the
    /// middle loses its work's time, and nobody else's. An endpoint that failed gets
    /// one job when its time has come, and more once that one ended well.
    package func claim(
        endpoint: String, models: [String], concurrency: Int = 1, worker: String, now: Date
    ) throws(StoreError) -> Claim {
        try store.write("cannot claim a job") { db in
            let time = now.timeIntervalSince1970
            try advance(to: time, db)
            var places = concurrency
            if let standing = try Row.fetchOne(
                db, sql: "SELECT * FROM endpoint WHERE name = ? AND failures > 0", arguments: [endpoint])
            {
                let until = try standing.time("set_aside_until")
                if until > now {
                    return .setAside(
                        until: until, reason: try standing.value("reason") ?? "", code: try standing.value("code") ?? ""
                    )
                }
                places = 1
            }
            guard try running(on: endpoint, db) < places else { return .busy }
            guard let id = try next(models, db) else { return .nothing(next: try nextMoment(db)) }
            try db.cachedStatement(
                sql: """
                    UPDATE job SET state = 'running', attempts = attempts + 1, claims = claims + 1, worker = :worker,
                        endpoint = :endpoint, lease_until = :until, reason = NULL
                    WHERE id = :id
                    """
            ).execute(arguments: ["worker": worker, "endpoint": endpoint, "until": time + rules.lease, "id": id])
            try count(id, db)
            let job = try job(id, db)
            guard let lease = job.lease else { return .nothing(next: nil) }
            return .job(job, lease)
        }
    }

    /// Tells that the worker still works.
    package enum Heartbeat: Hashable, Sendable {
        case held(Lease)
        /// Somebody cancelled the job: stop, and let go with ``release(_:reason:now:)``.
        case cancelled
        /// The lease ran out or the job ended: whatever comes out is not wanted any more.
        case lost
    }

    /// Extends `lease` from `now` on.
    package func heartbeat(_ lease: Lease, now: Date) throws(StoreError) -> Heartbeat {
        try store.write("cannot extend the lease of job \(lease.job)") { db in
            let until = now.timeIntervalSince1970 + rules.lease
            guard let row = try held(lease, db) else { return .lost }
            if try row.value("cancel_asked") { return .cancelled }
            try db.cachedStatement(sql: "UPDATE job SET lease_until = ? WHERE id = ?").execute(arguments: [
                until, lease.job,
            ])
            return .held(
                Lease(
                    job: lease.job, token: lease.token, until: Date(timeIntervalSince1970: until), worker: lease.worker)
            )
        }
    }

    /// The running job of `lease`, or `nil` when it is not that lease's any more.
    func held(_ lease: Lease, _ db: Database) throws -> Row? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM job WHERE id = ? AND state = 'running' AND claims = ?",
            arguments: [lease.job, lease.token])
    }

    /// Takes back at once what is left of workers that have ended; what else has happened by itself is done too.
    package func sweep(now: Date) throws(StoreError) {
        try store.write("cannot bring the queue up to date") { try advance(to: now.timeIntervalSince1970, $0) }
    }

    /// Gives back unharmed every job that `worker` has: for one that ends now and cannot wait for its tasks.
    package func giveUp(worker: String, reason: String, now: Date) throws(StoreError) {
        try store.write("cannot give back the jobs of \(WorkerProcess.shortName(worker))") { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM job WHERE state = 'running' AND worker = ?", arguments: [worker])
            for row in rows { try giveBack(row, reason, at: now.timeIntervalSince1970, db) }
        }
    }

    /// What has happened by itself since the last look: leases and deadlines that passed, jobs that came due or rose.
    func advance(to now: Double, _ db: Database) throws {
        // Without the payload, which may be a whole piece of a journal.
        let running = """
            SELECT id, worker, lease_until, attempts, max_attempts, cancel_asked, reason FROM job WHERE state = 'running'
            """
        for row in try Row.fetchAll(db, sql: running) {
            let worker: String = try row.value("worker") ?? ""
            let name = WorkerProcess.shortName(worker)
            let until: Double = try row.value("lease_until")
            if until <= now {
                try takeBack(row, "its worker \(name) stopped responding", at: now, db)
            } else if WorkerProcess.isGone(worker) {
                try takeBack(row, "its worker \(name) has ended", at: now, db)
            }
        }
        let late = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM job
                WHERE deadline <= ? AND deadline IS NOT NULL AND state IN ('blocked', 'queued', 'delayed')
                """, arguments: [now])
        for id in late { try end(id, .expired, "its deadline passed", at: now, db) }
        try db.cachedStatement(sql: "UPDATE job SET state = 'queued' WHERE state = 'delayed' AND due_at <= ?")
            .execute(arguments: [now])
        try db.cachedStatement(
            sql: """
                UPDATE job SET rank = max(1, rank - CAST((:now - ranked_at) / :step AS INTEGER)),
                    ranked_at = ranked_at + :step * CAST((:now - ranked_at) / :step AS INTEGER)
                WHERE state = 'queued' AND rank > 1 AND ranked_at <= :now - :step
                """
        ).execute(arguments: ["now": now, "step": rules.ageing])
    }

    private func next(_ models: [String], _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id FROM job INDEXED BY job_next
                    WHERE state = 'queued' AND (models IS NULL OR EXISTS (
                        SELECT 1 FROM json_each(job.models) AS wanted
                        WHERE wanted.value IN (SELECT value FROM json_each(:models))))
                    ORDER BY rank, turn, id LIMIT 1
                    """), arguments: ["models": try StoredJSON.text(of: models)])
    }

    func running(on endpoint: String, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM job WHERE state = 'running' AND endpoint = ?"),
            arguments: [endpoint]) ?? 0
    }

    private func nextMoment(_ db: Database) throws -> Date? {
        try Double.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT min(at) FROM (
                        SELECT min(due_at) AS at FROM job WHERE state = 'delayed'
                        UNION ALL SELECT min(lease_until) FROM job WHERE state = 'running')
                    """)
        ).map { Date(timeIntervalSince1970: $0) }
    }

    /// The host was served once more, and the round has come to the job's turn.
    private func count(_ id: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE queue_clock SET turn = max(turn, (SELECT turn FROM job WHERE id = ?))"
        ).execute(arguments: [id])
        try db.cachedStatement(
            sql: """
                INSERT INTO queue_turn (host, turn, served) SELECT ifnull(host, ''), turn, 1 FROM job WHERE id = ?
                ON CONFLICT (host) DO UPDATE SET served = served + 1
                """
        ).execute(arguments: [id])
    }
}
