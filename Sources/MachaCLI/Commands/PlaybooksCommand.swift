// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaActions
import MachaInventory
import MachaModel

import struct Foundation.Date

/// The library of known answers.
struct PlaybooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "playbooks", abstract: "List, show and validate playbooks.",
        subcommands: [
            PlaybooksListCommand.self, PlaybooksShowCommand.self, PlaybooksValidateCommand.self,
            PlaybooksSchemaCommand.self,
        ],
        defaultSubcommand: PlaybooksListCommand.self)
}

extension PlaybookOptions {
    /// The environment of a command that is about playbooks only.
    fileprivate func environment(_ output: Output) -> Environment {
        let names = Environment.Names(configuration: nil, inventory: nil, stateFolder: nil, playbooks: playbooks)
        return Environment(names, keepsConnections: false, clock: .machine) { output.warn($0) }
    }
}

/// All playbooks, one a line.
struct PlaybooksListCommand: ReportingCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all playbooks.")

    @OptionGroup var library: PlaybookOptions

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    var output: Output { Output(format: json ? .json : .text) }

    func execute() async throws {
        try output.show(try library.environment(output).library().playbooks.map { PlaybookSummary($0) }) {
            PlaybooksPage.list($0)
        }
    }
}

/// One playbook in full.
struct PlaybooksShowCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show when a playbook applies, what it runs and how it is undone.")

    @OptionGroup var library: PlaybookOptions

    @Argument(help: "The playbook's id, from macha playbooks list.")
    var id: String

    @Flag(help: "Print one JSON document instead of a page.")
    var json = false

    var output: Output { Output(format: json ? .json : .text) }

    func execute() async throws {
        let playbook = try library.environment(output).playbook(id)
        try output.show(PlaybookSummary(playbook)) { _ in PlaybooksPage.show(playbook) }
    }
}

/// What is wrong in playbooks, all of it at once.
struct PlaybooksValidateCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Report every mistake in playbooks, with file, line and column.",
        discussion:
            "Exits with 65 if there is a mistake. Files are checked together with the built-in playbooks.")

    @Argument(help: "Files and folders to check; all playbooks by default.")
    var paths: [String] = []

    @Flag(help: "Print one JSON document instead of lines.")
    var json = false

    var output: Output { Output(format: json ? .json : .text) }

    private struct Report: Encodable {
        struct Mistake: Encodable {
            var file: String
            var line: Int
            var column: Int
            var message: String
            var suggestion: String?
        }
        var playbooks: Int
        var mistakes: [Mistake]
    }

    func execute() async throws {
        let all = paths.isEmpty ? Playbooks.read(named: nil) : Playbooks.read(only: paths)
        var report = Report(playbooks: 0, mistakes: [])
        do throws(PlaybookError) {
            report.playbooks = try all.whole().playbooks.count
        } catch {
            report.mistakes = error.mistakes.map { mistake in
                Report.Mistake(
                    file: mistake.position.file, line: mistake.position.line, column: mistake.position.column,
                    message: mistake.message, suggestion: mistake.suggestion)
            }
            guard json else { throw Failure(.input, error.mistakes.map(\.description)) }
        }
        try output.show(report) { report in
            var page = Page()
            page.text(Cell("\(report.playbooks) playbooks", .heading), Cell("without a mistake", .ok))
            return page
        }
        guard report.mistakes.isEmpty else { throw ExitCode(Failure.Code.input.rawValue) }
    }
}

/// The schema for editors.
struct PlaybooksSchemaCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of playbooks, for editors.")

    var output: Output { Output(format: .text) }

    func execute() async throws {
        try output.show(document: PlaybookSchema.text)
    }
}
