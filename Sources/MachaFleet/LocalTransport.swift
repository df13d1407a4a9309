// SPDX-License-Identifier: MIT
import Glibc
package import MachaModel
import Subprocess
import Synchronization

/// Commands on the controller itself.
package struct LocalTransport: OneWayTransport {
    private let host: String

    /// `host` is what messages call this machine.
    package init(host: String) { self.host = host }

    package func execute(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: (@Sendable (ArraySlice<UInt8>) -> Void)?
    ) async throws(ContactFailure) -> CommandResult {
        try await execute(
            command, until: deadline, Kept(limit: command.outputLimit, receive: receive),
            Kept(limit: command.outputLimit))
    }

    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant,
        hear: @escaping @Sendable (CommandStream, ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await execute(
            command, until: deadline, Kept(limit: command.outputLimit, hear: { hear(.output, $0) }),
            Kept(limit: command.outputLimit, hear: { hear(.errors, $0) }))
    }

    private func execute(
        _ command: Command, until deadline: ContinuousClock.Instant, _ output: Kept, _ errors: Kept
    ) async throws(ContactFailure) -> CommandResult {
        guard !command.words.contains(where: { $0.utf8.contains(0) }) else {
            throw ContactFailure(
                .broken, stage: .exec, delivery: .notSent, message: "\(host): an argument contains a NUL byte")
        }
        do {
            let ended = try await Deadline.run(until: deadline) {
                try await Self.execute(command, output, errors)
            }
            return CommandResult(
                standardOutput: output.bytes, standardError: errors.bytes, outcome: CommandResult.Outcome(ended))
        } catch is Kept.Full {
            return CommandResult(standardOutput: output.bytes, standardError: errors.bytes, isCut: true)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            // As a shell on a remote host answers.
            return CommandResult(standardError: Array("\(command.program): not found\n".utf8), outcome: .status(127))
        } catch {
            throw failure(error, command)
        }
    }

    private static func execute(
        _ command: Command, _ output: Kept, _ errors: Kept
    ) async throws -> TerminationStatus {
        ignoreBrokenPipes
        var options = PlatformOptions()
        // A group of its own, so that what the command starts ends with it.
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(200))
        ]
        return try await Subprocess.run(
            .name(command.program), arguments: Arguments(command.arguments), platformOptions: options,
            input: .inputWriter, output: .sequence, error: .sequence
        ) { [options] execution in
            // The first process is not reaped before this closure returns, so the group's number is still ours; the
            // first process may have ended while others of its group go on.
            let group = execution.processIdentifier.value
            var failure: (any Error)?
            do {
                try await converse(execution, command.input, output, errors)
            } catch {
                failure = error
            }
            if failure != nil || Task.isCancelled {
                await execution.teardown(using: options.teardownSequence)
                kill(-group, SIGKILL)
            }
            if let failure { throw failure }
        }.terminationStatus
    }

    private static func converse(
        _ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>, _ input: [UInt8], _ output: Kept,
        _ errors: Kept
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A command may end, or close its input, without reading it: what it writes still counts.
                _ = try? await execution.standardInputWriter.write(input)
                try? await execution.standardInputWriter.finish()
            }
            group.addTask { try await output.take(execution.standardOutput) }
            group.addTask { try await errors.take(execution.standardError) }
            // Not waitForAll: the first stream that is full must end the wait for the other.
            while try await group.next() != nil {}
        }
    }

    /// Writing to a command that has ended must be an error, not the end of the controller. The signal's default action
    /// comes back in every process that is started (Subprocess resets it).
    private static let ignoreBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

    private func failure(_ error: any Error, _ command: Command) -> ContactFailure {
        if error is Deadline.Passed {
            return ContactFailure(
                .broken, stage: .exec, delivery: .maybeSent,
                message: "\(host): the command did not finish in time and was stopped",
                remedy: "raise the time limit, or find out what hangs on the host")
        }
        if Task.isCancelled {
            return ContactFailure(
                .local, stage: .exec, delivery: .maybeSent, message: "\(host): the command was cancelled")
        }
        // Only a failure to start it says that it never ran.
        let starting: Set<SubprocessError.Code> = [.spawnFailed, .executableNotFound, .failedToChangeWorkingDirectory]
        let neverRan = (error as? SubprocessError).map { starting.contains($0.code) } ?? false
        let delivery: Delivery = neverRan ? .notSent : .maybeSent
        return ContactFailure(
            .local, stage: .exec, delivery: delivery, message: "\(host): \(command.program) could not be run: \(error)",
            remedy: "check that the controller may run it")
    }

    package func close() async {}
}

/// The beginning of one stream.
private final class Kept: Sendable {
    /// The stream is longer than the limit.
    struct Full: Error {}

    private let limit: Int
    /// Where the bytes go instead of being kept.
    private let receive: (@Sendable (ArraySlice<UInt8>) -> Void)?
    /// Gets a copy of what is kept.
    private let hear: (@Sendable (ArraySlice<UInt8>) -> Void)?
    private let kept = Mutex<[UInt8]>([])

    init(
        limit: Int, receive: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil,
        hear: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
    ) {
        self.limit = limit
        self.receive = receive
        self.hear = hear
    }

    var bytes: [UInt8] { kept.withLock { $0 } }

    func take(_ stream: SubprocessOutputSequence) async throws {
        if let receive { return try await hand(stream, to: receive) }
        for try await piece in stream {
            let isFull = piece.withUnsafeBytes { bytes in
                kept.withLock { kept in
                    let room = limit - kept.count
                    kept.append(contentsOf: bytes.prefix(room))
                    if let hear, !bytes.isEmpty { hear(ArraySlice(bytes.prefix(room))) }
                    return bytes.count > room
                }
            }
            if isFull { throw Full() }
        }
    }

    private func hand(
        _ stream: SubprocessOutputSequence, to receive: @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws {
        var room = limit
        for try await piece in stream {
            let bytes = piece.withUnsafeBytes { Array($0) }
            if room > 0, !bytes.isEmpty { receive(bytes.prefix(room)) }
            room -= bytes.count
            if room < 0 { throw Full() }
        }
    }
}

extension CommandResult.Outcome {
    /// The names that SSH knows too (RFC 4254, 6.10), so that both transports say the same.
    private static let signals = [
        SIGABRT: "ABRT", SIGALRM: "ALRM", SIGFPE: "FPE", SIGHUP: "HUP", SIGILL: "ILL", SIGINT: "INT", SIGKILL: "KILL",
        SIGPIPE: "PIPE", SIGQUIT: "QUIT", SIGSEGV: "SEGV", SIGTERM: "TERM", SIGUSR1: "USR1", SIGUSR2: "USR2",
    ]

    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .status(code)
        case .signaled(let number): self = .signal(Self.signals[number] ?? String(number))
        }
    }
}
