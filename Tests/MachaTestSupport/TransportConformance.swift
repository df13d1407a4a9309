// SPDX-License-Identifier: MIT
package import MachaFleet
package import MachaModel
import Synchronization

/// What every ``Transport`` does, whatever is behind it. Each behaviour throws ``Mismatch`` when the transport lacks it.
///
/// The commands are those of any POSIX system, so that they run on real hosts; ``answer(to:)`` gives the same answers for
/// a transport that has no host behind it.
package enum TransportConformance: String, CaseIterable, Sendable, CustomStringConvertible {
    case wordsArriveUnchanged = "words arrive unchanged"
    case inputArrivesWhole = "standard input arrives whole"
    case unreadInputDoesNoHarm = "input that is not read does no harm"
    case outputArrivesWhole = "long output arrives whole"
    case streamsArriveApart = "output and errors arrive apart"
    case statusIsTold = "the exit status is told"
    case signalIsNamed = "a signal is named"
    case outputIsCut = "output beyond the limit is cut and said to be cut"
    case errorsAreCut = "errors beyond the limit are cut and said to be cut"
    case outputOfTheLimitIsWhole = "output of exactly the limit is whole"
    case deadlineEnds = "the deadline ends a command that hangs"
    case deadlineEndsAFlood = "the deadline ends a command that never stops writing"
    case passedDeadlineEnds = "a deadline that has passed ends a command that hangs"
    case cancellationEnds = "cancellation ends a command"
    case runsFollowADeadline = "a command runs after one that met its deadline"
    case runsFollowEachOther = "commands run one after another"
    case runsGoSideBySide = "commands asked for at once get their own answers"
    case closesTwice = "closing twice does nothing more, and a command after it runs"
    case missingProgramIsAResult = "a program that is missing is a result with status 127"
    case streamsArriveInOrder = "a stream arrives whole and in order, and is not kept"
    case streamIsCut = "a stream beyond the limit is cut and said to be cut"
    case nulIsRefused = "a word with a NUL byte is refused"

    /// The transport does not do what its protocol promises.
    package struct Mismatch: Error, CustomStringConvertible {
        package var description: String
    }

    package var description: String { rawValue }

    private static let oddWords = [
        "", " ", "a b", "'", "\"", "\\", "\\\\'", "$HOME", "`id`", "$(id)", "a\nb", "\n", "*", "~", "-n", "--", "-e",
        "é漢🙂",
        "!x", "\u{1b}[31m", "a'b\\c'd", "=ls", "{a,b}", ";", "&", "|", ">", "#",
    ]
    private static let long = 3_000_000
    private static let limit = 100_000
    private static let input = (0..<long).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    // Ends by itself once nobody hears it any more, also on a host that was left in the middle.
    private static let hang = ["tail", "-f", "/dev/null"]

    private static func shell(_ script: String) -> [String] { ["sh", "-c", script] }

    /// What a POSIX system answers to the suite's commands; `nil` for a program it does not have.
    @Sendable package static func answer(to command: Command) -> FakeTransport.Answer? {
        switch command.words {
        case hang: .never
        case ["cat"]: .result(CommandResult(standardOutput: command.input, outcome: .status(0)))
        case shell("echo out; echo err >&2"):
            .result(
                CommandResult(
                    standardOutput: Array("out\n".utf8), standardError: Array("err\n".utf8), outcome: .status(0)))
        case shell("exit 7"): .result(CommandResult(outcome: .status(7)))
        case shell("kill -KILL $$"): .result(CommandResult(outcome: .signal("KILL")))
        case shell("yes >&2"): .result(CommandResult(standardError: [UInt8](repeating: 121, count: long)))
        case ["yes"] where command.outputLimit > long: .never
        case ["yes"]: .result(CommandResult(standardOutput: [UInt8](repeating: 121, count: long)))
        case shell("head -c \(long) /dev/zero"):
            .result(CommandResult(standardOutput: [UInt8](repeating: 0, count: long), outcome: .status(0)))
        case ["true"]: .output("")
        case ["printf", "%s\\0"] + command.arguments.dropFirst():
            .output(command.arguments.dropFirst().map { $0 + "\0" }.joined())
        default: nil
        }
    }

    /// Tries this behaviour of `transport`, and leaves it open.
    package func check(_ transport: any Transport) async throws {
        switch self {
        case .wordsArriveUnchanged, .inputArrivesWhole, .unreadInputDoesNoHarm, .outputArrivesWhole,
            .streamsArriveApart:
            try await checkBytes(transport)
        case .statusIsTold: try await expect(.status(7), of: Self.shell("exit 7"), on: transport)
        case .signalIsNamed: try await expect(.signal("KILL"), of: Self.shell("kill -KILL $$"), on: transport)
        case .outputIsCut, .errorsAreCut, .outputOfTheLimitIsWhole: try await checkLimits(transport)
        case .deadlineEnds, .deadlineEndsAFlood, .passedDeadlineEnds, .cancellationEnds, .runsFollowADeadline:
            try await checkEnds(transport)
        case .runsFollowEachOther:
            for number in 0..<5 { try await echo("\(number)", on: transport) }
        case .runsGoSideBySide:
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 { group.addTask { try await echo("\(number)", on: transport) } }
                try await group.waitForAll()
            }
        case .closesTwice:
            await transport.close()
            try await echo("before", on: transport)
            await transport.close()
            await transport.close()
            try await echo("after", on: transport)
        case .missingProgramIsAResult:
            let result = try await run(["no-such-program-anywhere"], on: transport)
            try require(result.outcome == .status(127), "it ended with \(result.outcome)")
            try require(!result.standardError.isEmpty, "nothing says which program is missing")
        case .streamsArriveInOrder, .streamIsCut: try await checkStream(transport)
        case .nulIsRefused:
            let failure = try await failure { _ = try await run(["printf", "%s\\0", "a\0b"], on: transport) }
            try require(failure.stage == "exec", "the stage is \(failure.stage)")
        }
    }

    // MARK: Parts

    private func checkBytes(_ transport: any Transport) async throws {
        switch self {
        case .wordsArriveUnchanged:
            let result = try await run(["printf", "%s\\0"] + Self.oddWords, on: transport)
            let words = result.standardOutput.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            let heard = words.map { String(decoding: $0, as: UTF8.self) }
            try require(heard == Self.oddWords, "\(heard) arrived")
        case .inputArrivesWhole:
            let result = try await run(["cat"], input: Self.input, on: transport)
            try require(result.standardOutput == Self.input, "\(result.standardOutput.count) bytes came back")
        case .unreadInputDoesNoHarm:
            let result = try await run(["true"], input: Self.input, on: transport)
            try require(result.outcome == .status(0), "it ended with \(result.outcome)")
        case .outputArrivesWhole:
            let result = try await run(Self.shell("head -c \(Self.long) /dev/zero"), on: transport)
            try require(result.standardOutput.count == Self.long, "\(result.standardOutput.count) bytes came")
            try require(result.outcome == .status(0) && !result.isCut, "it ended with \(result.outcome)")
        default:
            let result = try await run(Self.shell("echo out; echo err >&2"), on: transport)
            try require(result.standardOutput == Array("out\n".utf8), "output: \(result.standardOutput)")
            try require(result.standardError == Array("err\n".utf8), "errors: \(result.standardError)")
        }
    }

    private func checkLimits(_ transport: any Transport) async throws {
        if case .outputOfTheLimitIsWhole = self {
            let command = Command("cat", input: Self.input, outputLimit: Self.long)
            let result = try await transport.run(command, until: soon)
            try require(
                !result.isCut && result.standardOutput == Self.input, "\(result.standardOutput.count) bytes came")
            return
        }
        let words = self == .outputIsCut ? ["yes"] : Self.shell("yes >&2")
        let result = try await transport.run(
            Command(words[0], Array(words.dropFirst()), outputLimit: Self.limit), until: soon)
        let kept = self == .outputIsCut ? result.standardOutput : result.standardError
        try require(result.isCut, "it does not say that output was cut")
        try require(kept.count == Self.limit, "\(kept.count) bytes were kept")
        try require(result.outcome == .unknown, "a command that was ended says \(result.outcome)")
        try await echo("next", on: transport)
    }

    private func checkStream(_ transport: any Transport) async throws {
        let heard = Mutex<[UInt8]>([])
        let isWhole = self == .streamsArriveInOrder
        let command = isWhole ? Command("cat", input: Self.input) : Command("yes", outputLimit: Self.limit)
        let result = try await transport.stream(command, until: soon) { piece in
            heard.withLock { $0 += piece }
        }
        let bytes = heard.withLock { $0 }
        try require(result.standardOutput.isEmpty, "\(result.standardOutput.count) bytes were kept")
        try require(result.isCut != isWhole, "it says that it was \(result.isCut ? "" : "not ")cut")
        if isWhole {
            try require(bytes == Self.input && result.outcome == .status(0), "\(bytes.count) bytes came")
        } else {
            try require(bytes.count == Self.limit, "\(bytes.count) bytes came")
        }
        try await echo("next", on: transport)
    }

    private func checkEnds(_ transport: any Transport) async throws {
        // Connected before, so that it is the command that ends.
        try await echo("first", on: transport)
        switch self {
        case .deadlineEndsAFlood:
            let flood = Command("yes", outputLimit: .max)
            try await expectTimeout { _ = try await transport.run(flood, until: .now + .milliseconds(100)) }
        case .passedDeadlineEnds:
            _ = try await failure { _ = try await transport.run(Self.command(Self.hang), until: .now - .seconds(1)) }
        case .cancellationEnds:
            let deadline = soon
            let task = Task { try await transport.run(Self.command(Self.hang), until: deadline) }
            task.cancel()
            let failure = try await failure { _ = try await task.value }
            try require(failure.kind == .local, "its kind is \(failure.kind)")
        default:
            try await expectTimeout {
                _ = try await transport.run(Self.command(Self.hang), until: .now + .milliseconds(100))
            }
            if self == .runsFollowADeadline { try await echo("next", on: transport) }
        }
    }

    // MARK: Helpers

    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    private static func command(_ words: [String], input: [UInt8] = []) -> Command {
        Command(words[0], Array(words.dropFirst()), input: input)
    }

    private func run(_ words: [String], input: [UInt8] = [], on transport: any Transport) async throws -> CommandResult
    {
        try await transport.run(Self.command(words, input: input), until: soon)
    }

    private func expect(
        _ outcome: CommandResult.Outcome, of words: [String], on transport: any Transport
    ) async throws {
        let result = try await run(words, on: transport)
        try require(result.outcome == outcome, "it ended with \(result.outcome)")
    }

    private func echo(_ word: String, on transport: any Transport) async throws {
        let result = try await run(["printf", "%s\\0", word], on: transport)
        try require(result.standardOutput == Array("\(word)\0".utf8), "\(word) became \(result.standardOutput)")
    }

    private func expectTimeout(_ work: () async throws -> Void) async throws {
        let failure = try await failure(work)
        try require(failure.stage == "exec" && failure.kind == .broken, "it failed with \(failure)")
    }

    private func failure(_ work: () async throws -> Void) async throws -> ContactFailure {
        do {
            try await work()
        } catch let failure as ContactFailure {
            return failure
        }
        throw Mismatch(description: "\(rawValue): the command answered")
    }

    private func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
        guard condition else { throw Mismatch(description: "\(rawValue): \(otherwise())") }
    }
}
