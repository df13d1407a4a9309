// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaCore

/// The inventory as it is resolved.
struct HostsListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the inventory as resolved: host over groups over defaults.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Flag(help: "Show where every value comes from, by file and line.")
    var explain = false

    func execute() async throws {
        let inventory = try options.loadInventory()
        let hosts = try options.hosts(selector, in: inventory)
        guard explain else { return try options.output.show(hosts) { HostsPage.list($0) } }
        try options.output.show(await ExplainedHost.all(hosts, in: inventory, reach: options.reach())) {
            HostsPage.explained($0)
        }
    }
}
