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
    private var isOpeningStuck = false
    private var outcomes: [UInt64: Outcome] = [:]
    private var connections: [ForwardedConnection] = []
    /// The index of the connection that has a packet half sent.
    private var stuck: Int?
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
        (queue, opening, connections, stuck, isOpeningStuck) = ([], nil, [], nil, false)
        return waiting
    }

    /// One round over all connections. `settled` hears of each request that got its outcome.
    func step(_ handle: inout SessionHandle, settled: (UInt64) -> Void) -> Progress {
        var moved = false
        if let index = stuck {
            switch turn(index, &handle) {
            case .stuck: return .blocked
            case .failed: return .failed
            default: moved = true
            }
        }
        if let progress = open(&handle, settled) {
            switch progress {
            case .moved: moved = true
            case .failed: return .failed
            case .blocked: if isOpeningStuck { return .blocked }
            }
        }
        var index = connections.count - 1
        while index >= 0 {
            switch turn(index, &handle) {
            case .moved, .ended: moved = true
            case .blocked: break
            case .stuck: return .blocked
            case .failed: return .failed
            }
            index -= 1
        }
        return moved ? .moved : .blocked
    }

    /// What the pump waits for. While a packet is half sent, only the host's socket matters.
    func interests(_ handle: borrowing SessionHandle) -> [Reactor.Interest] {
        let blocked = handle.blocked
        // Nothing is read before the packet is out, so waiting for input too would wake for nothing again and again.
        let isStuck = stuck != nil || isOpeningStuck
        let writes = blocked.writes || connections.contains { $0.waitsForRoom }
        let socket = Reactor.Interest(descriptor: handle.descriptor, reads: !isStuck, writes: writes)
        if isStuck { return [socket] }
        return [socket] + connections.map(\.interest).filter { $0.reads || $0.writes }
    }

    private func turn(_ index: Int, _ handle: inout SessionHandle) -> ForwardedConnection.Progress {
        let progress = connections[index].step(&handle)
        stuck = nil
        if case .stuck = progress { stuck = index }
        if case .ended = progress { connections.remove(at: index) }
        return progress
    }

    private func open(_ handle: inout SessionHandle, _ settled: (UInt64) -> Void) -> Progress? {
        if opening == nil, !queue.isEmpty {
            opening = queue.removeFirst()
            opening?.sentAt = .now
        }
        guard let request = opening else { return nil }
        guard let channel = handle.openForward(to: request.address, port: request.port) else {
            let error = handle.lastError
            isOpeningStuck = error.code == SessionHandle.wouldBlock && handle.blocked.writes
            if error.code == SessionHandle.wouldBlock { return .blocked }
            opening = nil
            // libssh2 itself stops waiting after 60 s; the session is none the worse for it.
            guard error.code == LIBSSH2_ERROR_CHANNEL_FAILURE || error.code == LIBSSH2_ERROR_TIMEOUT else {
                return .failed
            }
            settle(request, .refused(error.message), settled)
            return .moved
        }
        (opening, isOpeningStuck) = (nil, false)
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
