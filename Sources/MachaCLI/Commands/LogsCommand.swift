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
            decisions and actions are in decisions.jsonl and actions.jsonl in the state directory too, for jq. orchestrator \
            is the daemon's own log, orchestrator.log; service is what systemd's journal has of the daemon's unit, \
            its starts and ends included.
            """)

    /// What can be followed.
    enum Source: String, CaseIterable, ExpressibleByArgument {
        case decisions, actions, orchestrator, service

        /// The part of the audit; `nil` for what is lines.
        var log: AuditEntry.Log? {
            switch self {
            case .decisions: .decisions
            case .actions: .actions
            case .orchestrator, .service: nil
            }
        }
    }

    @OptionGroup var options: GlobalOptions

    @Argument(help: "decisions, actions, orchestrator or service.")
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
        switch source {
        case .decisions, .actions: if let log = source.log { try await follow(log) }
        case .orchestrator: try await followOrchestrator()
        case .service: try await followService()
        }
    }

    /// What the daemon wrote, line by line.
    private func followOrchestrator() async throws {
        var reader = options.controller.orchestratorLog(last: number)
        try await follow(reader.lines()) { reader.lines() }
    }

    /// What the journal has of the daemon's unit. Where it has nothing, the daemon's own log says the same.
    private func followService() async throws {
        var journal = ServiceJournal(last: number)
        let lines = await journal.lines()
        if let reason = journal.missing {
            try output.note(Cell("note:", .dim), Cell("\(reason); this is orchestrator.log", .dim))
            return try await followOrchestrator()
        }
        try await follow(lines) { await journal.lines() }
    }

    private func follow(_ first: [String], _ next: () async -> [String]) async throws {
        if options.json { return try options.output.show(first) { _ in Page() } }
        var lines = first.isEmpty && !follow ? ["nothing yet"] : first
        while true {
            for line in lines { try options.output.show(line: [Cell(line, limit: 4_000)]) }
            guard follow else { return }
            try await Task.sleep(for: .seconds(1))
            lines = await next()
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
