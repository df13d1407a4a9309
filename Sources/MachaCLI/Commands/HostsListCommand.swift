// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaCore

/// The inventory as it is resolved.
struct HostsListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the inventory as resolved: host over groups over defaults.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector = "all"

    @Flag(help: "Show where every value comes from, by file and line.")
    var explain = false

    private struct Explained: Encodable {
        struct Value: Encodable {
            var key: String
            var value: String
            var origin: String
        }
        var host: String
        var values: [Value]
    }

    func execute() async throws {
        let inventory = try options.loadInventory()
        let hosts = try options.hosts(selector, in: inventory)
        guard explain else { return try options.output.show(hosts) { HostsPage.list($0) } }
        let explained = hosts.map { host in
            Explained(
                host: host.name,
                values: inventory.explanation(of: host.name).map {
                    Explained.Value(key: $0.key, value: $0.value, origin: "\($0.origin)")
                })
        }
        try options.output.show(explained) { explained in
            var page = Page()
            for host in explained {
                page.text(Cell(host.host, .heading))
                let rows = host.values.map { [Cell($0.key), Cell($0.value), Cell($0.origin, .dim)] }
                page.table(
                    Table([.init("key"), .init("value", yields: 1), .init("from", yields: 2)], rows: rows),
                    orSay: "nothing")
                page.gap()
            }
            return page
        }
    }
}
