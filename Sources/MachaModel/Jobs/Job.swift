// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// A piece of work for a model, as it stands in the queue.
package struct Job: Hashable, Codable, Sendable, Identifiable {
    package var id: Int64
    package var kind: JobKind
    /// The host it is about; `nil` when it is about none or many. Fairness counts by it.
    package var host: String?
    /// As it was asked for.
    package var priority: Priority
    /// What it has risen to by waiting.
    package var rank: Priority
    package var state: JobState
    /// A JSON document that only the job's kind understands.
    package var payload: String
    /// Names of the models that may serve it; empty when any may.
    package var models: [String]
    /// The analysis or question it is a part of; its own id when it is the whole.
    package var root: Int64
    package var createdAt: Date
    /// When it may run at the earliest.
    package var dueAt: Date
    /// When its answer is worth nothing any more; `nil` for never.
    package var deadline: Date?
    /// How often it was started; a claim that was given back does not count.
    package var attempts: Int
    package var maxAttempts: Int
    /// The endpoint that serves it or served it last.
    package var endpoint: String?
    /// Who has it now; `nil` unless it is running.
    package var lease: Lease?
    /// What came out, a JSON document; `nil` until it is done.
    package var result: String?
    /// Why it is where it is, for a person; `nil` when there is nothing to say.
    package var reason: String?
    package var finishedAt: Date?

    package init(
        id: Int64, kind: JobKind, host: String?, priority: Priority, rank: Priority, state: JobState, payload: String,
        models: [String], root: Int64, createdAt: Date, dueAt: Date, deadline: Date?, attempts: Int, maxAttempts: Int,
        endpoint: String?, lease: Lease?, result: String?, reason: String?, finishedAt: Date?
    ) {
        self.id = id
        self.kind = kind
        self.host = host
        self.priority = priority
        self.rank = rank
        self.state = state
        self.payload = payload
        self.models = models
        self.root = root
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.deadline = deadline
        self.attempts = attempts
        self.maxAttempts = maxAttempts
        self.endpoint = endpoint
        self.lease = lease
        self.result = result
        self.reason = reason
        self.finishedAt = finishedAt
    }
}

/// The right to work on one job until a moment, and to say how it ended.
///
/// A worker that lost its lease (it was too slow, or believed dead) holds an old `token` and can end nothing.
package struct Lease: Hashable, Codable, Sendable {
    package var job: Int64
    /// Which claim of this job it is, counted from 1.
    package var token: Int64
    package var until: Date
    /// Who holds it, for people: program and process.
    package var worker: String

    package init(job: Int64, token: Int64, until: Date, worker: String) {
        self.job = job
        self.token = token
        self.until = until
        self.worker = worker
    }
}
