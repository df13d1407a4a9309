// SPDX-License-Identifier: MIT
package import MachaCore
package import SSH

/// Commands over one SSH session, opened by the first of them and kept for the next.
package actor SSHTransport: Transport {
    private let target: SSHTarget
    private let timeouts: SSHTimeouts
    private var connecting: Task<SSHSession, any Error>?
    /// Commands that wait for ``connecting``.
    private var waiting = 0

    package init(_ target: SSHTarget, timeouts: SSHTimeouts = SSHTimeouts()) {
        self.target = target
        self.timeouts = timeouts
    }

    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> CommandResult {
        do throws(SSHError) {
            let limit = OutputLimit(standardOutput: command.outputLimit, standardError: command.outputLimit)
            let session = try await session(until: deadline)
            return CommandResult(
                try await session.execute(command.words, input: command.input, limit: limit, until: deadline))
        } catch {
            throw ContactFailure(error)
        }
    }

    /// What the connection turned out to be; connects if there is none.
    package func details(
        until deadline: ContinuousClock.Instant = .now + .seconds(60)
    ) async throws(ContactFailure) -> SSHSession.Details? {
        do throws(SSHError) {
            return try await session(until: deadline).details
        } catch {
            throw ContactFailure(error)
        }
    }

    package func close() async {
        guard let connecting else { return }
        self.connecting = nil
        connecting.cancel()
        if case .success(let session) = await connecting.result { await session.close() }
    }

    /// The open session, or a new one when there is none or the last one ended. A command that has been sent is never
    /// sent again: only the connection is renewed, before the next command.
    private func session(until deadline: ContinuousClock.Instant) async throws(SSHError) -> SSHSession {
        if let last = connecting {
            let session = try await outcome(of: last, until: deadline)
            if await session.isUsable { return session }
            if connecting == last { connecting = nil }
        }
        let task =
            connecting ?? Task { [target, timeouts] in try await SSHSession.connect(to: target, timeouts: timeouts) }
        connecting = task
        return try await outcome(of: task, until: deadline)
    }

    /// What becomes of a connection attempt that several commands may share. One that gives up leaves it to the others;
    /// the last one to give up ends it.
    private func outcome(
        of attempt: Task<SSHSession, any Error>, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> SSHSession {
        waiting += 1
        defer { waiting -= 1 }
        let (results, tell) = AsyncStream.makeStream(of: Result<SSHSession, any Error>.self)
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
            let isOver = error is SSHError
            if connecting == attempt, isOver || waiting == 1 {
                connecting = nil
                attempt.cancel()
            }
            throw explain(error)
        }
    }

    private func explain(_ error: any Error) -> SSHError {
        if let error = error as? SSHError { return error }
        if error is Deadline.Passed {
            return SSHError(
                .timedOut, .connect, host: target.name, "\(target.name): connecting did not finish in time",
                remedy: "check that the host is on, or raise the time limit")
        }
        return SSHError(.cancelled, .connect, host: target.name, "\(target.name): connecting was cancelled")
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
    }
}

extension ContactFailure {
    /// An SSH error in the fleet's words.
    package init(_ error: SSHError) {
        let kind: Kind =
            switch error.code {
            case .nameNotFound, .unreachable: .unreachable
            case .timedOut where error.stage == .exec: .broken
            case .timedOut, .notSSH: .unreachable
            case .noCommonAlgorithm: .incompatible
            case .hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked: .untrusted
            case .authenticationRefused: .authentication
            case .localFile, .cancelled: .local
            case .connectionLost, .flooded, .channelRefused, .closed, .library: .broken
            }
        self.init(kind, stage: error.stage.rawValue, message: error.message, remedy: error.remedy)
    }
}
