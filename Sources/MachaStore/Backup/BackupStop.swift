// SPDX-License-Identifier: MIT
import GRDB
import Synchronization

/// Ends a backup early, from any thread: a process that is asked to end does not copy gigabytes first.
package final class BackupStop: Sendable {
    private struct State {
        var isRaised = false
        var interrupt: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    /// The backup under way throws, and so does every later one.
    package func raise() {
        let interrupt = state.withLock { state in
            state.isRaised = true
            return state.interrupt
        }
        interrupt?()
    }

    func check() throws(StoreError) {
        guard state.withLock({ $0.isRaised }) else { return }
        throw StoreError(.failed, path: "", reason: "the backup was ended before it was whole")
    }

    /// Runs `body`, which reads from `pool`; a stop ends its statements.
    func interrupting<Value>(_ pool: DatabasePool, _ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        state.withLock { $0.interrupt = { pool.interrupt() } }
        defer { state.withLock { $0.interrupt = nil } }
        try check()
        return try body()
    }
}
