// SPDX-License-Identifier: MIT
import Foundation
import MachaModel

@testable import MachaStore

/// A queue in a folder of its own and a clock that stands still until it is told.
final class QueueBench {
    let folder: TemporaryFolder
    var queue: JobQueue
    var now = Date(timeIntervalSince1970: 1_800_000_000)

    init(_ rules: QueueRules = QueueRules()) throws {
        folder = try TemporaryFolder()
        queue = JobQueue(try Store.open(at: folder.database), rules: rules)
    }

    func wait(_ seconds: Double) { now += seconds }

    @discardableResult
    func add(
        _ priority: Priority = .routine, host: String? = "nas", _ change: (inout JobRequest) -> Void = { _ in }
    ) throws -> JobQueue.Placed {
        var request = JobRequest(.analysis, host: host, priority: priority)
        change(&request)
        return try queue.enqueue(request, now: now)
    }

    /// The job that comes next, or `nil`.
    func next(_ endpoint: String = "ollama", models: [String] = [], concurrency: Int = 1_000) throws -> (Job, Lease)? {
        switch try queue.claim(endpoint: endpoint, models: models, concurrency: concurrency, worker: "w", now: now) {
        case .job(let job, let lease): (job, lease)
        case .nothing, .busy, .setAside: nil
        }
    }

    /// Claims and completes until nothing is left; the jobs in the order they came.
    func drain() throws -> [Job] {
        var jobs: [Job] = []
        while let (job, lease) = try next() {
            jobs.append(job)
            _ = try queue.complete(lease, result: "{}", now: now)
        }
        return jobs
    }

    func state(_ id: Int64) throws -> JobState? { try queue.job(id)?.state }
}
