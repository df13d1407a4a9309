// SPDX-License-Identifier: MIT

/// Why a host made no connection for us.
enum ForwardFailure: Error {
    /// Another request has been without an answer for a while, and this one has not been sent.
    case busy
    /// The session has ended; the request may not have been answered.
    case lost(SSHError)
    /// The host answered no, in libssh2's words.
    case refused(String)
    case noDescriptors
    /// The deadline passed, or the task was cancelled.
    case gaveUp(Reactor.Wake)
}

extension SSHSession {
    /// Connections that the host makes for us, those asked for included.
    var forwards: Int { forwarding.count }

    /// Whether the host still tries a connection nobody waits for, and can make no other meanwhile.
    var isForwardingBlocked: Bool { forwarding.isBlocked }

    /// Has the host connect to `address` and answers our end: a socket that the caller owns. `time` counts from when the host is
    /// asked; before, a request may wait for others to be answered, and goes elsewhere when none of them was for `patience`.
    ///
    /// A session that forwards does nothing else: its conversation lasts as long as there are connections.
    func forward(
        to address: String, _ port: UInt16, within time: Duration, patience: Duration
    ) async throws(ForwardFailure) -> CInt {
        let id = reactor.makeID()
        forwarding.ask(id, for: address, port)
        startPump()
        while true {
            let deadline = forwarding.sentAt(id).map { $0 + time }
            let wake = await reactor.park(id, until: deadline ?? .now + patience / 4)
            switch forwarding.takeOutcome(id) {
            case .connected(let socket): return socket
            case .refused(let reason): throw .refused(reason)
            case .noDescriptors: throw .noDescriptors
            case nil: break
            }
            if let ended { throw .lost(ended) }
            if case .timedOut = wake {
                if let deadline, deadline > .now { continue }
                if deadline == nil {
                    guard forwarding.isQueued(id), forwarding.silence >= patience else { continue }
                    forwarding.forsake(id)
                    throw .busy
                }
            }
            forwarding.forsake(id)
            throw .gaveUp(wake)
        }
    }

    private func startPump() {
        if let pump = forwarding.pump { return reactor.wake(pump) }
        forwarding.pump = reactor.makeID()
        Task { await pump() }
    }

    /// Serves all connections until there are none, or the session fails: then they end, and the sessions behind them
    /// meet the end of their connection.
    private func pump() async {
        do throws(SSHError) {
            try await exclusively(.exec, until: .now + .seconds(10)) { () async throws(SSHError) in
                try await serveConnections()
            }
        } catch {
            abandon(error)
        }
        forwarding.pump = nil
        if ended != nil { for id in forwarding.end() { reactor.wake(id) } } else if !forwarding.isIdle { startPump() }
    }

    private func serveConnections() async throws(SSHError) {
        while !forwarding.isIdle, let pump = forwarding.pump {
            let reactor = reactor
            let progress = try use { handle in forwarding.step(&handle) { reactor.wake($0) } }
            switch progress {
            case .moved:
                try look { $0.intake.noteProgress() }
                _ = await reactor.turn(until: .now + .seconds(3600))
            case .heard: _ = await reactor.turn(until: .now + .seconds(3600))
            case .failed:
                let error = try use { $0.lastError }
                throw SSHError(
                    .connectionLost, .connect, host: target.name,
                    "the connection to the jump host \(target.name)\(way) was lost (\(error.message.lowercased()))")
            case .blocked:
                let interests = try look { forwarding.interests($0) }
                _ = await reactor.ready(interests, pump, until: .now + .seconds(3600))
                try look { $0.intake.noteReady() }
            }
        }
    }
}
