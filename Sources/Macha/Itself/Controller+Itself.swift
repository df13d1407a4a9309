// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel
import MachaStore

extension Controller {
    /// What a person asks to see: hosts of the inventory, and Macha itself.
    package struct Scope: Sendable {
        package var hosts: [FleetHost]
        /// Whether the row of Macha itself belongs to it. It is shown once a daemon has run in this state directory.
        package var isWithItself: Bool

        /// One host, by its name.
        package var single: FleetHost? { hosts.count == 1 && !isWithItself ? hosts[0] : nil }
        package var isItselfAlone: Bool { hosts.isEmpty && isWithItself }
    }

    /// What `selectors` name together, where `macha` stands for Macha itself unless the inventory has a host of that name.
    package func scope(_ selectors: [String]) throws(ControllerError) -> Scope {
        let words = selectors.joined(separator: ",").split(separator: ",").map {
            $0.trimmingPrefix(while: \.isWhitespace)
        }
        let own = FleetHost.itself.name
        let isShown = isOwnNameFree ? try hasDaemon() : false
        guard isShown, words.contains(where: { $0 == own || $0 == "!\(own)" }) else {
            let isWhole = words.allSatisfy { $0 == "all" || $0.hasPrefix("!") }
            return Scope(hosts: try hosts(selectors), isWithItself: isShown && isWhole)
        }
        let rest = words.filter { $0 != own && $0 != "!\(own)" }.map(String.init)
        let isRefused = words.contains("!\(own)")
        guard !rest.isEmpty || isRefused else { return Scope(hosts: [], isWithItself: true) }
        return Scope(hosts: try hosts(rest), isWithItself: !isRefused)
    }

    /// Whether Macha itself can be shown under its own name: a host of the inventory may have taken it.
    var isOwnNameFree: Bool {
        !((try? environment.inventory())?.hosts ?? []).contains { $0.name == FleetHost.itself.name }
    }

    private func hasDaemon() throws(ControllerError) -> Bool { try daemon() != nil }

    /// Why a selector that names Macha itself fits no host; `nil` when that is not the reason.
    func ownNameComplaint(_ selector: String) -> String? {
        let own = FleetHost.itself.name
        guard selector.split(separator: ",").contains(where: { $0 == own }), isOwnNameFree,
            (try? hasDaemon()) == true
        else { return nil }
        return "\(own.quoted) is Macha itself, which no command contacts or changes; see: macha status \(own)"
    }

    /// The row of Macha itself; `nil` while no daemon has run here, or when a host has its name.
    func ownReport() throws(ControllerError) -> HostReport? {
        guard let record = try daemon(), isOwnNameFree else { return nil }
        let (store, muting, now) = (try environment.store(), try muting(), environment.now())
        let open = try storing { () throws(StoreError) in try store.openIssues(hosts: [FleetHost.itself.name]) }
        return HostReport(itself: record, open, muting: muting, now: now)
    }

    /// The fleet as it was last seen, Macha itself among it where it belongs.
    package func status(_ scope: Scope, withTrends: Bool) throws(ControllerError) -> FleetReport {
        let fleet = try status(scope.hosts, withTrends: withTrends)
        guard scope.isWithItself, let own = try ownReport() else { return fleet }
        return fleet.adding(own, of: scope.hosts)
    }

    /// Everything that is known about Macha itself.
    package func detailOfItself() throws(ControllerError) -> StatusQuery.Detail {
        guard let own = try ownReport() else { throw ControllerError(.usage, "no macha serve has run here") }
        let fleet = FleetReport([own], now: environment.now())
        return StatusQuery.Detail(fleet: fleet, host: own, snapshot: nil)
    }
}
