// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha

import struct Foundation.Date

/// What every command can be told.
struct GlobalOptions: ParsableArguments {
    @Option(help: "Configuration file (YAML or JSON).")
    var config: String?

    @Option(help: "Inventory: a YAML file, or a folder of them.")
    var inventory: String?

    @Option(help: "State directory, which holds the database.")
    var stateDir: String?

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    var output: Output { Output(format: json ? .json : .text) }

    /// The controller, for a command that needs no playbooks.
    var controller: Controller { controller(playbooks: nil, keepsConnections: false) }

    /// The controller, with the `playbooks` that the person named, a folder or one file. With `keepsConnections` those to
    /// hosts stay open for the next use, for a command that goes on and on.
    func controller(playbooks: String?, keepsConnections: Bool) -> Controller {
        let output = output
        return controller(playbooks: playbooks, keepsConnections: keepsConnections) { output.warn($0) }
    }

    /// The same, for a command that has its own place for warnings.
    func controller(
        playbooks: String?, keepsConnections: Bool, warn: @escaping @Sendable (EnvironmentWarning) -> Void
    ) -> Controller {
        let names = Environment.Names(
            configuration: config, inventory: inventory, stateFolder: stateDir, playbooks: playbooks)
        return Controller(
            Environment(names, keepsConnections: keepsConnections, clock: .machine, warn: warn))
    }
}
