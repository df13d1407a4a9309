// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaModel
import MachaViews

/// What people are told.
struct NotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify", abstract: "Send a notice, test receivers, and show what was sent and what was not.",
        discussion: "macha notify TITLE MESSAGE [PRIORITY] sends your own words to every receiver.",
        subcommands: [NotifySendCommand.self, NotifyTestCommand.self, NotifyLogCommand.self, NotifyRouteCommand.self],
        defaultSubcommand: NotifySendCommand.self)
}

/// A person's own words.
struct NotifySendCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send your own words to the receivers.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The title.")
    var title: String

    @Argument(help: "The message.")
    var message: String

    @Argument(help: "How loud: 2, 5 or 8, or low, normal, high.")
    var priority = "5"

    @Option(help: "Only to this receiver.")
    var to: String?

    func validate() throws {
        guard Self.meaning(priority) != nil else {
            throw ValidationError("PRIORITY must be a number from 0 to 10, or low, normal or high")
        }
    }

    func execute() async throws {
        let deliveries = try await options.controller.send(
            title: title, text: message, priority: Self.meaning(priority) ?? .normal, to: to)
        try output.show(deliveries) { NotifyPage.deliveries($0, isKept: true) }
        if deliveries.contains(where: { !$0.isSent }) { throw ExitCode(1) }
    }

    /// Gotify's numbers and our own words.
    private static func meaning(_ text: String) -> NoticeMessage.Priority? {
        switch Int(text) {
        case .some(0...3): .low
        case .some(4...7): .normal
        case .some(8...10): .high
        case .some: nil
        case nil: NoticeMessage.Priority(rawValue: text)
        }
    }
}

/// Whether notices arrive.
struct NotifyTestCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a test notice, and say why it does not arrive.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which receiver; each unless named.")
    var receiver: String?

    func execute() async throws {
        let deliveries = try await options.controller.testReceivers(receiver)
        try output.show(deliveries) { NotifyPage.deliveries($0, isKept: false) }
        if deliveries.contains(where: { !$0.isSent }) { throw ExitCode(1) }
    }
}

/// What was sent, and what was not.
struct NotifyLogCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show what was sent, what waits, and what was held back and why.")

    @OptionGroup var options: GlobalOptions

    @Option(name: .shortAndLong, help: "At most this many of each.")
    var number = 50

    func validate() throws {
        guard (1...100_000).contains(number) else { throw ValidationError("--number must be from 1 to 100000") }
    }

    func execute() async throws {
        let controller = options.controller
        let log = try controller.notificationLog(limit: number)
        try output.show(log) { NotifyPage.log($0, now: controller.environment.now()) }
    }
}

/// Where an issue would go.
struct NotifyRouteCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Explain who would be told of an issue, and why not.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The issue's number.")
    var issue: Int64

    func execute() async throws {
        try output.show(try options.controller.routeExplanation(issue: issue)) { NotifyPage.route($0) }
    }
}
