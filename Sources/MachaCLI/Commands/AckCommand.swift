// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaModel

/// When something that is kept quiet makes itself heard again.
struct EndOptions: ParsableArguments {
    @Option(name: .customLong("for"), help: "For how long: 90m, 2h, 3d, 2w.")
    var span: String?

    @Option(help: "Until when: 18:00, 2026-12-05, '2026-12-05 08:00'.")
    var until: String?

    /// Nothing is kept quiet for longer.
    private static let longest = 366 * 86_400

    /// The end by the clock `now`; `nil` when none is named.
    func end(now: Date) throws -> Date? {
        guard span == nil || until == nil else { throw Failure(.usage, "--for and --until exclude one another") }
        if let span {
            guard let seconds = DurationText.seconds(span), (1...Self.longest).contains(seconds) else {
                throw Failure(
                    .usage, "cannot read --for \(span.printable(limit: 40)): write 90m, 2h, 3d or 2w, up to 366d")
            }
            return now.addingTimeInterval(Double(seconds))
        }
        guard let until else { return nil }
        guard DurationText.seconds(until) == nil, var end = TimeArgument.date(until, now: now) else {
            throw Failure(
                .usage,
                "cannot read --until \(until.printable(limit: 40)): write 18:00, 2026-12-05 or '2026-12-05 08:00'")
        }
        // A time of day that is over today means tomorrow's.
        if end <= now, !until.contains("-") { end = end.addingTimeInterval(86_400) }
        guard end > now, end.timeIntervalSince(now) <= Double(Self.longest) else {
            throw Failure(.usage, "--until \(until.printable(limit: 40)) must lie ahead, and within 366 days")
        }
        return end
    }

    /// The same where an end is needed.
    func requiredEnd(now: Date) throws -> Date {
        guard let end = try end(now: now) else { throw Failure(.usage, "say for how long, as in: --for 2h") }
        return end
    }
}

/// "I know about this one."
struct AckCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Say that you know of an issue: no alarm until it gets worse.",
        discussion: """
            It comes back when it gets worse, when another host joins its cause, or when the time is over. Until then it \
            is left out of exit codes and notifications, and shown dim with your note.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var ending: EndOptions

    @Argument(help: "The issue's number, as 'macha issues list' shows it.")
    var issue: Int64

    @Option(name: .shortAndLong, help: "What you know, for the others.")
    var note = ""

    func execute() async throws {
        try show(options.controller.acknowledge(issue, until: try ending.end(now: Date()), note: note))
    }
}

/// The same below `issues`.
struct IssuesAckCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "ack", abstract: "The same as 'macha ack'.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var ending: EndOptions

    @Argument(help: "The issue's number.")
    var issue: Int64

    @Option(name: .shortAndLong, help: "What you know, for the others.")
    var note = ""

    func execute() async throws {
        try show(options.controller.acknowledge(issue, until: try ending.end(now: Date()), note: note))
    }
}
