// SPDX-License-Identifier: MIT
import MachaFleet
package import MachaInventory
import MachaStore

/// The only door to Macha: the command line, and whatever else speaks to people or programs, asks it and shows what it
/// returns.
///
/// It brings the parts together, in a fixed order, and forgets nothing: exports follow every change, what an earlier
/// controller left is settled before anything new is begun. It holds no words for people beyond its errors.
package struct Controller: Sendable {
    package let environment: Environment
    /// What happens to the fleet while it is watched.
    let events: ControllerEvents

    package init(_ environment: Environment) {
        self.environment = environment
        events = ControllerEvents(buffer: 4_096)
    }

    /// The same with its files as they are now, for the same subscribers. Throws with every mistake in them.
    func reread() throws(ControllerError) -> Controller { Controller(try environment.reread(), events) }

    private init(_ environment: Environment, _ events: ControllerEvents) {
        self.environment = environment
        self.events = events
    }

    /// The hosts that `selectors` name together, in inventory order; all when there are none.
    package func hosts(_ selectors: [String]) throws(ControllerError) -> [FleetHost] {
        try hosts(selectors.isEmpty ? "all" : selectors.joined(separator: ","))
    }

    /// The inventory's hosts; none while there is no inventory.
    package func knownHosts() throws(ControllerError) -> [FleetHost] {
        environment.hasInventory ? try environment.inventory().hosts : []
    }

    /// The hosts that `selector` names, in inventory order.
    package func hosts(_ selector: String) throws(ControllerError) -> [FleetHost] {
        let inventory = try environment.inventory()
        let selector = try Self.selector(selector)
        do throws(SelectorError) {
            return try selector.select(from: inventory.hosts)
        } catch {
            throw ControllerError(.usage, ownNameComplaint("\(selector)") ?? "\(error)")
        }
    }

    static func selector(_ text: String) throws(ControllerError) -> HostSelector {
        do throws(SelectorError) {
            return try HostSelector(text)
        } catch {
            throw ControllerError(.usage, "\(error)")
        }
    }

    /// Warns of a libssh2 that cannot reach a default NixOS host, before hosts are asked over SSH.
    package func warnOfOldLibrary(_ hosts: [FleetHost]) {
        guard !SSHLibrary.reachesDefaultNixOS, hosts.contains(where: { $0.connection != .local }) else { return }
        environment.warnOnce(of: .oldLibrary(version: SSHLibrary.version))
    }

    /// Brings the files for people up to date; what cannot be written is a warning.
    func export() throws(ControllerError) {
        for failure in try environment.exporter().write(from: try environment.store(), at: environment.now()) {
            environment.warn(.notExported(failure))
        }
    }

    /// Warns of approvals that somebody has edited in the database.
    package func warnOfEditedApprovals() throws(ControllerError) {
        let store = try environment.store()
        for id in try storing({ () throws(StoreError) in try store.editedApprovals() }) {
            environment.warn(.approvalEdited(id))
        }
    }
}
