// SPDX-License-Identifier: MIT
import Synchronization

/// What happens to the fleet, for subscribers: first what is known, then every change.
///
/// A subscriber that reads slowly delays no other: it loses the oldest events, and sees by their numbers that it did.
/// The view in the next event is whole again.
package final class ControllerEvents: Sendable {
    package struct Subscription: Sendable {
        /// What is known now; `nil` while nothing is watched.
        package var snapshot: FleetView?
        /// What changes from then on, until the watch ends.
        package var changes: AsyncStream<ControllerEvent>
    }

    private struct State {
        var view: FleetView?
        var next = 0
        var sequence = 0
        var subscribers: [Int: AsyncStream<ControllerEvent>.Continuation] = [:]
    }

    private let state = Mutex(State())
    private let buffer: Int

    /// `buffer` events wait for each subscriber at most.
    package init(buffer: Int) { self.buffer = max(1, buffer) }

    /// What is known, and everything that follows it; nothing is lost in between.
    package func subscribe() -> Subscription {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ControllerEvent.self, bufferingPolicy: .bufferingNewest(buffer))
        return state.withLock { state in
            let id = state.next
            state.next += 1
            state.subscribers[id] = continuation
            continuation.onTermination = { [weak self] _ in self?.leave(id) }
            return Subscription(snapshot: state.view, changes: stream)
        }
    }

    /// What is known now; `nil` while nothing is watched.
    package var view: FleetView? { state.withLock { $0.view } }

    func publish(_ kind: ControllerEvent.Kind, _ view: FleetView) {
        state.withLock { state in
            state.view = view
            let event = ControllerEvent(kind: kind, view: view, sequence: state.sequence)
            state.sequence += 1
            for continuation in state.subscribers.values { continuation.yield(event) }
        }
    }

    /// The watch has ended.
    func finish() {
        let all = state.withLock { state in
            defer { state.subscribers = [:] }
            state.view = nil
            return Array(state.subscribers.values)
        }
        for continuation in all { continuation.finish() }
    }

    private func leave(_ id: Int) { state.withLock { _ = $0.subscribers.removeValue(forKey: id) } }
}
