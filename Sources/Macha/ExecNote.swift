// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// What the audit keeps of a person's own command, written before it is sent.
package struct ExecNote: Sendable, Encodable {
    /// The command line, without secrets, bounded.
    package var words: UntrustedText
    package var asRoot: Bool
    package var hosts: [String]
    package var by: String

    package init(_ command: Command, asRoot: Bool, on hosts: [FleetHost], by person: String) {
        words = KeptOutput.command(command.words)
        self.asRoot = asRoot
        self.hosts = hosts.map(\.name)
        by = person
    }

    /// The host, when it is one.
    package var host: String? { hosts.count == 1 ? hosts.first : nil }
}
