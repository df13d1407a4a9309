// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaViews

/// No alarms about some problems for some time.
struct SilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Keep some problems of some hosts quiet for some time.",
        discussion: """
            As in: macha silence nas --kind scrub-overdue --for 2d --reason 'new disks on Friday'. A host key that is not \
            trusted and faults of the audit are never silenced. What is known for good stands in the inventory, below \
            'silences'.
            """,
        subcommands: [SilenceAddCommand.self, SilenceListCommand.self, SilenceExpireCommand.self],
        defaultSubcommand: SilenceAddCommand.self)
}

/// A new silence.
struct SilenceAddCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Begin a silence.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var ending: EndOptions

    @Argument(help: "Which hosts.")
    var selector: String

    @Option(help: "Only this kind of finding, such as unit-failed.")
    var kind: String?

    @Option(help: ArgumentHelp("Only findings whose subject fits, such as 'nginx*'.", valueName: "glob"))
    var subject: String?

    @Option(name: .shortAndLong, help: "Why, for the others.")
    var reason: String

    func execute() async throws {
        let end = try ending.requiredEnd(now: Date())
        let silence = try options.controller.silence(
            selector, kind: kind, subject: subject, until: end, reason: reason)
        try output.show(silence) { SilencePage.list([$0]) }
    }
}

/// What is silenced.
struct SilenceListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the silences that hold, those of the inventory among them.")

    @OptionGroup var options: GlobalOptions

    @Flag(name: .shortAndLong, help: "Also those that are over.")
    var all = false

    func execute() async throws { try output.show(options.controller.silences(all: all)) { SilencePage.list($0) } }
}

/// The end of one.
struct SilenceExpireCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "expire", abstract: "End a silence now.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The silence's number, as 'silence list' shows it.")
    var id: Int64

    func execute() async throws {
        try output.show(options.controller.expireSilence(id)) { SilencePage.list([$0]) }
    }
}

/// A person works on a host.
struct MaintenanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance", abstract: "Say that people are at work on hosts: no repairs, no alarms.",
        discussion: """
            As in: macha maintenance nas --for 2h. Hosts are observed as before, and the history is kept. Hours that return \
            every day or week stand in the inventory, as 'maintenance' of a host or group.
            """,
        subcommands: [MaintenanceBeginCommand.self, MaintenanceListCommand.self, MaintenanceEndCommand.self],
        defaultSubcommand: MaintenanceBeginCommand.self)
}

/// It begins now.
struct MaintenanceBeginCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "begin", abstract: "Begin maintenance.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var ending: EndOptions

    @Argument(help: "Which hosts.")
    var selector: String

    @Option(name: .shortAndLong, help: "What is done there, for the others.")
    var reason = ""

    func execute() async throws {
        let end = try ending.requiredEnd(now: Date())
        try output.show(options.controller.beginMaintenance(selector, until: end, reason: reason)) {
            SilencePage.maintenance($0)
        }
    }
}

/// Who is in it.
struct MaintenanceListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the hosts that are in maintenance, or have hours for it.")

    @OptionGroup var options: GlobalOptions

    func execute() async throws { try output.show(options.controller.maintenance()) { SilencePage.maintenance($0) } }
}

/// It is over.
struct MaintenanceEndCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "end", abstract: "End maintenance now.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: String

    func execute() async throws {
        try output.show(options.controller.endMaintenance(selector)) { hosts in
            Page([.text([Cell("maintenance ended: \(hosts.joined(separator: ", "))")], indent: 0)])
        }
    }
}
