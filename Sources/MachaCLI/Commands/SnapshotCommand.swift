// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

import struct Foundation.Date

/// What the hosts answered, then and now.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Show recorded snapshots.",
        subcommands: [SnapshotListCommand.self, SnapshotShowCommand.self], defaultSubcommand: SnapshotListCommand.self)
}

/// The newest snapshots.
struct SnapshotListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the newest snapshots of hosts.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Option(name: .shortAndLong, help: "Snapshots per host.")
    var number = 5

    func validate() throws {
        guard number > 0 else { throw ValidationError("--number must be at least 1") }
    }

    func execute() async throws {
        let controller = options.controller
        let lines = try controller.snapshots(of: try controller.hosts(selector), limit: number)
            .map { SnapshotPage.Line($0) }
        try options.output.show(lines) { SnapshotPage.list($0, now: Date()) }
    }
}

/// One snapshot: every probe with its value, or why it has none.
struct SnapshotShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all readings of a snapshot, by its id.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The snapshot's id, from macha snapshot list.")
    var id: Int64

    func execute() async throws {
        guard let stored = try options.controller.snapshot(id) else {
            throw Failure(.usage, "there is no snapshot \(id); see macha snapshot list")
        }
        try options.output.show(SnapshotPage.Document(stored)) { (document) throws(OutputError) in
            try SnapshotPage.show(document)
        }
    }
}
