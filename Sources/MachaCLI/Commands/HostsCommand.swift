// SPDX-License-Identifier: MIT
import ArgumentParser

/// The inventory, and whether its hosts can be reached.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "List hosts, test connections, trust host keys and find new hosts.",
        subcommands: [
            HostsListCommand.self, HostsShowCommand.self, HostsTestCommand.self, HostsTrustCommand.self,
            HostsScanCommand.self, HostsSudoersCommand.self,
        ],
        defaultSubcommand: HostsListCommand.self)
}
