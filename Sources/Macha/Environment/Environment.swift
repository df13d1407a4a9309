// SPDX-License-Identifier: MIT
package import Foundation
package import MachaActions
import MachaFindings
import MachaFleet
package import MachaInventory
import MachaModel
package import MachaStore
import Synchronization

/// What one process of Macha is made of: its files, its store, its connections and its clock. The composition root.
///
/// Each part is read or opened when it is first needed, and once: a mistake in the inventory does not stop a command that
/// needs no inventory, such as `pause`.
package final class Environment: Sendable {
    /// What a person named on the command line; `nil` for the usual places.
    package struct Names: Sendable {
        package var configuration: String?
        package var inventory: String?
        package var stateFolder: String?
        package var playbooks: String?

        package init(configuration: String?, inventory: String?, stateFolder: String?, playbooks: String?) {
            self.configuration = configuration
            self.inventory = inventory
            self.stateFolder = stateFolder
            self.playbooks = playbooks
        }
    }

    let names: Names
    /// The controller's wall clock.
    package var now: @Sendable () -> Date { clock.wall }
    /// By which everything waits.
    let clock: ControllerClock
    /// Called for what a person should know; from any thread.
    let warn: @Sendable (EnvironmentWarning) -> Void
    /// The state directory.
    package let stateFolder: String
    /// The connections to hosts, shared by all that only observe.
    let connector: HostConnector
    /// Connections of their own for what changes hosts: whether a host lets somebody in after a change, one that was open
    /// before cannot tell.
    let actingConnector: HostConnector

    private struct Parts {
        var inventory: Inventory?
        var configuration: Configuration?
        var library: PlaybookLibrary?
        var store: Store?
        var notifications: Notifications?
        /// What a person was told and is told once.
        var warned: Set<EnvironmentWarning> = []
    }

    private let parts: Mutex<Parts>
    /// Nothing that changes a host is begun any more: the process is about to end.
    let ending: EndingFlag

    /// With `keepsConnections`, idle connections stay open, and ``Controller/watch(_:)`` tends them.
    /// `warn` is called for what a person should know, from any thread.
    package init(
        _ names: Names, keepsConnections: Bool, clock: ControllerClock,
        warn: @escaping @Sendable (EnvironmentWarning) -> Void
    ) {
        self.names = names
        self.clock = clock
        self.warn = warn
        parts = Mutex(Parts())
        ending = EndingFlag()
        stateFolder = StateDirectory.path(named: names.stateFolder)
        let agent = ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"]
        let configuration = SSHConfiguration(home: NSHomeDirectory())
        connector = HostConnector(
            agentSocket: agent, configuration: configuration,
            keeping: keepsConnections ? .open() : .untilGivenBack)
        actingConnector = HostConnector(agentSocket: agent, configuration: configuration)
    }

    /// The same with the files of inventory, configuration and playbooks to be read again; store and connections stay.
    private init(reading other: Environment) {
        names = other.names
        clock = other.clock
        warn = other.warn
        parts = Mutex(other.parts.withLock { Parts(store: $0.store, warned: $0.warned) })
        ending = other.ending
        stateFolder = other.stateFolder
        connector = other.connector
        actingConnector = other.actingConnector
    }

    /// The same process with its files as they are now. Throws with every mistake in them; a mistake in one playbook
    /// counts, other than at the start, where the sound ones are used.
    func reread() throws(ControllerError) -> Environment {
        let next = Environment(reading: self)
        var messages: [String] = []
        var kind = ControllerError.Kind.configuration
        func check(_ read: () throws(ControllerError) -> Void) {
            do throws(ControllerError) {
                try read()
            } catch {
                messages += error.messages
                kind = error.kind
            }
        }
        check { () throws(ControllerError) in _ = try next.configuration() }
        check { () throws(ControllerError) in _ = try next.inventory() }
        check { () throws(ControllerError) in
            let partial = try next.partialLibrary()
            let mistakes = partial.losses.flatMap(\.mistakes).map(\.description)
            guard mistakes.isEmpty else { throw ControllerError(.input, mistakes) }
            next.parts.withLock { $0.library = partial.library }
        }
        guard messages.isEmpty else { throw ControllerError(kind, messages) }
        return next
    }

    /// The inventory. Throws with every mistake in it.
    package func inventory() throws(ControllerError) -> Inventory {
        if let inventory = parts.withLock({ $0.inventory }) { return inventory }
        let seeds = try configuration().seeds
        let fallback = FleetFallback(autonomy: seeds.autonomy, checkInterval: seeds.checkInterval)
        guard let path = InventoryPath.find(named: names.inventory) else {
            if let inventory = try seedInventory(seeds, fallback) { return inventory }
            throw ControllerError(
                .configuration,
                "no inventory found; looked for \(InventoryPath.candidates().joined(separator: ", ")). "
                    + "Set one with --inventory FILE or MACHA_INVENTORY. To write a first one, with hosts that ssh knows or that you name, run: "
                    + "macha init")
        }
        try Self.requireTrust(path, for: .instructions, .input)
        do throws(InventoryError) {
            let inventory = try Inventory.load(
                path: path, home: NSHomeDirectory(), user: NSUserName(), fallback: fallback)
            let mistakes = SilenceKinds.mistakes(in: inventory)
            guard mistakes.isEmpty else { throw InventoryError(mistakes) }
            parts.withLock { $0.inventory = inventory }
            return inventory
        } catch {
            throw ControllerError(.input, error.mistakes.map(\.description))
        }
    }

    /// The first Macha had no inventory: it looked after its own machine and the `remoteSystems` of its configuration. `nil`
    /// when the configuration is not one of those.
    private func seedInventory(_ seeds: SeedSettings, _ fallback: FleetFallback) throws(ControllerError) -> Inventory? {
        guard seeds != SeedSettings() else { return nil }
        let own = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
        let lines =
            ["hosts:", "  \(own): { connection: local }"]
            + seeds.remoteSystems.filter { $0 != own }.map { "  \($0): {}" }
        do throws(InventoryError) {
            let inventory = try Inventory.parse(
                sources: [(configurationPath, lines.joined(separator: "\n") + "\n")], home: NSHomeDirectory(),
                user: NSUserName(), fallback: fallback)
            parts.withLock { $0.inventory = inventory }
            return inventory
        } catch {
            throw ControllerError(.configuration, error.mistakes.map(\.description))
        }
    }

    /// Whether there is an inventory to be read.
    package var hasInventory: Bool { InventoryPath.find(named: names.inventory) != nil }

    /// The configuration; without a file there is an empty one. Throws with every mistake in it.
    package func configuration() throws(ControllerError) -> Configuration {
        if let configuration = parts.withLock({ $0.configuration }) { return configuration }
        let configuration = try readConfiguration()
        parts.withLock { $0.configuration = configuration }
        return configuration
    }

    private func readConfiguration() throws(ControllerError) -> Configuration {
        guard let path = ConfigurationPath.find(named: names.configuration) else { return Configuration() }
        try Self.requireTrust(path, for: .instructions, .configuration)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ControllerError(
                .configuration,
                "\(path.printable()): the file cannot be read; check that it exists and its permissions")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ControllerError(.configuration, "\(path.printable()): the file is not UTF-8 text")
        }
        do throws(InventoryError) {
            return try Configuration.parse(text, file: path, home: NSHomeDirectory())
        } catch {
            throw ControllerError(.configuration, error.mistakes.map(\.description))
        }
    }

    /// The file of the configuration; `nil` when there is none.
    var existingConfiguration: String? { ConfigurationPath.find(named: names.configuration) }

    /// Where the configuration is, or would be.
    var configurationPath: String {
        ConfigurationPath.find(named: names.configuration) ?? ConfigurationPath.candidates()[0]
    }

    /// The database, opened once a process.
    package func store() throws(ControllerError) -> Store {
        if let store = parts.withLock({ $0.store }) { return store }
        try Self.requireTrust(stateFolder, for: .state, .configuration)
        let store = try storing { () throws(StoreError) in
            try Store.open(at: StateDirectory.database(in: stateFolder))
        }
        if names.stateFolder != nil { StateFolders(own: stateFolder).note() }
        // Two that open it at once both have a store; the first one stays.
        return parts.withLock { parts in
            if let first = parts.store { return first }
            parts.store = store
            return store
        }
    }

    /// What tells people, made once, so that what it is sending is sent by one; `nil` when no receiver is configured.
    package func notifications() throws(ControllerError) -> Notifications? {
        if let notifications = parts.withLock({ $0.notifications }) { return notifications }
        guard let notifications = try makeNotifications() else { return nil }
        return parts.withLock { parts in
            if let first = parts.notifications { return first }
            parts.notifications = notifications
            return notifications
        }
    }

    /// The playbooks that are sound. Warns of repairs that a mistake turns off.
    package func library() throws(ControllerError) -> PlaybookLibrary {
        if let library = parts.withLock({ $0.library }) { return library }
        let partial = try partialLibrary()
        for loss in partial.losses {
            for mistake in loss.mistakes { warn(.repairsOff(playbooks: loss.withheld, mistake: "\(mistake)")) }
        }
        parts.withLock { $0.library = partial.library }
        return partial.library
    }

    /// The playbooks with what is wrong in them. A folder that somebody else may write is not read.
    func partialLibrary() throws(ControllerError) -> PartialLibrary {
        for path in Playbooks.folders(named: names.playbooks) {
            try Self.requireTrust(path, for: .instructions, .input)
        }
        return Playbooks.read(named: names.playbooks)
    }

    /// The playbook `id`. Throws with the reason why there is none: it does not exist, or a mistake turns it off.
    package func playbook(_ id: String) throws(ControllerError) -> Playbook {
        let library = try library()
        if let playbook = library[id] { return playbook }
        for loss in try partialLibrary().losses where loss.withheld?.contains(id) ?? true {
            throw ControllerError(
                .input, loss.mistakes.map(\.description) + ["playbook \(id.quoted) is disabled until this is fixed"])
        }
        let hint =
            id.nearest(in: library.playbooks.map(\.id)).map { "did you mean '\($0)'?" } ?? "see: macha playbooks list"
        throw ControllerError(.usage, "there is no playbook \(id.quoted); \(hint)")
    }

    /// Warns of what stays as it is while the process runs, however many of its steps notice.
    func warnOnce(of warning: EnvironmentWarning) {
        if parts.withLock({ $0.warned.insert(warning).inserted }) { warn(warning) }
    }

    /// Closes the connections. For a command that ends.
    package func close() async {
        await connector.close()
        await actingConnector.close()
    }

    /// Refuses a file when somebody else may write what decides what Macha does.
    static func requireTrust(
        _ path: String, for purpose: TrustedPath.Purpose, _ kind: ControllerError.Kind
    ) throws(ControllerError) {
        if let refusal = TrustedPath.refusal(path, for: purpose) {
            throw ControllerError(kind, refusal.printable(limit: 800))
        }
    }
}
