// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

/// Nothing may change, from now on.
struct PauseCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop all changes at once, until you resume.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts to pause; the whole fleet by default.")
    var selector: [String] = []

    @Option(name: .shortAndLong, help: "Reason, shown to others.")
    var reason = ""

    func execute() async throws {
        try output.show(try options.controller.pause(selector, reason: reason)) { PausePage.page($0) }
    }
}

/// Changes are allowed again.
struct ResumeCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Allow changes again, as far as each host's autonomy level permits.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts to resume; every pause by default.")
    var selector: [String] = []

    func execute() async throws {
        try output.show(try options.controller.resume(selector)) { PausePage.page($0) }
    }
}
