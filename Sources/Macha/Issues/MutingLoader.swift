// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
import MachaProbes
package import MachaStore
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// What is muted now, by all that the store and the inventory hold.
package struct MutingLoader: Sendable {
    private let inventory: Inventory
    private let store: Store

    package init(_ inventory: Inventory, store: Store) {
        self.inventory = inventory
        self.store = store
    }

    /// The answer to "is this issue muted at `now`, and by what", for issues of `hosts`.
    package func muting(of hosts: [FleetHost], at now: Date) throws(StoreError) -> Muting {
        Muting(
            at: now, hosts: inventory.hosts, open: try store.openIssuesBesideAcknowledged(),
            silences: inventory.silences.map { Silence($0) } + (try store.silences().map(\.silence)),
            windows: try store.maintenanceWindows(), zones: try zones(of: hosts))
    }

    /// Ends the acknowledgements whose cause other hosts have joined: a host that leaves it again does not bring them back.
    func noteJoined(at now: Date) throws(StoreError) {
        let open = try store.openIssuesBesideAcknowledged()
        guard open.contains(where: { $0.acknowledgement != nil }) else { return }
        let muting = Muting(at: now, hosts: inventory.hosts, open: open, silences: [], windows: [], zones: [:])
        for issue in open {
            let joined = muting.joined(issue)
            if !joined.isEmpty { try store.lapse(issue.id, joinedBy: joined, at: now) }
        }
    }

    /// Only of hosts that have hours of maintenance; nobody else needs one.
    private func zones(of hosts: [FleetHost]) throws(StoreError) -> [String: TimeZone] {
        var zones: [String: TimeZone] = [:]
        for host in hosts where !host.maintenance.isEmpty {
            do throws(StoreError) {
                zones[host.name] = try store.latestReached(host.name).flatMap { Self.zone(of: $0) }
            } catch  where error.code == .unreadable {
                // What cannot be read of one host leaves its time unknown, and hides no other.
                continue
            }
        }
        return zones
    }

    /// The time zone of the host of `snapshot`; `nil` when it is not known.
    static func zone(of snapshot: Snapshot) -> TimeZone? {
        snapshot[TimeProbe.self].value?.zone.flatMap { TimeZone(identifier: $0) }
    }
}
