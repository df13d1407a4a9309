// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaFleet

/// One maintenance cycle now.
struct CheckCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Ask the hosts how they are, and report what is wrong.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Option(help: "Hosts asked at once.")
    var width = FanOut.defaultWidth

    @OptionGroup var repair: RepairOptions
    @OptionGroup var analysis: AnalysisOptions

    @Flag(help: "Only check: repair nothing, and request no approval.")
    var noAct = false

    @Flag(help: "Run the slow probes too (SMART, certificates, the Nix store, …), whether they are due or not.")
    var fresh = false

    @Flag(help: "Exit with 0 ok, 1 warning, 2 critical, 3 unknown, as monitoring systems expect.")
    var exitCode = false

    @Flag(
        help: """
            Check again and again, each host on its check-interval, and act on it: a live table, or in a pipe one line a \
            change.
            """)
    var watch = false

    func validate() throws {
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
        guard !watch || !exitCode else {
            throw ValidationError("--watch does not end by itself: leave out --exit-code")
        }
        guard !watch || !analysis.askAgain else {
            throw ValidationError("--watch would ask again at every check: leave out --ask-again")
        }
        guard !watch || !fresh else { throw ValidationError("--watch keeps to each probe's rhythm: leave out --fresh") }
        guard !watch || !options.json else {
            throw ValidationError("--watch speaks to people; for programs, run check --json again and again")
        }
    }

    func execute() async throws {
        let controller = options.controller(
            playbooks: repair.library.playbooks, keepsConnections: watch)
        let request = CheckRequest(
            hosts: try controller.hosts(selector), width: width, acts: !noAct, asksModels: !analysis.noModel,
            asksAgain: analysis.askAgain, isFresh: fresh, comparesChanges: watch, settle: repair.settle)
        if watch { return try await WatchRun(output: output, controller, request).run(on: LiveScreen()) }
        let report = try await CheckRun(output: output, controller, try controller.check(request)).run()
        if let status = report.exitStatus(monitoring: exitCode) { throw ExitCode(status) }
    }
}
