// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaAnalyst
import MachaCore
import MachaFleet
import MachaStore

/// What every command can be told.
struct GlobalOptions: ParsableArguments {
    @Option(help: "The configuration: a YAML or JSON file.")
    var config: String?

    @Option(help: "The inventory: a YAML file, or a folder of them.")
    var inventory: String?

    @Option(help: "Where Macha keeps its database.")
    var stateDir: String?

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    var output: Output { Output(format: json ? .json : .text) }

    /// Loads the inventory, or ends the command with what is wrong in it.
    func loadInventory() throws -> Inventory {
        guard let path = InventoryPath.find(named: inventory) else {
            throw Failure(
                .configuration,
                "no inventory found; looked for \(InventoryPath.candidates().joined(separator: ", ")). "
                    + "Name one with --inventory FILE or MACHA_INVENTORY. This prints a first one, from your ssh configuration: "
                    + "macha hosts scan")
        }
        try Self.require(path, for: .instructions, .input)
        do throws(InventoryError) {
            return try Inventory.load(path: path, home: NSHomeDirectory(), user: NSUserName())
        } catch {
            throw Failure(.input, error.mistakes.map(\.description))
        }
    }

    /// The hosts that `selectors` name together, in inventory order; all when there are none.
    func hosts(_ selectors: [String], in inventory: Inventory) throws -> [FleetHost] {
        try hosts(selectors.isEmpty ? "all" : selectors.joined(separator: ","), in: inventory)
    }

    /// The hosts that `selector` names, in inventory order.
    func hosts(_ selector: String, in inventory: Inventory) throws -> [FleetHost] {
        do throws(SelectorError) {
            return try HostSelector(selector).select(from: inventory.hosts)
        } catch {
            throw Failure(.usage, "\(error)")
        }
    }

    var statePath: String { StateDirectory.path(named: stateDir) }

    func openStore() throws -> Store {
        try Self.require(statePath, for: .state, .configuration)
        do throws(StoreError) {
            let store = try Store.open(at: StateDirectory.database(in: statePath))
            if stateDir != nil { StateFolders(own: statePath).note() }
            return store
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
    }

    /// Ends the command when somebody else may write what decides what it does.
    static func require(_ path: String, for purpose: TrustedPath.Purpose, _ code: Failure.Code) throws {
        if let refusal = TrustedPath.refusal(path, for: purpose) { throw Failure(code, refusal.printable(limit: 800)) }
    }

    /// One that asks for analyses only of the models of a `pool`.
    func cycle(over reach: Reach, asking pool: ModelPool?, again: Bool) throws -> MaintenanceCycle {
        let store = try openStore()
        return MaintenanceCycle(
            reach: reach, store: store, files: SnapshotFiles(folder: statePath),
            demand: pool.map { AnalysisDemand(queue: JobQueue(store), models: $0.demanded, asksAgain: again) })
    }

    /// The way to the hosts, with what the user has set up for ssh. Each call makes another; close it when it is done with.
    func reach(keeping: Reach.Keeping = .untilGivenBack) -> Reach {
        Reach(
            agentSocket: ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"],
            configuration: SSHConfiguration(home: NSHomeDirectory()), keeping: keeping)
    }

    /// Says on standard error what an old libssh2 means, before hosts are asked over SSH.
    func warnOfOldLibrary(_ hosts: [FleetHost]) throws {
        guard !SSHLibrary.reachesDefaultNixOS, hosts.contains(where: { $0.connection != .local }) else { return }
        try output.note(
            Cell("warning:", .warning),
            Cell("libssh2 \(SSHLibrary.version) cannot connect to a default NixOS sshd; install 1.11 or newer"))
    }
}
