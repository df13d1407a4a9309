// SPDX-License-Identifier: MIT
import Synchronization

/// How many calls one endpoint works on at a time; further ones wait in order.
///
/// Servers queue without limit and in silence, so a deadline would run while nothing happens. Here it has not begun.
package final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var line: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var lastID = 0
        /// Left before they stood in line.
        var gone: Set<Int> = []
    }

    private let state: Mutex<State>

    /// At least one.
    package init(_ count: Int) { state = Mutex(State(free: max(1, count))) }

    /// Runs `work` once there is a place. Answers `nil` when the task was cancelled before.
    func hold<Value, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value? {
        guard await enter() else { return nil }
        defer { leave() }
        return try await work()
    }

    private func enter() async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        defer { state.withLock { _ = $0.gone.remove(id) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let decision: Bool? = state.withLock { state in
                    if state.gone.remove(id) != nil || Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.line.append((id, continuation))
                    return nil
                }
                if let decision { continuation.resume(returning: decision) }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.line.firstIndex(where: { $0.id == id }) else {
                    state.gone.insert(id)
                    return nil
                }
                return state.line.remove(at: index).continuation
            }
            waiting?.resume(returning: false)
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.line.isEmpty else { return state.line.removeFirst().continuation }
            state.free += 1
            return nil
        }
        next?.resume(returning: true)
    }
}
