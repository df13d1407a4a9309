// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaCore
import MachaFleet

/// Every setting of a host as it counts in the end, and the line it comes from.
struct HostsShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every setting of a host, and by file and line where it comes from.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: [String]

    func execute() async throws {
        let inventory = try options.loadInventory()
        let hosts = try options.hosts(selector, in: inventory)
        try options.output.show(await ExplainedHost.all(hosts, in: inventory, reach: options.reach())) {
            HostsPage.explained($0)
        }
    }
}

/// A host's settings with their origins.
struct ExplainedHost: Encodable {
    struct Value: Encodable {
        var key: String
        var value: String
        var origin: String
    }

    var host: String
    var values: [Value]

    static func all(_ hosts: [FleetHost], in inventory: Inventory, reach: Reach) async -> [ExplainedHost] {
        var explained: [ExplainedHost] = []
        for host in hosts { explained.append(await ExplainedHost(host, in: inventory, reach: reach)) }
        return explained
    }

    /// What the inventory says, and what ssh's configuration puts in the place of our own defaults.
    init(_ host: FleetHost, in inventory: Inventory, reach: Reach) async {
        self.host = host.name
        var said: [SSHSetting: String] = [:]
        var notes: [String] = []
        var problem: ContactFailure?
        if case .ssh(let endpoint) = host.connection {
            do throws(ContactFailure) {
                said = try await reach.saidBySSH(host.name, endpoint)
                notes = try await reach.notes(host.name, endpoint)
            } catch {
                problem = error
            }
        }
        values = inventory.explanation(of: host.name).map { entry in
            guard let setting = SSHSetting(rawValue: entry.key), let value = said[setting] else {
                return Value(key: entry.key, value: entry.value, origin: "\(entry.origin)")
            }
            return Value(key: entry.key, value: value, origin: Self.ssh)
        }
        values += notes.map { Value(key: "ssh", value: $0, origin: Self.ssh) }
        if let problem { values.append(Value(key: "ssh", value: problem.message.raw, origin: Self.ssh)) }
    }

    private static let ssh = "ssh's configuration (ssh -G)"
}
