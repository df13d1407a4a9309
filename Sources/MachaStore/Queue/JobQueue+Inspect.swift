// SPDX-License-Identifier: MIT
import GRDB
package import MachaModel
package import struct Foundation.Date

extension JobQueue {
    /// The job with this id; `nil` when there is none, or none any more.
    package func job(_ id: Int64) throws(StoreError) -> Job? {
        try store.read("cannot read job \(id)") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM job WHERE id = ?", arguments: [id]).map { try Job($0) }
        }
    }

    /// How many jobs of this kind were put in after `time`, whatever became of them.
    package func count(of kind: JobKind, since time: Date) throws(StoreError) -> Int {
        try store.read("cannot read the queue") { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM job WHERE kind = ? AND created_at > ?",
                arguments: [kind.rawValue, time.timeIntervalSince1970]) ?? 0
        }
    }

    /// Up to `limit` jobs in `states` (all when empty): running first, then in the order they will be served, then the
    /// ended ones, newest first.
    package func jobs(in states: Set<JobState> = [], limit: Int = 100) throws(StoreError) -> [Job] {
        let wanted = states.isEmpty ? Set(JobState.allCases) : states
        return try store.read("cannot read the queue") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM job WHERE state IN (SELECT value FROM json_each(?))
                    ORDER BY CASE WHEN state = 'running' THEN 0 WHEN state = 'queued' THEN 1 WHEN state = 'delayed' THEN 2
                        WHEN state = 'blocked' THEN 3 ELSE 4 END, finished_at DESC, rank, turn, id LIMIT ?
                    """,
                arguments: [try StoredJSON.text(of: wanted.map(\.rawValue).sorted()), max(0, limit)]
            ).map { try Job($0) }
        }
    }

    /// The jobs that `id` needs, in the order they were put in.
    package func parts(of id: Int64) throws(StoreError) -> [Job] {
        try store.read("cannot read the parts of job \(id)") { db in
            try Row.fetchAll(
                db, sql: "SELECT job.* FROM job_need JOIN job ON job.id = need WHERE job_need.job = ? ORDER BY job.id",
                arguments: [id]
            ).map { try Job($0) }
        }
    }

    /// How far the parts of `root` are; `nil` when it has none.
    package func progress(of root: Int64) throws(StoreError) -> GraphProgress? {
        try store.read("cannot read the progress of job \(root)") { db in
            let counts = try Row.fetchAll(
                db, sql: "SELECT state, count(*) AS n FROM job WHERE root = ? GROUP BY state", arguments: [root])
            var progress = GraphProgress(root: root, total: 0, done: 0, running: 0, lost: 0)
            for row in counts {
                let state = JobState(rawValue: try row.value("state")) ?? .failed
                let count: Int = try row.value("n")
                progress.total += count
                if state == .done { progress.done += count }
                if state == .running { progress.running += count }
                if state.isOver, state != .done { progress.lost += count }
            }
            return progress.total == 0 ? nil : progress
        }
    }

    /// The queue at a glance.
    package func stats() throws(StoreError) -> QueueStats {
        try store.read("cannot read the queue") { db in
            let states = try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM job GROUP BY state")
            let ranks = try Row.fetchAll(
                db,
                sql: """
                    SELECT rank, count(*) AS n FROM job WHERE state IN ('blocked', 'queued', 'delayed') GROUP BY rank
                    """)
            let oldest = try Double.fetchOne(
                db, sql: "SELECT min(created_at) FROM job WHERE state IN ('blocked', 'queued', 'delayed')")
            let served = try Row.fetchAll(
                db, sql: "SELECT host, served FROM queue_turn WHERE served > 0 AND host <> ''")
            return QueueStats(
                byState: Dictionary(try states.map { (try $0.value("state"), try $0.value("n")) }, uniquingKeysWith: +),
                waitingByPriority: Dictionary(
                    try ranks.map { (Priority(rawValue: try $0.value("rank"))?.name ?? "", try $0.value("n")) },
                    uniquingKeysWith: +),
                oldestWaiting: oldest.map { Date(timeIntervalSince1970: $0) }, depth: rules.depth,
                endpoints: try endpoints(db),
                servedByHost: Dictionary(
                    try served.map { (try $0.value("host"), try $0.value("served")) }, uniquingKeysWith: +))
        }
    }

    /// Forgets jobs that ended before `time`, with the parts of what is forgotten, and partial results unused since.
    ///
    /// A job that another one still needs stays until that one has ended.
    package func prune(endedBefore time: Date) throws(StoreError) {
        try store.write("cannot prune the queue") { db in
            try db.execute(
                sql: """
                    DELETE FROM job WHERE finished_at < ? AND NOT EXISTS (
                        SELECT 1 FROM job_need JOIN job AS other ON other.id = job_need.job
                        WHERE job_need.need = job.id AND other.finished_at IS NULL)
                    """, arguments: [time.timeIntervalSince1970])
            try db.execute(
                sql: "DELETE FROM partial_result WHERE used_at < ?", arguments: [time.timeIntervalSince1970])
        }
    }

    func job(_ id: Int64, _ db: Database) throws -> Job {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM job WHERE id = ?", arguments: [id]) else {
            throw StoreError(.rejected, path: store.path, reason: "there is no job \(id)")
        }
        return try Job(row)
    }
}

extension Job {
    init(_ row: Row) throws {
        guard let kind = JobKind(rawValue: try row.value("kind")),
            let priority = Priority(rawValue: try row.value("priority")),
            let rank = Priority(rawValue: try row.value("rank")), let state = JobState(rawValue: try row.value("state"))
        else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: [],
                    debugDescription: "a job of a kind this program does not know"))
        }
        let id: Int64 = try row.value("id")
        let until = try row.time(ifAny: "lease_until")
        self.init(
            id: id, kind: kind, host: try row.value("host"), priority: priority, rank: rank, state: state,
            payload: try row.value("payload"),
            models: try (try row.value("models") as String?).map { try StoredJSON.value([String].self, from: $0) }
                ?? [],
            root: try row.value("root") ?? id, createdAt: try row.time("created_at"),
            dueAt: try row.time("due_at"),
            deadline: try row.time(ifAny: "deadline"),
            attempts: try row.value("attempts"), maxAttempts: try row.value("max_attempts"),
            endpoint: try row.value("endpoint"),
            lease: try until.map {
                Lease(job: id, token: try row.value("claims"), until: $0, worker: try row.value("worker") ?? "")
            },
            result: try row.value("result"), reason: try row.value("reason"),
            finishedAt: try row.time(ifAny: "finished_at"))
    }
}
