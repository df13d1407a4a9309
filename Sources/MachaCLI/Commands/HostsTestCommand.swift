// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaFleet

/// Whether each host can be reached, and if not, at which stage it fails and what to do.
struct HostsTestCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Test logins: at which stage one fails, and which permissions are missing.",
        discussion: """
            After a login, it tests whether the account may read the journal and run with sudo what the playbooks \
            need on that host. Nothing is changed.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var library: PlaybookOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Option(help: "Hosts tested at the same time.")
    var width = FanOut.defaultWidth

    @Flag(name: .shortAndLong, help: "Show the algorithms offered and agreed on, and the time of each stage.")
    var verbose = false

    func execute() async throws {
        let controller = options.controller(playbooks: library.playbooks, keepsConnections: false)
        let hosts = try controller.hosts(selector)
        let tests = try await output.progress("connecting").during { [width] progress in
            try await controller.test(hosts, width: width) { progress.update($0) }
        }
        try options.output.show(tests) { HostsPage.tests($0, verbose: verbose) }
        if tests.contains(where: { $0.failure != nil }) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
