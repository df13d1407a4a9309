// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha
import MachaActions

/// What was decided, or done, as it comes.
struct LogsCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show and follow decisions and actions, or the daemon's log.",
        discussion: """
            The same entries are in decisions.jsonl and actions.jsonl in the state directory, for jq, and the daemon's log \
            in orchestrator.log.
            """)

    /// What can be followed.
    enum Source: String, CaseIterable, ExpressibleByArgument {
        case decisions, actions, orchestrator

        /// The part of the audit; `nil` for a file of lines.
        var log: AuditEntry.Log? {
            switch self {
            case .decisions: .decisions
            case .actions: .actions
            case .orchestrator: nil
            }
        }
    }

    @OptionGroup var options: GlobalOptions

    @Argument(help: "decisions, actions or orchestrator.")
    var source: Source

    @Flag(name: .shortAndLong, help: "Wait for new entries.")
    var follow = false

    @Option(name: .shortAndLong, help: "Number of entries to start with.")
    var number = 20

    func validate() throws {
        guard number >= 0 else { throw ValidationError("--number must not be negative") }
        guard !follow || !options.json else {
            throw ValidationError("--follow has no end, and --json is one document; follow the .jsonl file instead")
        }
    }

    func execute() async throws {
        if let log = source.log { try await follow(log) } else { try await followLines() }
    }

    /// What the daemon wrote, line by line.
    private func followLines() async throws {
        var reader = options.controller.orchestratorLog(last: number)
        if options.json {
            return try options.output.show(reader.lines()) { _ in Page() }
        }
        var lines = reader.lines()
        if lines.isEmpty, !follow { lines = ["nothing yet"] }
        while true {
            for line in lines { try options.output.show(line: [Cell(line, limit: 4_000)]) }
            guard follow else { return }
            try await Task.sleep(for: .seconds(1))
            lines = reader.lines()
        }
    }

    private func follow(_ log: AuditEntry.Log) async throws {
        let controller = options.controller
        var entries = try controller.auditEntries(kinds: log.kinds, of: nil, after: nil, limit: number)
        try options.output.show(entries.map { AuditLine($0) }) {
            AuditPage.page($0, orSay: follow ? nil : "nothing yet")
        }
        var last = try controller.auditHead()?.sequence
        while follow {
            try await Task.sleep(for: .seconds(1))
            entries = try controller.auditEntries(kinds: log.kinds, of: nil, after: last ?? -1, limit: 1_000)
            guard let newest = entries.last else { continue }
            last = newest.sequence
            try options.output.show(AuditPage.page(entries.map { AuditLine($0) }, orSay: nil))
        }
    }
}
