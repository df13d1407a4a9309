// SPDX-License-Identifier: MIT
import CLibSSH2
import Glibc

/// One authenticated connection to one host, for as many commands as wanted, one after the other.
///
/// Runs on the reactor's thread. A conversation that ends in the middle (deadline, cancellation, lost connection) leaves
/// libssh2's state unknown, so it ends the session: later calls throw that same error.
package actor SSHSession {
    /// What the server and the connection turned out to be.
    package struct Details: Sendable, Hashable {
        package var address: String
        package var serverVersion: String
        package var algorithms: NegotiatedAlgorithms
        package var hostKey: HostKey
        /// The key file or agent comment that the server accepted.
        package var identity: String
        /// Time spent in each stage.
        package var latency: [SSHStage: Duration]
    }

    package nonisolated let target: SSHTarget
    package private(set) var details: Details?
    /// Kept apart from ``details``, as every command asks.
    private(set) var isOpenSSH = false

    /// Whether the account's shell knows no `exec`.
    var isRestricted = false

    let reactor = Reactor.shared
    let timeouts: SSHTimeouts
    /// The host this session goes through.
    let jump: JumpHost?
    /// Connections that the host makes for us.
    let forwarding = Forwarding()
    private let gate = OperationGate()
    private var handle: SessionHandle?
    /// What ended the session.
    private(set) var ended: SSHError?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private init(_ target: SSHTarget, _ timeouts: SSHTimeouts, _ jump: JumpHost?) {
        self.target = target
        self.timeouts = timeouts
        self.jump = jump
    }

    /// Connects, checks the host key and logs in; through `jump` if given.
    ///
    /// Nothing is sent to a host whose key is unknown, changed or revoked: no login is tried and no command leaves.
    package static func connect(
        to target: SSHTarget, timeouts: SSHTimeouts = SSHTimeouts(), through jump: JumpHost? = nil
    ) async throws(SSHError) -> SSHSession {
        let session = SSHSession(target, timeouts, jump)
        try await session.establish()
        return session
    }

    /// Asks a host for its key and leaves again, without logging in. The key is only as good as the network between.
    package static func hostKey(
        of target: SSHTarget, timeouts: SSHTimeouts = SSHTimeouts(), through jump: JumpHost? = nil
    ) async throws(SSHError) -> HostKey {
        let session = SSHSession(target, timeouts, jump)
        return try await session.showKey()
    }

    private func showKey() async throws(SSHError) -> HostKey {
        defer { forceClose() }
        return try await meet()
    }

    private func establish() async throws(SSHError) {
        do throws(SSHError) {
            let details = try await logIn()
            isOpenSSH = details.serverVersion.contains("OpenSSH")
            self.details = details
        } catch {
            let error = flood(error.stage) ?? error
            abandon(error)
            throw error
        }
    }

    /// Which way messages say a lost connection went: empty, or ` (through bastion)`.
    var way: String { jump.map { " (through \($0.name))" } ?? "" }

    /// Whether another command can be tried on this session: it has not ended, and the host has not hung up since.
    package var isUsable: Bool { ended == nil && handle?.look { !$0.isHungUp } ?? false }

    /// Ends the session politely when nothing is under way; otherwise at once.
    package func close() async {
        let deadline = ContinuousClock.now + timeouts.close
        if ended == nil, case .ready = await gate.enter(reactor, until: deadline) {
            _ = try? await complete(.close, until: deadline) { $0.disconnect() }
            try? await drain(until: deadline)
            gate.leave(reactor)
        }
        abandon(closedError())
    }

    /// Ends the session at once, also in the middle of a command: whoever waits for that gets ``SSHError/Code/closed``.
    package func forceClose() { abandon(closedError()) }

    private func closedError() -> SSHError {
        SSHError(.closed, .close, host: target.name, "the session with \(target.name) was closed")
    }

    /// Asks the host for a sign of life and waits for it; a host that gives none by `deadline` ends the session. Does nothing
    /// while a command runs, which has a deadline of its own.
    ///
    /// Not libssh2_keepalive_send: it does not tell whether an answer came, and libssh2 keeps each answer in its list of
    /// packets for ever. A channel of a type that no server knows is refused at once, and the refusal is consumed.
    package func ping(until deadline: ContinuousClock.Instant) async throws(SSHError) {
        guard !gate.isTaken else { return }
        try await exclusively(.exec, until: deadline) { () async throws(SSHError) in
            let status = try await complete(.exec, until: deadline) { $0.ping() }
            guard status == 0 else {
                throw SSHError(
                    .connectionLost, .exec, host: target.name, "the idle connection to \(target.name)\(way) was lost")
            }
        }
    }

    /// Waits until everything said has left.
    private func drain(until deadline: ContinuousClock.Instant) async throws(SSHError) {
        while try use({ $0.holdsOutput }) {
            let descriptor = try look { $0.descriptor }
            try check(await reactor.ready(descriptor, reads: false, writes: true, until: deadline), .close)
        }
    }

    // MARK: Conversations

    /// Runs `conversation` alone on this session. What it throws ends the session, but for a refused channel, which
    /// leaves libssh2 in a known state.
    func exclusively<Value>(
        _ stage: SSHStage, until deadline: ContinuousClock.Instant,
        _ conversation: () async throws(SSHError) -> Value
    ) async throws(SSHError) -> Value {
        if let ended { throw ended }
        try check(await gate.enter(reactor, until: deadline), stage)
        defer {
            gate.leave(reactor)
            if ended != nil { handle = nil }
        }
        if let ended { throw ended }
        do throws(SSHError) {
            return try await conversation()
        } catch {
            let error = flood(stage) ?? error
            if error.code != .channelRefused { abandon(error) }
            throw ended ?? error
        }
    }

    /// Makes one libssh2 call again and again until it does not block any more, and answers its result.
    func complete(
        _ stage: SSHStage, until deadline: ContinuousClock.Instant, _ call: (inout SessionHandle) -> CInt
    ) async throws(SSHError) -> CInt {
        while true {
            let status = try use(call)
            if status != SessionHandle.wouldBlock {
                try look { $0.intake.noteProgress() }
                return status
            }
            try await waitForAnswer(stage, until: deadline)
        }
    }

    /// Waits after a call that would block. What came in during the call may be what it waits for: when keys are exchanged again,
    /// libssh2 looks for an answer, takes it in with the exchange, and waits for another. So then the call is made again first.
    func waitForAnswer(_ stage: SSHStage, until deadline: ContinuousClock.Instant) async throws(SSHError) {
        // Up to the login each message is the only one that may come.
        guard stage == .exec, try look({ $0.hasHeard }) else {
            return try await waitUntilUnblocked(stage, until: deadline)
        }
        try check(await reactor.turn(until: deadline), stage)
    }

    /// Uses the handle once, without waiting.
    func use<Value>(_ body: (inout SessionHandle) -> Value) throws(SSHError) -> Value {
        guard let value = handle?.use(body) else { throw ended ?? closedError() }
        return value
    }

    /// Asks something of the handle, between two turns.
    func look<Value>(_ body: (inout SessionHandle) -> Value) throws(SSHError) -> Value {
        guard let value = handle?.look(body) else { throw ended ?? closedError() }
        return value
    }

    /// Waits for what libssh2's last call would block on: input, and room for what is held.
    func waitUntilUnblocked(_ stage: SSHStage, until deadline: ContinuousClock.Instant) async throws(SSHError) {
        let (descriptor, holdsOutput) = try look { ($0.descriptor, $0.holdsOutput) }
        try check(await reactor.ready(descriptor, reads: true, writes: holdsOutput, until: deadline), stage)
        try look { $0.intake.noteReady() }
    }

    /// Turns the end of a wait into its error.
    func check(_ wake: Reactor.Wake, _ stage: SSHStage) throws(SSHError) {
        switch wake {
        case .ready: return
        case .timedOut:
            throw SSHError(
                .timedOut, stage, host: target.name, "\(target.name): \(stage.words) did not finish in time",
                remedy: stage.timeoutRemedy)
        case .cancelled:
            throw SSHError(.cancelled, stage, host: target.name, "\(target.name): \(stage.words) was cancelled")
        }
    }

    /// Why we stopped reading, if we did: libssh2 only sees a connection that broke.
    private func flood(_ stage: SSHStage) -> SSHError? {
        guard let excess = handle?.use({ $0.intake.excess }) else { return nil }
        return SSHError(
            .flooded, stage, host: target.name, "\(target.name) \(excess); the connection was cut",
            remedy:
                "this is not an ordinary SSH server: find out what is listening on \(target.address) port \(target.port)"
        )
    }

    /// Takes over a connected socket; from here on the session owns it.
    func adopt(_ connected: consuming SessionHandle) { handle = consume connected }

    // A conversation that waits for the socket is woken by its shutdown, meets the error and frees the handle itself:
    // freeing it under its feet would leave it waiting for a descriptor that no longer exists.
    func abandon(_ reason: SSHError) {
        if ended == nil { ended = reason }
        if gate.isTaken { _ = handle?.use { $0.shutDown() } } else { handle = nil }
    }
}
