// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaCore
import MachaFleet
import MachaStore

/// One maintenance cycle now.
struct CheckCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Ask the hosts how they are, and report what is wrong.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector = "all"

    @Option(help: "Hosts asked at once.")
    var width = FanOut.defaultWidth

    @Flag(help: "Exit with 0 ok, 1 warning, 2 critical, 3 unknown, as monitoring systems expect.")
    var exitCode = false

    @Flag(help: "Look again and again, each host on its check-interval: a live table, or one line a change in a pipe.")
    var watch = false

    func validate() throws {
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
        guard !watch || !exitCode else {
            throw ValidationError("--watch does not end by itself: leave out --exit-code")
        }
        guard !watch || !options.json else {
            throw ValidationError("--watch speaks to people; for programs, run check --json again and again")
        }
    }

    func execute() async throws {
        let hosts = try options.hosts(selector, in: try options.loadInventory())
        try options.warnOfOldLibrary(hosts)
        let cycle = try options.cycle()
        if watch {
            let run = WatchRun(output: options.output, watch: FleetWatch(cycle, width: width), hosts: hosts)
            return try await run.run(on: LiveScreen())
        }
        let outcome = try await options.output.progress("collecting").during { [width] progress in
            do throws(StoreError) {
                return try await cycle.run(hosts, width: width) {
                    progress.update(done: $0.done, of: $0.total, waiting: $0.waiting)
                }
            } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }
        for warning in outcome.warnings { try options.output.note(Cell("warning:", .warning), Cell(warning)) }
        try options.output.show(outcome.report) { FleetPage.page($0) }
        if exitCode { throw ExitCode(outcome.report.exitCode) }
        if !outcome.report.unreached.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
