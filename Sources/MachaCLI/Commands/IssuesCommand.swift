// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaFindings
import MachaModel
import MachaViews

/// Problems over time.
struct IssuesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issues", abstract: "List the problems of the fleet over time, and say what you know of them.",
        subcommands: [
            IssuesListCommand.self, IssuesShowCommand.self, IssuesCreateCommand.self, IssuesCommentCommand.self,
            IssuesAckCommand.self, IssuesResolveCommand.self, IssuesCloseCommand.self,
        ], defaultSubcommand: IssuesListCommand.self)
}

extension IssueState: ExpressibleByArgument {}
extension Severity: ExpressibleByArgument {}

/// What is open, and what was.
struct IssuesListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List issues: those that are there, unless asked for others.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Option(name: .shortAndLong, help: "Only those in this state; may be given several times.")
    var state: [IssueState] = []

    @Flag(name: .shortAndLong, help: "Also what is resolved and closed.")
    var all = false

    func validate() throws {
        guard !all || state.isEmpty else { throw ValidationError("--all and --state exclude one another") }
    }

    func execute() async throws {
        let chosen = state.isEmpty ? IssueState.allCases.filter { all || $0.isActive } : state
        try output.show(options.controller.issues(selector, in: Set(chosen))) { IssuesPage.list($0, now: Date()) }
    }
}

/// One issue.
struct IssuesShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an issue and its history.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The issue's number.")
    var id: Int64

    func execute() async throws { try show(options.controller.issue(id)) }
}

/// What no observation shows.
struct IssuesCreateCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Report a problem of a host that no observation shows.",
        discussion: "Only a person ends it: macha issues resolve ID.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The host.")
    var host: String

    @Argument(help: "What is wrong, in a sentence.")
    var title: String

    @Option(help: "info, warning or critical.")
    var severity: Severity

    @Option(name: .shortAndLong, help: "More about it, for the others.")
    var note = ""

    func execute() async throws {
        try show(options.controller.createIssue(on: host, title: title, severity: severity, note: note))
    }
}

/// A line in the history.
struct IssuesCommentCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "comment", abstract: "Add a line to an issue's history.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The issue's number.")
    var id: Int64

    @Argument(help: "What to add.")
    var text: String

    func execute() async throws { try show(options.controller.comment(id, text)) }
}

/// It is gone, by a person's word.
struct IssuesResolveCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Say that a problem is gone. If it is seen again, it opens again.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The issue's number.")
    var id: Int64

    @Option(name: .shortAndLong, help: "How, for the others.")
    var note = ""

    func execute() async throws { try show(options.controller.resolveIssue(id, note: note)) }
}

/// Nobody wants to see it any more.
struct IssuesCloseCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Put an issue aside for good. If it is seen again, it opens again.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The issue's number.")
    var id: Int64

    @Option(name: .shortAndLong, help: "Why, for the others.")
    var note = ""

    func execute() async throws { try show(options.controller.closeIssue(id, note: note)) }
}

extension FleetCommand {
    /// An issue as it is after a word about it.
    func show(_ detail: Controller.IssueDetail) throws {
        try output.show(detail) { IssuesPage.show($0, now: Date()) }
    }
}
