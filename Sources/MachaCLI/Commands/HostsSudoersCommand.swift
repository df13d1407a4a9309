// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaActions
import MachaInventory

/// The rights a host's account needs, and none beyond.
struct HostsSudoersCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "sudoers", abstract: "Print the exact sudo rules that a host's account needs.",
        discussion: """
            One line for each command line that a playbook can become on the host, and for each unit in its \
            managed-units. No line contains a wildcard. Give the account nothing else: neither wheel nor docker nor \
            trusted-users of Nix.
            """)

    @OptionGroup var options: GlobalOptions

    @OptionGroup var library: PlaybookOptions

    @Argument(help: "The host.")
    var host: String

    @Flag(help: "Print a file for /etc/sudoers.d instead of NixOS configuration.")
    var plain = false

    private struct Document: Encodable {
        var host: String
        var user: String
        var commands: [String]
        var omitted: [String]
    }

    func execute() async throws {
        let controller = options.controller(playbooks: library.playbooks, keepsConnections: false)
        let (found, rules, omitted) = try controller.sudoRules(for: host)
        let document = Document(
            host: found.name, user: rules.user, commands: rules.lines.map(\.text), omitted: omitted)
        let text = plain ? rules.sudoers : rules.nixos
        try output.show(document) { _ in
            var page = Page()
            page.lines(text.split(separator: "\n").map { Cell(String($0), limit: 10_000) })
            return page
        }
        for step in omitted where !options.json {
            try output.note(
                Cell("not included:", .dim), Cell(step), Cell("(its arguments are known only when it runs)", .dim))
        }
        if found.managedUnits.isEmpty {
            try output.note(
                Cell("note:", .dim),
                Cell("\(found.name) has no managed-units in the inventory, so no service can be restarted"))
        }
    }
}
