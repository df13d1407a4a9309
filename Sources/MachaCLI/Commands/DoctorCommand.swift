// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaFleet
import MachaViews

/// Whether everything that Macha needs is there, and what to do where it is not.
struct DoctorCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that Macha needs here and on the hosts, with a remedy for each problem.",
        discussion: """
            Looks at the program, its files, the database, the daemon and the clock; logs in to the hosts and tests \
            whether the account may read the journal and run with sudo what the playbooks need; asks each model what it \
            is. Nothing is changed. Ends with status 1 when there is a problem.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var library: PlaybookOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Flag(help: "Contact neither hosts nor models.")
    var offline = false

    @Option(help: "Hosts tested at the same time.")
    var width = FanOut.defaultWidth

    func execute() async throws {
        // What would be warned of is in the report.
        let controller = options.controller(playbooks: library.playbooks, keepsConnections: false) { _ in }
        let report = try await output.progress("checking").during { [selector, offline, width] progress in
            try await controller.examine(selector, isOffline: offline, width: width) { progress.update($0) }
        }
        try output.show(report) { DoctorPage.page($0) }
        if report.count(.problem) > 0 { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
