// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaCore
import MachaFleet

/// Whether each host can be reached, and if not, at which stage it fails and what to do.
struct HostsTestCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Log in to the hosts; say at which stage one fails, and what the account may not do.",
        discussion: """
            Where it works, the account is asked whether it may read the journal and run, with sudo, what the playbooks \
            need on that host. Nothing is changed.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var library: PlaybookOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Option(help: "Hosts tried at once.")
    var width = FanOut.defaultWidth

    @Flag(name: .shortAndLong, help: "Show the algorithms offered and agreed on, and the time of each stage.")
    var verbose = false

    func execute() async throws {
        let hosts = try options.hosts(selector, in: try options.loadInventory())
        try options.warnOfOldLibrary(hosts)
        let library = try self.library.loadWhatIsSound(options.output)
        let reach = options.reach()
        let tests = try await options.output.progress("connecting").during { [width] progress in
            await HostTest.run(
                hosts, reach: reach, width: width,
                commands: { SudoRules.commands(on: $0, library: library) }
            ) { progress.update($0) }
        }
        await reach.close()
        try options.output.show(tests) { HostsPage.tests($0, verbose: verbose) }
        if tests.contains(where: { $0.failure != nil }) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
