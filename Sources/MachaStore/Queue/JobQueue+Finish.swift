// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension JobQueue {
    /// How the end of a job was taken.
    package enum Ending: Hashable, Sendable {
        /// The job is in this state now.
        case recorded(JobState)
        /// The lease was not valid any more; nothing has changed.
        case leaseLost
    }

    /// The job is done. `result` is a JSON document; `partial` keeps it for other jobs with the same content too.
    package func complete(
        _ lease: Lease, result: String, partial key: String? = nil, now: Date
    ) throws(StoreError) -> Ending {
        try store.write("cannot record the result of job \(lease.job)") { db in
            let time = now.timeIntervalSince1970
            guard let row = try held(lease, db) else { return .leaseLost }
            if let key { try keep(result, as: key, at: time, db) }
            try absolve(try row.value("endpoint"), db)
            if try isCancelled(row, at: time, db) { return .recorded(.cancelled) }
            try finish(lease.job, result, at: time, db)
            return .recorded(.done)
        }
    }

    /// The job did not work out this time.
    ///
    /// It is tried again after a while, unless `isFinal` (it can never succeed) or all attempts are used up: then it is
    /// `failed`. `random` is from 0 to 1.
    package func fail(
        _ lease: Lease, reason: String, isFinal: Bool = false, random: Double, now: Date
    ) throws(StoreError) -> Ending {
        try store.write("cannot record the failure of job \(lease.job)") { db in
            let time = now.timeIntervalSince1970
            guard let row = try held(lease, db) else { return .leaseLost }
            let attempts: Int = try row.value("attempts")
            if try isCancelled(row, at: time, db) { return .recorded(.cancelled) }
            let most: Int = try row.value("max_attempts")
            if isFinal || attempts >= most {
                try end(lease.job, .failed, isFinal ? reason : "\(reason) (\(attempts) attempts)", at: time, db)
            } else {
                let due = time + rules.retry.delay(after: attempts, random: random)
                try putBack(lease.job, dueAt: due, at: time, reason, db)
            }
            return .recorded(try state(of: lease.job, db))
        }
    }

    /// Gives the job back unharmed: its attempt does not count. For a worker that stops, or an endpoint that failed.
    package func release(_ lease: Lease, reason: String, now: Date) throws(StoreError) -> Ending {
        try store.write("cannot give job \(lease.job) back") { db in
            let time = now.timeIntervalSince1970
            guard let row = try held(lease, db) else { return .leaseLost }
            try giveBack(row, reason, at: time, db)
            return .recorded(try state(of: lease.job, db))
        }
    }

    /// Puts the running job of `row` back, its attempt not counted; one that was cancelled ends.
    func giveBack(_ row: Row, _ reason: String, at now: Double, _ db: Database) throws {
        if try isCancelled(row, at: now, db) { return }
        let id: Int64 = try row.value("id")
        try db.execute(sql: "UPDATE job SET attempts = attempts - 1 WHERE id = ?", arguments: [id])
        try putBack(id, dueAt: now, at: now, reason, db)
    }

    /// The job turns into `parts` and waits for them; when they have ended it is claimed again, with `payload`.
    ///
    /// The attempt does not count. Parts that are not required may fail; ``parts(of:)`` gives their results.
    package func split(
        _ lease: Lease, into parts: [JobRequest], payload: String, allRequired: Bool, now: Date
    ) throws(StoreError) -> [Placed]? {
        try store.write("cannot split job \(lease.job)") { db in
            let time = now.timeIntervalSince1970
            guard let row = try held(lease, db) else { return nil }
            let placed = try place(parts, root: try row.value("root") ?? lease.job, at: time, db)
            try db.execute(
                sql: """
                    UPDATE job SET state = 'blocked', attempts = attempts - 1, payload = ?, lease_until = NULL, worker = NULL
                    WHERE id = ?
                    """, arguments: [payload, lease.job])
            try db.execute(sql: "DELETE FROM job_need WHERE job = ?", arguments: [lease.job])
            for part in placed {
                try db.execute(
                    sql: "INSERT INTO job_need (job, need, required) VALUES (?, ?, ?)",
                    arguments: [lease.job, part.id, allRequired])
            }
            try unblock(lease.job, at: time, db)
            return placed
        }
    }

    /// Ends `id` and what hangs on it. A waiting job is cancelled now; a running one is asked to stop, and its result
    /// will not count. Parts of it go with it. Returns the jobs concerned; empty when it was over already.
    @discardableResult
    package func cancel(_ id: Int64, reason: String, now: Date) throws(StoreError) -> [Int64] {
        try store.write("cannot cancel job \(id)") { db in
            let time = now.timeIntervalSince1970
            let all = try Int64.fetchAll(
                db,
                sql: """
                    SELECT id FROM job WHERE (id = :id OR root = :id) AND finished_at IS NULL ORDER BY id
                    """, arguments: ["id": id])
            for job in all {
                if try state(of: job, db) == .running {
                    try db.execute(
                        sql: "UPDATE job SET cancel_asked = 1, reason = ? WHERE id = ?", arguments: [reason, job])
                } else if try !state(of: job, db).isOver {
                    try end(job, .cancelled, reason, at: time, db)
                }
            }
            return all
        }
    }

    /// Puts a lost job back at once, or ends it when it was lost too often.
    func takeBack(_ row: Row, _ reason: String, at now: Double, _ db: Database) throws {
        let id: Int64 = try row.value("id")
        let attempts: Int = try row.value("attempts")
        if try isCancelled(row, at: now, db) { return }
        let most: Int = try row.value("max_attempts")
        if attempts >= most {
            try end(id, .failed, "\(reason) (\(attempts) attempts)", at: now, db)
        } else {
            try putBack(id, dueAt: now, at: now, reason, db)
        }
    }

    /// Whether somebody asked meanwhile to cancel the job of `row`: then it ends so, with their reason, whatever came of it.
    func isCancelled(_ row: Row, at now: Double, _ db: Database) throws -> Bool {
        guard try row.value("cancel_asked") else { return false }
        try end(try row.value("id"), .cancelled, try row.value("reason") ?? "cancelled", at: now, db)
        return true
    }

    /// The job is done, with `result`.
    func finish(_ id: Int64, _ result: String, at now: Double, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE job SET result = ?, state = 'done', lease_until = NULL, worker = NULL, finished_at = ? WHERE id = ?
                """, arguments: [result, now, id])
        try settle(after: id, at: now, db)
    }

    private func putBack(_ id: Int64, dueAt: Double, at now: Double, _ reason: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE job SET state = iif(:due > :now, 'delayed', 'queued'), due_at = :due, lease_until = NULL,
                    worker = NULL, reason = :reason
                WHERE id = :id
                """
        ).execute(arguments: ["due": dueAt, "now": now, "reason": reason, "id": id])
    }

    func end(_ id: Int64, _ state: JobState, _ reason: String, at now: Double, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE job SET state = ?, reason = ?, finished_at = ?, lease_until = NULL, worker = NULL
                WHERE id = ? AND finished_at IS NULL
                """
        ).execute(arguments: [state.rawValue, reason, now, id])
        try settle(after: id, at: now, db)
    }

    /// Looks at every job that waited for `id`.
    func settle(after id: Int64, at now: Double, _ db: Database) throws {
        let waiting = try Int64.fetchAll(
            db,
            sql: """
                SELECT job FROM job_need JOIN job ON job.id = job_need.job
                WHERE need = ? AND job.state = 'blocked' ORDER BY job
                """, arguments: [id])
        for job in waiting { try unblock(job, at: now, db) }
    }

    /// Lets a blocked job go when nothing it needs is open; ends it when something it requires ended badly.
    func unblock(_ id: Int64, at now: Double, _ db: Database) throws {
        let needs = try Row.fetchAll(
            db,
            sql: """
                SELECT job.id, state, required FROM job_need JOIN job ON job.id = job_need.need
                WHERE job_need.job = ? AND state <> 'done' ORDER BY job.id
                """, arguments: [id])
        var isOpen = false
        for need in needs {
            let state = JobState(rawValue: try need.value("state")) ?? .failed
            if !state.isOver {
                isOpen = true
            } else if try need.value("required") {
                let other: Int64 = try need.value("id")
                try end(id, .cancelled, "job \(other), which it needs, is \(state.rawValue)", at: now, db)
                return
            }
        }
        guard !isOpen else { return }
        try db.execute(
            sql: "UPDATE job SET state = iif(due_at > ?, 'delayed', 'queued') WHERE id = ? AND state = 'blocked'",
            arguments: [now, id])
    }

    func state(of id: Int64, _ db: Database) throws -> JobState {
        let state = try String.fetchOne(db, sql: "SELECT state FROM job WHERE id = ?", arguments: [id])
        guard let known = state.flatMap(JobState.init(rawValue:)) else {
            throw StoreError(.rejected, path: store.path, reason: "there is no job \(id)")
        }
        return known
    }
}
