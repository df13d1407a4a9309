// SPDX-License-Identifier: MIT
import ArgumentParser

/// The inventory, and whether its hosts can be reached.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts", abstract: "List the hosts, test the connection to them, trust their keys.",
        subcommands: [
            HostsListCommand.self, HostsTestCommand.self, HostsTrustCommand.self, HostsSudoersCommand.self,
        ],
        defaultSubcommand: HostsListCommand.self)
}
