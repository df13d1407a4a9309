// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaCore

/// Every setting of a host as it counts in the end, and the line it comes from.
struct HostsShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every setting of a host, and by file and line where it comes from.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: String

    func execute() async throws {
        let inventory = try options.loadInventory()
        let explained = try options.hosts(selector, in: inventory).map { ExplainedHost($0.name, in: inventory) }
        try options.output.show(explained) { HostsPage.explained($0) }
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

    init(_ name: String, in inventory: Inventory) {
        host = name
        values = inventory.explanation(of: name).map { Value(key: $0.key, value: $0.value, origin: "\($0.origin)") }
    }
}
