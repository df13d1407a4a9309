// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaModel
import MachaStore

import struct Foundation.Date

/// The work that waits for a model.
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Show and cancel jobs that are waiting for a model.",
        subcommands: [
            QueueListCommand.self, QueueShowCommand.self, QueueCancelCommand.self, QueueStatsCommand.self,
        ], defaultSubcommand: QueueListCommand.self)
}

/// What runs, what comes next, and what has ended.
struct QueueListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List jobs: running ones first, then queued ones in order.")

    @OptionGroup var options: GlobalOptions

    @Flag(name: .shortAndLong, help: "Include jobs that have ended.")
    var all = false

    @Option(name: .shortAndLong, help: "Maximum number of jobs.")
    var number = 50

    func validate() throws {
        guard number > 0 else { throw ValidationError("--number must be at least 1") }
    }

    func execute() async throws {
        let queue = try options.controller.queue()
        let open: Set<JobState> = [.running, .queued, .delayed, .blocked]
        try queue.sweep(now: Date())
        let lines = try queue.jobs(in: all ? [] : open, limit: number).map {
            QueuePage.Line(job: $0, progress: try queue.progress(of: $0.id))
        }
        try options.output.show(lines) { QueuePage.list($0, now: Date()) }
    }
}

/// One job and its parts.
struct QueueShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a job and its parts.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The job's id, from macha queue list.")
    var id: Int64

    func execute() async throws {
        let queue = try options.controller.queue()
        try queue.sweep(now: Date())
        guard let job = try queue.job(id) else {
            throw Failure(.usage, "there is no job \(id), or it was deleted; see: macha queue list --all")
        }
        let detail = QueuePage.Detail(job: job, parts: try queue.parts(of: id), progress: try queue.progress(of: id))
        try options.output.show(detail) { QueuePage.detail($0, now: Date()) }
    }
}

/// Ends jobs that wait, and asks those that run to stop.
struct QueueCancelCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel jobs, with all their parts.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The jobs' ids, from macha queue list.")
    var ids: [Int64]

    @Option(help: "Reason, stored with the job.")
    var reason = "cancelled by a person"

    func execute() async throws {
        let queue = try options.controller.queue()
        let answers = try ids.map {
            QueuePage.Cancellation(id: $0, cancelled: try queue.cancel($0, reason: reason, now: Date()))
        }
        try options.output.show(answers) { QueuePage.cancelled($0) }
        if answers.contains(where: { $0.cancelled.isEmpty }) { throw ExitCode(1) }
    }
}

/// The queue at a glance.
struct QueueStatsCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count jobs by state and priority, and show the state of the endpoints.")

    @OptionGroup var options: GlobalOptions

    func execute() async throws {
        let queue = try options.controller.queue()
        try queue.sweep(now: Date())
        try options.output.show(try queue.stats()) { QueuePage.stats($0, now: Date()) }
    }
}
