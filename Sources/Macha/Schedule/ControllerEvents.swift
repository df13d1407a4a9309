// SPDX-License-Identifier: MIT
import Synchronization

import struct Foundation.Date

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

    /// What a subscriber wants to see with an event.
    package enum Detail: Sendable {
        /// What changed; the view beside it is up to ``ControllerEvents/freshness`` seconds old.
        case changes
        /// The whole fleet as it is then. To put that together takes longer the more hosts there are.
        case views
    }

    private struct Subscriber {
        var detail: Detail
        var continuation: AsyncStream<ControllerEvent>.Continuation
    }

    private struct State {
        var view: FleetView?
        var remediating: [String] = []
        var next = 0
        var sequence = 0
        var subscribers: [Int: Subscriber] = [:]
    }

    /// Seconds for which a view is good enough while nobody wants to see each one.
    static var freshness: Double { 15 }

    private let state = Mutex(State())
    private let buffer: Int

    /// `buffer` events wait for each subscriber at most.
    package init(buffer: Int) { self.buffer = max(1, buffer) }

    /// What is known, and everything that follows it; nothing is lost in between.
    package func subscribe(_ detail: Detail) -> Subscription {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ControllerEvent.self, bufferingPolicy: .bufferingNewest(buffer))
        return state.withLock { state in
            let id = state.next
            state.next += 1
            state.subscribers[id] = Subscriber(detail: detail, continuation: continuation)
            continuation.onTermination = { [weak self] _ in self?.leave(id) }
            return Subscription(snapshot: state.view, changes: stream)
        }
    }

    /// What was known up to ``freshness`` seconds ago; `nil` while nothing is watched.
    package var view: FleetView? { state.withLock { $0.view } }

    /// Hosts that are being changed now.
    package var remediating: [String] { state.withLock { $0.remediating } }

    /// Hosts are being changed from now on.
    func began(remediating: [String]) { state.withLock { $0.remediating = remediating } }

    /// Tells every subscriber. `view` is only called when one of them wants to see it, or the last one is too old.
    func publish(_ kind: ControllerEvent.Kind, at time: Date, remediating: [String], view: () -> FleetView) {
        state.withLock { state in
            state.remediating = remediating
            let isWanted = state.subscribers.values.contains { $0.detail == .views }
            let known = isWanted ? nil : state.view.flatMap { Self.isFresh($0, kind, at: time) ? $0 : nil }
            let view = known ?? view()
            state.view = view
            let event = ControllerEvent(kind: kind, time: time, view: view, sequence: state.sequence)
            state.sequence += 1
            for subscriber in state.subscribers.values { subscriber.continuation.yield(event) }
        }
    }

    private static func isFresh(_ view: FleetView, _ kind: ControllerEvent.Kind, at time: Date) -> Bool {
        if case .reloaded = kind { return false }
        // A clock that was set back makes none of them last.
        return (0..<freshness).contains(time.timeIntervalSince(view.report.generatedAt))
    }

    /// The watch has ended.
    func finish() {
        let all = state.withLock { state in
            defer { state.subscribers = [:] }
            state.view = nil
            state.remediating = []
            return Array(state.subscribers.values)
        }
        for subscriber in all { subscriber.continuation.finish() }
    }

    private func leave(_ id: Int) { state.withLock { _ = $0.subscribers.removeValue(forKey: id) } }
}
