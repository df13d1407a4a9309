// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

/// Nothing may change, from now on.
struct PauseCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let Macha change nothing, at once, until you resume.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; the whole fleet unless named.")
    var selector: [String] = []

    @Option(name: .shortAndLong, help: "Why, for the others.")
    var reason = ""

    func execute() async throws {
        try output.show(try options.controller.pause(selector, reason: reason)) { PausePage.page($0) }
    }
}

/// Changes are allowed again.
struct ResumeCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let Macha change hosts again, as far as their level allows.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; every pause unless named.")
    var selector: [String] = []

    func execute() async throws {
        try output.show(try options.controller.resume(selector)) { PausePage.page($0) }
    }
}
