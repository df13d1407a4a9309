// SPDX-License-Identifier: MIT
import Dispatch

/// Threads for work that blocks, such as SQLite's: a wait for a lock of the database then takes no thread from the few on
/// which all other tasks run.
final class BlockingExecutor: TaskExecutor {
    static let shared = BlockingExecutor()

    private let queue = DispatchQueue(label: "macha.blocking", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs `body`, and the tasks it starts as its children, on these threads.
    func run<Value, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withTaskExecutorPreference(self, operation: body)
    }
}
