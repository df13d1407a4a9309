// SPDX-License-Identifier: MIT

/// A host that other hosts are reached through, shared by all of them.
///
/// Connections to the hosts behind it are channels of one session with it (direct-tcpip, RFC 4254, 7.2). That session
/// carries nothing else: a command that overruns ends its session, and must not take others' connections with it.
///
/// A host behind the jump that never answers keeps libssh2 from opening further channels on the session for as long as the
/// jump host tries to connect. So when an opening has been without an answer for a while, the hosts that wait behind it
/// get another session; what is open on the first stays there. Nobody is delayed by somebody else's dead host.
package actor JumpHost {
    /// Makes a session with the jump host.
    package typealias Connect = @Sendable (SSHTarget) async throws(SSHError) -> SSHSession

    /// Sessions at once: that many hosts behind the jump may be without an answer before others are refused.
    private static let mostSessions = 12
    /// Connections on one session. OpenSSH has no limit for them (MaxSessions counts commands); libssh2 looks through all
    /// waiting packets of a session for each read, so a session should not carry hundreds.
    private static let mostConnections = 100

    /// What messages call it.
    package nonisolated let name: String
    private let target: SSHTarget
    private let patience: Duration
    private let connect: Connect
    private let reactor = Reactor.shared
    private var sessions: [SSHSession] = []
    private var attempt: Attempt?
    private var lastUse = ContinuousClock.now

    /// A connection attempt that several hosts wait for. Used on the reactor's thread only.
    private final class Attempt {
        var task: Task<Void, Never>?
        var waiting: Set<UInt64> = []
        var outcome: Result<SSHSession, SSHError>?
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    /// `connect` makes the sessions, perhaps through a further jump host. `patience` is how long an opening may be without
    /// an answer before others go round it. Connects to nothing yet.
    package init(
        _ target: SSHTarget, patience: Duration = .seconds(2),
        connect: @escaping Connect = { (target) async throws(SSHError) in try await SSHSession.connect(to: target) }
    ) {
        self.target = target
        self.patience = patience
        self.connect = connect
        name = target.name
    }

    /// Sessions that are open with the jump host.
    package var sessionCount: Int { sessions.count }

    /// A connection to `address`:`port` as the jump host sees them; answers a socket that the caller owns. `time` is for the
    /// jump host's own attempt to connect, not for the way to the jump host, which has limits of its own, nor for the wait while
    /// others are answered.
    func open(_ address: String, _ port: UInt16, for host: String, within time: Duration) async throws(SSHError) -> CInt
    {
        var busy: Set<ObjectIdentifier> = []
        var losses = 0
        lastUse = .now
        while busy.count < Self.mostSessions {
            let session = try await session(besides: busy, for: host)
            do throws(ForwardFailure) {
                return try await session.forward(to: address, port, within: time, patience: patience)
            } catch {
                switch error {
                case .busy: busy.insert(ObjectIdentifier(session))
                // A session that was lost while it idled is renewed: nothing has been asked of the host yet.
                case .lost where losses < 2: losses += 1
                case .lost(let error): throw unreachable(host, error)
                default: throw explain(error, host, "\(address) port \(port)")
                }
            }
        }
        throw explain(.busy, host, "\(address) port \(port)")
    }

    /// Closes all sessions, and so every connection through them.
    package func close() async {
        attempt?.task?.cancel()
        let open = sessions
        sessions = []
        for session in open { await session.forceClose() }
    }

    /// Closes the sessions nobody uses, when no connection was opened for `time`. Answers whether none is left.
    package func closeIdle(after time: Duration) async -> Bool {
        guard lastUse + time <= .now else { return sessions.isEmpty }
        for session in sessions where await session.forwards == 0 {
            sessions.removeAll { $0 === session }
            await session.close()
        }
        return sessions.isEmpty
    }

    // MARK: Sessions

    private func session(besides busy: Set<ObjectIdentifier>, for host: String) async throws(SSHError) -> SSHSession {
        while true {
            for session in sessions {
                let isStranded = await session.isForwardingBlocked
                if isStranded, await session.forwards == 0 {
                    sessions.removeAll { $0 === session }
                    await session.forceClose()
                } else if await !session.isUsable {
                    sessions.removeAll { $0 === session }
                } else if isStranded {
                    continue
                } else if !busy.contains(ObjectIdentifier(session)), await session.forwards < Self.mostConnections {
                    return session
                }
            }
            if attempt == nil, sessions.count >= Self.mostSessions {
                throw SSHError(
                    .unreachable, .connect, host: host,
                    "\(host): \(name) has \(Self.mostSessions) pending connections that do not succeed",
                    remedy: "check which hosts behind \(name) are down; the others are tried again in a minute")
            }
            let attempt = attempt ?? begin()
            if case .failure(let error) = try await outcome(of: attempt, host) { throw unreachable(host, error) }
        }
    }

    private func begin() -> Attempt {
        let attempt = Attempt()
        self.attempt = attempt
        attempt.task = Task {
            let outcome: Result<SSHSession, SSHError>
            do throws(SSHError) {
                outcome = .success(try await connect(target))
            } catch {
                outcome = .failure(error)
            }
            finish(attempt, outcome)
        }
        return attempt
    }

    private func finish(_ attempt: Attempt, _ outcome: Result<SSHSession, SSHError>) {
        attempt.outcome = outcome
        if self.attempt === attempt { self.attempt = nil }
        if case .success(let session) = outcome { sessions.append(session) }
        for id in attempt.waiting { reactor.wake(id) }
    }

    /// Waits for an attempt; its stages have limits, so it ends. The last one that stops waiting ends it.
    private func outcome(of attempt: Attempt, _ host: String) async throws(SSHError) -> Result<SSHSession, SSHError> {
        let id = reactor.makeID()
        attempt.waiting.insert(id)
        let wake = await reactor.park(id, until: .now + .seconds(600))
        attempt.waiting.remove(id)
        if let outcome = attempt.outcome { return outcome }
        if attempt.waiting.isEmpty {
            attempt.task?.cancel()
            if self.attempt === attempt { self.attempt = nil }
        }
        throw explain(.gaveUp(wake), host, name)
    }

    // MARK: Words

    private func unreachable(_ host: String, _ error: SSHError) -> SSHError {
        switch error.code {
        case .cancelled, .localFile:
            return SSHError(
                error.code, error.stage, host: host, "\(host): \(error.message)", remedy: error.remedy,
                commands: error.commands)
        default:
            let message = "\(host) is behind the jump host \(name), which cannot be used: \(error.message)"
            return SSHError(
                error.code == .timedOut ? .timedOut : .unreachable, .connect, host: host, message, remedy: error.remedy,
                commands: error.commands)
        }
    }

    private func explain(_ failure: ForwardFailure, _ host: String, _ place: String) -> SSHError {
        switch failure {
        case .refused(let reason) where reason.contains("prohibited"):
            return SSHError(
                .unreachable, .connect, host: host,
                "\(host): the jump host \(name) does not allow a connection to \(place)",
                remedy:
                    "allow it in sshd_config on \(name): AllowTcpForwarding yes (or local), and PermitOpen if that is set"
            )
        case .refused(let reason):
            return SSHError(
                .unreachable, .connect, host: host,
                "\(host): the jump host \(name) cannot connect to \(place) (\(reason.lowercased()))",
                remedy: "check that the host is on, that sshd runs there, and that \(name) knows its address")
        case .noDescriptors:
            return SSHError(
                .localFile, .connect, host: host, "\(host): no descriptors left for a connection through \(name)",
                remedy: "raise this machine's limit of open files (ulimit -n) or lower the width")
        case .gaveUp(.cancelled):
            return SSHError(.cancelled, .connect, host: host, "\(host): connecting through \(name) was cancelled")
        case .busy, .lost, .gaveUp:
            return SSHError(
                .timedOut, .connect, host: host, "\(host): the jump host \(name) got no answer from \(place)",
                remedy: "check that the host is on and that no firewall between \(name) and it drops the packets")
        }
    }
}
