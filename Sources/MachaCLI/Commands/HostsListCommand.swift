// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaCore
import MachaFleet

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
        var explained: [Explained] = []
        for host in hosts { explained.append(await explanation(of: host, in: inventory)) }
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

    /// What the inventory says, and what ssh's configuration puts in the place of our own defaults.
    private func explanation(of host: FleetHost, in inventory: Inventory) async -> Explained {
        var said: [SSHSetting: String] = [:]
        var problem: ContactFailure?
        if case .ssh(let endpoint) = host.connection {
            do throws(ContactFailure) { said = try await options.reach.saidBySSH(host.name, endpoint) } catch {
                problem = error
            }
        }
        var values = inventory.explanation(of: host.name).map { entry in
            guard let setting = SSHSetting(rawValue: entry.key), let value = said[setting] else {
                return Explained.Value(key: entry.key, value: entry.value, origin: "\(entry.origin)")
            }
            return Explained.Value(key: entry.key, value: value, origin: "ssh's configuration (ssh -G)")
        }
        if let problem {
            values.append(
                Explained.Value(key: "ssh", value: problem.message.raw, origin: "ssh's configuration (ssh -G)"))
        }
        return Explained(host: host.name, values: values)
    }
}
