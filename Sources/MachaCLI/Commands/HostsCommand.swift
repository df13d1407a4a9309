// SPDX-License-Identifier: MIT
import ArgumentParser

/// The inventory, and whether its hosts can be reached.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "List and explain the hosts, test the connection to them, trust their keys, find more.",
        subcommands: [
            HostsListCommand.self, HostsShowCommand.self, HostsTestCommand.self, HostsTrustCommand.self,
            HostsScanCommand.self, HostsSudoersCommand.self,
        ],
        defaultSubcommand: HostsListCommand.self)
}
