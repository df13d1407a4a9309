// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaViews

/// The configuration.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check and show the configuration.",
        subcommands: [ConfigCheckCommand.self, ConfigShowCommand.self, ConfigSchemaCommand.self],
        defaultSubcommand: ConfigShowCommand.self)
}

/// Whether it is sound.
struct ConfigCheckCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Report every mistake in the configuration with its line.")

    @OptionGroup var options: GlobalOptions

    func execute() async throws {
        let view = try options.controller.configuration()
        try options.output.show(view) { ConfigurationPage.check($0) }
        if !view.warnings.isEmpty { throw ExitCode(Failure.Code.configuration.rawValue) }
    }
}

/// What counts.
struct ConfigShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every key with its value and where it comes from.")

    @OptionGroup var options: GlobalOptions

    func execute() async throws {
        try options.output.show(try options.controller.configuration()) { ConfigurationPage.page($0) }
    }
}

/// For editors.
struct ConfigSchemaCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the configuration's JSON schema, for editors.")

    @OptionGroup var options: GlobalOptions

    func execute() async throws {
        try Output(format: .json).show(document: try ConfigurationPage.schema())
    }
}
