// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

/// Every setting of a host as it counts in the end, and the line it comes from.
struct HostsShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every setting of a host and the file and line it comes from.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector.")
    var selector: [String]

    func execute() async throws {
        let controller = options.controller
        try output.show(await controller.explain(controller.hosts(selector))) { HostsPage.explained($0) }
    }
}
