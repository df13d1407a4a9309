// SPDX-License-Identifier: MIT

/// Lets one conversation at a time use a session, in the order they came.
///
/// An actor re-enters at every `await`, and libssh2 keeps one state machine per session: after EAGAIN it wants the same call
/// again (libssh2 #169). The actor alone does not serialise a conversation of several awaits; this does.
/// Belongs to one session actor and is used on its executor only.
final class OperationGate {
    /// Whether a conversation is under way.
    private(set) var isTaken = false
    private var queue: [UInt64] = []

    /// Waits for its turn. `.ready` means taken; whoever gets that calls ``leave(_:)``.
    func enter(_ reactor: Reactor, until deadline: ContinuousClock.Instant) async -> Reactor.Wake {
        guard isTaken else {
            isTaken = true
            return .ready
        }
        let id = reactor.makeID()
        queue.append(id)
        let wake = await reactor.park(id, until: deadline)
        if case .ready = wake { return wake }
        if let index = queue.firstIndex(of: id) {
            queue.remove(at: index)
        } else {
            // The turn was handed over in the moment of giving up: pass it on.
            leave(reactor)
        }
        return wake
    }

    /// Hands the session to the next in line.
    func leave(_ reactor: Reactor) {
        guard !queue.isEmpty else {
            isTaken = false
            return
        }
        reactor.wake(queue.removeFirst())
    }
}
