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

    func validate() throws {
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
    }

    func execute() async throws {
        let hosts = try options.hosts(selector, in: try options.loadInventory())
        try options.warnOfOldLibrary(hosts)
        let cycle = try options.cycle()
        let outcome = try await options.output.progress("collecting").during { [width] progress in
            do throws(StoreError) {
                return try await cycle.run(hosts, width: width) {
                    progress.update(done: $0.done, of: $0.total, waiting: $0.waiting)
                }
            } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }
        await cycle.close()
        for warning in outcome.warnings { try options.output.note(Cell("warning:", .warning), Cell(warning)) }
        try options.output.show(outcome.report) { FleetPage.page($0) }
        if exitCode { throw ExitCode(outcome.report.exitCode) }
        if !outcome.report.unreached.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
