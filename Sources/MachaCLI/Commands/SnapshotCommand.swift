// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaFindings
import MachaInventory
import MachaProbes
import MachaStore

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

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Option(name: .shortAndLong, help: "Snapshots of each host.")
    var number = 5

    private struct Line: Encodable {
        var id: Int64
        var host: String
        var takenAt: Date
        var duration: Double
        var state: HostState.Level
        var reason: String
        var findings: Int
    }

    func validate() throws {
        guard number > 0 else { throw ValidationError("--number must be at least 1") }
    }

    func execute() async throws {
        let controller = options.controller
        let store = try controller.environment.store()
        let lines = try controller.hosts(selector).flatMap { host in
            try store.snapshots(of: host.name, limit: number).map(line)
        }
        try options.output.show(lines) { lines in
            let now = Date()
            let rows = lines.map {
                [
                    Cell("\($0.id)"), Cell($0.host), Cell("\($0.state.rawValue)"), Cell($0.reason),
                    Cell("\($0.findings)"),
                    Cell(HumanFormat.duration(seconds: $0.duration)),
                    Cell(HumanFormat.age(of: $0.takenAt, now: now), .dim),
                ]
            }
            var page = Page()
            page.table(
                Table(
                    [
                        .init("id", .right), .init("host"), .init("state"), .init("reason", yields: 1),
                        .init("findings", .right), .init("took", .right), .init("asked", .right),
                    ], rows: rows), orSay: "no snapshots yet; run: macha check")
            return page
        }
    }

    private func line(_ stored: StoredSnapshot) -> Line {
        let state = HostState(stored.snapshot, stored.findings)
        return Line(
            id: stored.id, host: stored.snapshot.host, takenAt: stored.snapshot.takenAt,
            duration: stored.snapshot.duration,
            state: state.level, reason: state.reason, findings: stored.findings.count)
    }
}
