// SPDX-License-Identifier: MIT
import MachaFleet
package import MachaModel
import Synchronization

/// A transport without a host behind it, which behaves as the real ones do: limits cut, deadlines and cancellation end a
/// command that never answers, a program it does not know is "not found".
package final class FakeTransport: Transport {
    /// What becomes of one command.
    package enum Answer: Sendable {
        case result(CommandResult)
        case failure(ContactFailure)
        /// The command hangs until its deadline or until the task is cancelled.
        case never

        /// The command writes this and ends with status 0.
        package static func output(_ text: String) -> Answer {
            .result(CommandResult(standardOutput: Array(text.utf8), outcome: .status(0)))
        }
    }

    private struct Record {
        var asked: [Command] = []
        var closings = 0
    }

    private let host: String
    private let answer: @Sendable (Command) -> Answer?
    private let record = Mutex(Record())

    /// `answer` tells what becomes of a command; `nil` stands for a program that is not on the host.
    package init(host: String = "fake", _ answer: @escaping @Sendable (Command) -> Answer?) {
        self.host = host
        self.answer = answer
    }

    /// Answers by the program and its arguments.
    package convenience init(host: String = "fake", _ answers: [[String]: Answer]) {
        self.init(host: host) { answers[$0.words] }
    }

    /// What was asked, in order.
    package var asked: [Command] { record.withLock { $0.asked } }

    package var closings: Int { record.withLock { $0.closings } }

    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> CommandResult {
        guard !command.words.contains(where: { $0.utf8.contains(0) }) else {
            throw ContactFailure(.broken, stage: "exec", message: "\(host): an argument contains a NUL byte")
        }
        record.withLock { $0.asked.append(command) }
        switch answer(command) {
        case .result(let result): return Self.cut(result, command.outputLimit)
        case .failure(let failure): throw failure
        case .never: throw await hang(until: deadline)
        case nil:
            let said = Array("\(command.program): not found\n".utf8)
            return CommandResult(standardError: said, outcome: .status(127))
        }
    }

    package func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        var result = try await run(command, until: deadline)
        var rest = result.standardOutput[...]
        while !rest.isEmpty {
            receive(rest.prefix(32 * 1024))
            rest = rest.dropFirst(32 * 1024)
        }
        result.standardOutput = []
        return result
    }

    package func close() async { record.withLock { $0.closings += 1 } }

    private static func cut(_ result: CommandResult, _ limit: Int) -> CommandResult {
        guard result.standardOutput.count > limit || result.standardError.count > limit else { return result }
        return CommandResult(
            standardOutput: Array(result.standardOutput.prefix(limit)),
            standardError: Array(result.standardError.prefix(limit)), isCut: true)
    }

    private func hang(until deadline: ContinuousClock.Instant) async -> ContactFailure {
        do {
            try await Task.sleep(until: deadline, clock: .continuous)
            return ContactFailure(.broken, stage: "exec", message: "\(host): the command did not finish in time")
        } catch {
            return ContactFailure(.local, stage: "exec", message: "\(host): the command was cancelled")
        }
    }
}
