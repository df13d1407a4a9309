// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

/// The inventory as it is resolved.
struct HostsListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the inventory as resolved: host over groups over defaults.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Flag(help: "Show the file and line every value comes from.")
    var explain = false

    func execute() async throws {
        let controller = options.controller
        let hosts = try controller.hosts(selector)
        guard explain else { return try output.show(hosts) { HostsPage.list($0) } }
        try output.show(await controller.explain(hosts)) { HostsPage.explained($0) }
    }
}
