// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaFleet
package import MachaInventory
package import MachaModel

extension Controller {
    /// Every setting of each host as it counts in the end, and where it comes from.
    package func explain(_ hosts: [FleetHost]) async throws(ControllerError) -> [ExplainedHost] {
        let inventory = try environment.inventory()
        var explained: [ExplainedHost] = []
        for host in hosts {
            explained.append(await ExplainedHost(host, in: inventory, reach: environment.connector))
        }
        return explained
    }

    /// The sudo rules that Macha needs on the host `name`, and the steps whose words are known only when they run.
    package func sudoRules(
        for name: String
    ) throws(ControllerError) -> (host: FleetHost, rules: SudoRules, omitted: [String]) {
        let inventory = try environment.inventory()
        guard let host = inventory[name] else {
            let hint = name.nearest(in: inventory.hosts.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
            throw ControllerError(.usage, "there is no host \(name.quoted)\(hint)")
        }
        let (rules, omitted) = SudoRules.needed(on: host, library: try environment.library())
        return (host, rules, omitted)
    }

    /// Logs in to the hosts, and asks what the account may do. Changes nothing.
    package func test(
        _ hosts: [FleetHost], width: Int, progress: @escaping @Sendable (FleetProgress) -> Void
    ) async throws(ControllerError) -> [HostTest] {
        warnOfOldLibrary(hosts)
        let library = try environment.library()
        let tests = await HostTest.run(
            hosts, reach: environment.connector, width: width,
            commands: { SudoRules.commands(on: $0, library: library) }, heard: progress)
        await environment.close()
        return tests
    }

    /// The key that a host shows, and whether it is trusted; `nil` for this machine, which needs none.
    package func shownKey(of host: FleetHost) async throws(ContactFailure) -> HostTrust? {
        guard case .ssh(let endpoint) = host.connection else { return nil }
        return try await HostTrust.ask(host, endpoint, reach: environment.connector)
    }
}

/// A host's settings with their origins.
package struct ExplainedHost: Sendable, Encodable {
    package struct Value: Sendable, Encodable {
        package var key: String
        package var value: String
        /// Where it comes from: `file:line`, or whose default it is.
        package var origin: String
    }

    package var host: String
    package var values: [Value]

    /// What the inventory says, and what ssh's configuration puts in the place of our own defaults.
    init(_ host: FleetHost, in inventory: Inventory, reach: HostConnector) async {
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
