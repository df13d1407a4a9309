// SPDX-License-Identifier: MIT
import CLibSSH2

/// All connections that one session's host makes for us, and those it is asked for. Used on the reactor's thread only.
///
/// libssh2 opens one channel at a time for each session, and an opening cannot be taken back: until the host has answered,
/// the next one waits. See ``JumpHost`` for what is done about a host behind the jump that never answers.
final class Forwarding {
    /// What became of a request.
    enum Outcome {
        /// Our end of the connection.
        case connected(CInt)
        /// The host would not or could not connect, in libssh2's words.
        case refused(String)
        case noDescriptors
    }

    enum Progress {
        case moved
        /// Nothing moved, but libssh2 has taken something in: look again before waiting.
        case heard
        case blocked
        case failed
    }

    private struct Request {
        var id: UInt64
        var address: String
        var port: UInt16
        /// Who asked has stopped waiting.
        var isForsaken = false
        /// When it was sent.
        var sentAt: ContinuousClock.Instant?
    }

    private var queue: [Request] = []
    private var opening: Request?
    private var outcomes: [UInt64: Outcome] = [:]
    private var connections: [ForwardedConnection] = []
    /// The id under which the pump waits, while there is one.
    var pump: UInt64?

    /// Connections, those asked for included as long as somebody waits for them.
    var count: Int { connections.count + queue.count + (opening.map { $0.isForsaken ? 0 : 1 } ?? 0) }

    var isIdle: Bool { count == 0 }

    /// Whether the host still tries a connection that nobody waits for any more, so that no other can be opened.
    var isBlocked: Bool { opening?.isForsaken ?? false }

    func ask(_ id: UInt64, for address: String, _ port: UInt16) {
        queue.append(Request(id: id, address: address, port: port))
    }

    func takeOutcome(_ id: UInt64) -> Outcome? { outcomes.removeValue(forKey: id) }

    /// How long the host has left the current request without an answer.
    var silence: Duration { opening?.sentAt?.duration(to: .now) ?? .zero }

    /// When the host was asked for this request's connection; `nil` while it is queued.
    func sentAt(_ id: UInt64) -> ContinuousClock.Instant? { opening?.id == id ? opening?.sentAt : nil }

    /// Whether this request has not been sent yet.
    func isQueued(_ id: UInt64) -> Bool { queue.contains { $0.id == id } }

    /// Gives a request up. One that has been sent goes on; what comes of it is closed.
    func forsake(_ id: UInt64) {
        queue.removeAll { $0.id == id }
        if opening?.id == id { opening?.isForsaken = true }
    }

    /// Who waits for an answer, when the session has failed; forgets everything.
    func end() -> [UInt64] {
        let waiting = (queue + (opening.map { [$0] } ?? [])).map(\.id)
        (queue, opening, connections) = ([], nil, [])
        return waiting
    }

    /// One round over all connections. `settled` hears of each request that got its outcome.
    func step(_ handle: inout SessionHandle, settled: (UInt64) -> Void) -> Progress {
        var moved = false
        switch open(&handle, settled) {
        case .moved: moved = true
        case .blocked, .heard: break
        case .failed: return .failed
        }
        // The one that comes first has the room in the host's socket, so each round begins with another.
        if let first = connections.first { connections = connections.dropFirst() + [first] }
        for connection in connections {
            switch connection.step(&handle) {
            case .moved: moved = true
            case .blocked: break
            case .ended:
                connections.removeAll { $0 === connection }
                moved = true
            case .failed: return .failed
            }
        }
        return moved ? .moved : handle.hasHeard ? .heard : .blocked
    }

    /// What the pump waits for. What comes from the host waits in its socket as long as nobody here has room for it.
    func interests(_ handle: borrowing SessionHandle) -> [Reactor.Interest] {
        let awaitsHost = opening != nil || connections.contains { $0.awaitsHost }
        let host = Reactor.Interest(descriptor: handle.descriptor, reads: awaitsHost, writes: handle.holdsOutput)
        return [host] + connections.map(\.interest).filter { $0.reads || $0.writes }
    }

    private func open(_ handle: inout SessionHandle, _ settled: (UInt64) -> Void) -> Progress {
        if opening == nil, !queue.isEmpty {
            opening = queue.removeFirst()
            opening?.sentAt = .now
        }
        guard let request = opening else { return .blocked }
        guard let channel = handle.openForward(to: request.address, port: request.port) else {
            let error = handle.lastError
            if error.code == SessionHandle.wouldBlock { return .blocked }
            opening = nil
            // libssh2 itself stops waiting after 60 s; the session is none the worse for it.
            guard error.code == LIBSSH2_ERROR_CHANNEL_FAILURE || error.code == LIBSSH2_ERROR_TIMEOUT else {
                return .failed
            }
            settle(request, .refused(error.message), settled)
            return .moved
        }
        opening = nil
        guard let (ours, theirs) = Socket.pair() else {
            settle(request, .noDescriptors, settled)
            return .moved
        }
        connections.append(ForwardedConnection(channel, local: theirs))
        if request.isForsaken {
            _ = Socket(adopting: ours)
        } else {
            settle(request, .connected(ours), settled)
        }
        return .moved
    }

    private func settle(_ request: Request, _ outcome: Outcome, _ settled: (UInt64) -> Void) {
        guard !request.isForsaken else { return }
        outcomes[request.id] = outcome
        settled(request.id)
    }
}
