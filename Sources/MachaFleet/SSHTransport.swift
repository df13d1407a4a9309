// SPDX-License-Identifier: MIT
package import MachaCore
package import SSH

/// Commands over one SSH session, opened by the first of them and kept for the next.
package actor SSHTransport: Transport {
    private let target: SSHTarget
    private let timeouts: SSHTimeouts
    private var connecting: Task<SSHSession, any Error>?

    package init(_ target: SSHTarget, timeouts: SSHTimeouts = SSHTimeouts()) {
        self.target = target
        self.timeouts = timeouts
    }

    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> CommandResult {
        do throws(SSHError) {
            let limit = OutputLimit(standardOutput: command.outputLimit, standardError: command.outputLimit)
            let result = try await session().execute(command.words, input: command.input, limit: limit, until: deadline)
            return CommandResult(result)
        } catch {
            throw ContactFailure(error)
        }
    }

    /// What the connection turned out to be; connects if there is none.
    package func details() async throws(ContactFailure) -> SSHSession.Details? {
        do throws(SSHError) {
            return try await session().details
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
    private func session() async throws(SSHError) -> SSHSession {
        if let connecting {
            switch await connecting.result {
            case .success(let session) where await session.isUsable: return session
            default: if self.connecting == connecting { self.connecting = nil }
            }
        }
        let task =
            connecting ?? Task { [target, timeouts] in try await SSHSession.connect(to: target, timeouts: timeouts) }
        connecting = task
        let outcome = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        switch outcome {
        case .success(let session): return session
        case .failure(let error):
            if connecting == task { connecting = nil }
            throw (error as? SSHError)
                ?? SSHError(.cancelled, .connect, host: target.name, "connecting to \(target.name) was cancelled")
        }
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
            case .localFile, .agentUnavailable, .cancelled: .local
            case .connectionLost, .channelRefused, .closed, .library: .broken
            }
        self.init(kind, stage: error.stage.rawValue, message: error.message, remedy: error.remedy)
    }
}
