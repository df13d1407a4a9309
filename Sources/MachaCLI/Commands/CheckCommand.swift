// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaFleet
import MachaViews

/// One maintenance cycle now.
struct CheckCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the hosts, report problems and repair what is allowed.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Option(help: "Hosts checked at the same time.")
    var width = FanOut.defaultWidth

    @OptionGroup var repair: RepairOptions
    @OptionGroup var analysis: AnalysisOptions

    @Flag(help: "Only check: repair nothing and request no approvals.")
    var noAct = false

    @Flag(help: "Notify nobody, whatever receivers are configured.")
    var noNotify = false

    @Flag(help: "Also run slow probes (SMART, certificates, the Nix store, …) that are not due.")
    var fresh = false

    @Flag(help: "Exit with 0 (ok), 1 (warning), 2 (critical) or 3 (unknown), as monitoring systems expect.")
    var exitCode = false

    @Flag(
        help: """
            Keep checking each host at its check-interval, and act on it: a live table, or in a pipe one line per \
            change.
            """)
    var watch = false

    func validate() throws {
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
        guard !watch || !exitCode else {
            throw ValidationError("--watch does not end by itself; remove --exit-code")
        }
        guard !watch || !analysis.askAgain else {
            throw ValidationError("--watch would ask models again at every check; remove --ask-again")
        }
        guard !watch || !fresh else {
            throw ValidationError("--watch runs each probe at its own interval; remove --fresh")
        }
        guard !watch || !options.json else {
            throw ValidationError("--watch has no JSON output; run check --json repeatedly instead")
        }
    }

    func execute() async throws {
        let controller = options.controller(
            playbooks: repair.library.playbooks, keepsConnections: watch)
        let request = CheckRequest(
            hosts: try controller.hosts(selector), width: width, acts: !noAct, asksModels: !analysis.noModel,
            asksAgain: analysis.askAgain, isFresh: fresh, comparesChanges: watch, settle: repair.settle,
            analysesPerDay: nil)
        if watch {
            if !noNotify, try controller.tellsPeople() {
                try output.note(Cell("check --watch sends no notices; macha serve does, and so does check", .dim))
            }
            return try await WatchRun(output: output, controller, request).run(on: LiveScreen())
        }
        let report = try await CheckRun(output: output, controller, try controller.check(request)).run()
        if !noNotify { await CheckNotices(output: output, controller).send() }
        if let status = report.exitStatus(monitoring: exitCode) { throw ExitCode(status) }
    }
}
