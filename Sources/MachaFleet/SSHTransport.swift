// SPDX-License-Identifier: MIT
package import MachaModel
package import SSH

/// Commands over one SSH session, opened by the first of them and kept for the next.
///
/// A session that ended while it was idle is renewed before a command is sent, invisibly to callers. A command that
/// has been sent is never sent again: its caller learns that the connection was lost.
package actor SSHTransport: OneWayTransport {
    /// An open session.
    package struct Link: Sendable {
        package var session: SSHSession
        /// Whether what the session rests on, keys and `known_hosts`, is still the same.
        package var isCurrent: @Sendable () -> Bool
        /// The fingerprint of the key that the machine at the other end has proved to hold.
        package let hostKey: String?

        package init(session: SSHSession, isCurrent: @escaping @Sendable () -> Bool = { true }) async {
            self.session = session
            self.isCurrent = isCurrent
            hostKey = await session.details?.hostKey.fingerprint
        }
    }

    package typealias Connect = @Sendable () async throws(ContactFailure) -> Link

    /// After this much silence a host must show that it is still there before a command is sent to it…
    private static let silence = Duration.seconds(10)
    /// …within this time; otherwise the connection counts as lost.
    private static let patience = Duration.seconds(5)

    private let name: String
    private let connect: Connect
    private var state = State.closed
    /// Commands that wait for an attempt to connect.
    private var waiting = 0
    /// Commands under way, those that wait for the connection included.
    private var running = 0
    private var lastUse = ContinuousClock.now
    private var lastHeard = ContinuousClock.now

    private enum State {
        case closed
        case connecting(Task<Link, any Error>)
        case open(Link)
    }

    /// `name` is what messages call the host; `connect` opens a session.
    package init(name: String, connect: @escaping Connect) {
        self.name = name
        self.connect = connect
    }

    package init(_ target: SSHTarget, timeouts: SSHTimeouts = SSHTimeouts()) {
        self.init(name: target.name) { () async throws(ContactFailure) in
            do throws(SSHError) {
                return await Link(session: try await SSHSession.connect(to: target, timeouts: timeouts))
            } catch {
                throw ContactFailure(error)
            }
        }
    }

    package func execute(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: (@Sendable (ArraySlice<UInt8>) -> Void)?
    ) async throws(ContactFailure) -> CommandResult {
        try await execute(command, until: deadline, receive: receive, hear: nil)
    }

    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant,
        hear: @escaping @Sendable (CommandStream, ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await execute(command, until: deadline, receive: nil) { stream, bytes in
            hear(stream == .standardOutput ? .output : .errors, bytes)
        }
    }

    private func execute(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: (@Sendable (ArraySlice<UInt8>) -> Void)?,
        hear: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)?
    ) async throws(ContactFailure) -> CommandResult {
        running += 1
        defer {
            running -= 1
            lastUse = .now
        }
        var mayRenew = true
        while true {
            let (link, isKept) = try await link(until: deadline)
            let session = link.session
            if let wanted = command.hostKey, wanted != link.hostKey {
                throw ContactFailure(anotherMachineThan: wanted, name, link.hostKey)
            }
            let isSilent = isKept && lastHeard + Self.silence < .now
            do throws(SSHError) {
                let limit = OutputLimit(standardOutput: command.outputLimit, standardError: command.outputLimit)
                let result = try await session.execute(
                    command.words, input: command.input, limit: limit, until: deadline,
                    patience: isSilent ? Self.patience : nil, receive: hear, output: receive)
                lastHeard = .now
                var heard = CommandResult(result)
                heard.hostKey = link.hostKey
                return heard
            } catch {
                // A refused channel says something of the host only when the connection is new.
                guard mayRenew, error.mayReconnect, isKept || error.code != .channelRefused else {
                    throw ContactFailure(error)
                }
                mayRenew = false
                await forget(session)
            }
        }
    }

    /// What the connection turned out to be; connects if there is none.
    package func details(
        until deadline: ContinuousClock.Instant = .now + .seconds(60)
    ) async throws(ContactFailure) -> SSHSession.Details? {
        try await link(until: deadline).link.session.details
    }

    package func close() async {
        let last = state
        state = .closed
        switch last {
        case .closed: break
        case .open(let link): await link.session.close()
        case .connecting(let attempt):
            attempt.cancel()
            if case .success(let link) = await attempt.result { await link.session.close() }
        }
    }

    /// Closes a connection that was unused for `idle`, and sends a keepalive on one that was silent for `keepalive`;
    /// one that gives none is dropped, so that the next command begins with a new one.
    package func tend(keepalive: Duration, idle: Duration) async {
        guard running == 0, case .open(let link) = state else { return }
        if lastUse + idle <= .now || !link.isCurrent() { return await close() }
        guard lastHeard + keepalive <= .now else { return }
        do throws(SSHError) {
            try await link.session.ping(until: .now + Self.patience)
            lastHeard = .now
        } catch {
            await forget(link.session)
        }
    }

    /// The open session and whether it was there before, or a new one when there is none or it rests on what has changed.
    private func link(
        until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> (link: Link, isKept: Bool) {
        let attempt: Task<Link, any Error>
        switch state {
        case .open(let link) where link.isCurrent(): return (link, true)
        case .open(let link):
            if running <= 1 { Task { await link.session.close() } }
            attempt = newAttempt()
        case .closed: attempt = newAttempt()
        case .connecting(let other): attempt = other
        }
        let link = try await outcome(of: attempt, until: deadline)
        if isUnderWay(attempt) { state = .open(link) }
        lastHeard = .now
        return (link, false)
    }

    private func newAttempt() -> Task<Link, any Error> {
        let attempt = Task { [connect] in try await connect() }
        state = .connecting(attempt)
        return attempt
    }

    private func isUnderWay(_ attempt: Task<Link, any Error>) -> Bool {
        if case .connecting(attempt) = state { true } else { false }
    }

    private func forget(_ session: SSHSession) async {
        if case .open(let link) = state, link.session === session { state = .closed }
        await session.forceClose()
    }

    /// What becomes of a connection attempt that several commands may share. One that gives up leaves it to the others;
    /// the last one to give up ends it.
    private func outcome(
        of attempt: Task<Link, any Error>, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> Link {
        waiting += 1
        defer { waiting -= 1 }
        let (results, tell) = AsyncStream.makeStream(of: Result<Link, any Error>.self)
        Task {
            tell.yield(await attempt.result)
            tell.finish()
        }
        do {
            return try await Deadline.run(until: deadline) {
                for await result in results { return try result.get() }
                throw CancellationError()
            }
        } catch {
            let isOver = error is ContactFailure
            if isUnderWay(attempt), isOver || waiting == 1 {
                state = .closed
                attempt.cancel()
            }
            throw explain(error)
        }
    }

    private func explain(_ error: any Error) -> ContactFailure {
        if let failure = error as? ContactFailure { return failure }
        if error is Deadline.Passed {
            return ContactFailure(
                .unreachable, stage: .connect, delivery: .notSent,
                message: "\(name): connecting did not finish in time",
                remedy: "check that the host is on, or raise the time limit")
        }
        return ContactFailure(
            .local, stage: .connect, delivery: .notSent, message: "\(name): connecting was cancelled")
    }
}

extension CommandResult {
    init(_ result: ExecResult) {
        let outcome: Outcome =
            switch result.outcome {
            case .status(let code): .status(code)
            case .signal(let name): .signal(name)
            case .unknown: .unknown
            }
        self.init(
            standardOutput: result.standardOutput, standardError: result.standardError, outcome: outcome,
            isCut: result.cut != nil)
        preamble = result.preamble
    }
}

extension ContactFailure {
    /// The session was opened with another key than the machine had that the command is for.
    fileprivate init(anotherMachineThan wanted: String, _ name: String, _ hostKey: String?) {
        self.init(
            .untrusted, stage: .hostKey, delivery: .notSent,
            message: "\(name): this is not the machine that the command is for: host key \(hostKey ?? "unknown") "
                + "instead of \(wanted); nothing was sent",
            remedy: "find out which machine has the address now; then run 'macha check \(name)'")
    }

    /// An SSH error in the fleet's words.
    package init(_ error: SSHError) {
        let kind: Kind =
            switch error.code {
            case .nameNotFound, .unreachable: .unreachable
            case .timedOut where error.stage == .exec: .broken
            case .timedOut, .notSSH: .unreachable
            case .noCommonAlgorithm: .incompatible
            case .hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked: .untrusted
            case .authenticationRefused, .moreFactorsWanted, .hungUpOnLogin: .authentication
            case .localFile, .cancelled, .commandTooLong: .local
            case .connectionLost, .flooded, .channelRefused, .notRun, .closed, .library: .broken
            }
        let stage = ContactStage(error.stage)
        self.init(
            kind, stage: stage, delivery: error.wasSent.map { $0 ? .maybeSent : .notSent } ?? stage.delivery,
            message: error.message, remedy: error.remedy, commands: error.commands)
    }
}

extension ContactStage {
    /// The stage in the fleet's words.
    init(_ stage: SSHStage) {
        self =
            switch stage {
            case .resolve: .resolve
            case .connect: .connect
            case .handshake: .handshake
            case .hostKey: .hostKey
            case .authentication: .authentication
            case .exec: .exec
            case .close: .close
            }
    }

    /// What is known of a command from the stage alone, where the connection itself says nothing of one.
    fileprivate var delivery: Delivery {
        switch self {
        case .resolve, .connect, .handshake, .hostKey, .authentication, .policy: .notSent
        case .exec, .collect, .upload, .close, .other: .maybeSent
        }
    }
}
