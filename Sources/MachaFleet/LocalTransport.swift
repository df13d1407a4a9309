// SPDX-License-Identifier: MIT
package import MachaCore
import Subprocess
import Synchronization

/// Commands on the controller itself.
package struct LocalTransport: Transport {
    private let host: String

    /// `host` is what messages call this machine.
    package init(host: String) { self.host = host }

    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> CommandResult {
        var options = PlatformOptions()
        // A group of its own, so that what the command starts ends with it.
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(200))]
        let output = Kept(limit: command.outputLimit)
        let errors = Kept(limit: command.outputLimit)
        do {
            let ended = try await Deadline.run(until: deadline) { [options] in
                try await Subprocess.run(
                    .name(command.program), arguments: Arguments(command.arguments), platformOptions: options,
                    input: .array(command.input), output: .sequence, error: .sequence
                ) { execution in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await output.take(execution.standardOutput) }
                        group.addTask { try await errors.take(execution.standardError) }
                        try await group.waitForAll()
                    }
                }.terminationStatus
            }
            return CommandResult(
                standardOutput: output.bytes, standardError: errors.bytes, outcome: CommandResult.Outcome(ended))
        } catch is Kept.Full {
            return CommandResult(standardOutput: output.bytes, standardError: errors.bytes, isCut: true)
        } catch is Deadline.Passed {
            throw ContactFailure(
                .broken, stage: "exec", message: "\(host): the command did not finish in time",
                remedy: "raise the time limit or look at what hangs on the host")
        } catch {
            throw ContactFailure(
                .broken, stage: "exec", message: "\(host): \(command.program) could not be run: \(error)",
                remedy: "check that the program exists in the controller's PATH")
        }
    }

    package func close() async {}
}

/// The beginning of one stream.
private final class Kept: Sendable {
    /// The stream is longer than the limit.
    struct Full: Error {}

    private let limit: Int
    private let kept = Mutex<[UInt8]>([])

    init(limit: Int) { self.limit = limit }

    var bytes: [UInt8] { kept.withLock { $0 } }

    func take(_ stream: SubprocessOutputSequence) async throws {
        for try await piece in stream {
            let isFull = piece.withUnsafeBytes { bytes in
                kept.withLock { kept in
                    let room = limit - kept.count
                    kept.append(contentsOf: bytes.prefix(room))
                    return bytes.count > room
                }
            }
            if isFull { throw Full() }
        }
    }
}

extension CommandResult.Outcome {
    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .status(code)
        case .signaled(let number): self = .signal(String(number))
        }
    }
}
