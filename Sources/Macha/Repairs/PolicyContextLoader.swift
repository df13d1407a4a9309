// SPDX-License-Identifier: MIT
package import Foundation
package import MachaActions
import MachaFindings
package import MachaInventory
import MachaModel
package import MachaProbes
package import MachaStore

/// What policy has to know beside the proposal, read from the store at the moment it is asked.
package struct PolicyContextLoader: Sendable {
    private let inventory: Inventory
    private let store: Store
    private let limits: PolicyLimits

    /// How far back policy considers history, in seconds: an interrupted action must not be forgotten before somebody
    /// has seen it.
    private static let memory = 7.0 * 86_400

    package init(_ inventory: Inventory, store: Store, limits: PolicyLimits = PolicyLimits()) {
        self.inventory = inventory
        self.store = store
        self.limits = limits
    }

    /// Everything policy considers for `host`, of which `snapshot` is the newest; `nil` if it was never checked.
    package func context(
        for host: FleetHost, _ snapshot: Snapshot?, at now: Date
    ) throws(StoreError) -> PolicyContext {
        let machine = snapshot?.machine ?? MachineIdentity(hostKey: nil, machineID: nil)
        let names = try otherNames(of: host, machine)
        let host = host.asCautious(as: names.compactMap { inventory[$0] })
        let history = try store.history(since: now.addingTimeInterval(-Self.memory))
        let isRecordSound = history.unreadable.isDisjoint(with: names + [host.name])
        return PolicyContext(
            now: now, host: host,
            standing: isRecordSound
                ? Self.standing(of: host, snapshot, at: now)
                : .unknown("the record of what was done there was edited or damaged; see 'macha audit verify'"),
            maintenance: try maintenance(of: [host.name] + names, snapshot, at: now), machine: machine,
            otherNames: names, localMinute: snapshot.flatMap { Self.minute(at: now, $0) },
            pause: try store.pauseState(),
            history: history.records,
            groups: try groups(of: host, beside: names),
            limits: limits)
    }

    /// The groups of `host` that limit how many are changed at a time.
    package func limits(of host: FleetHost) -> [GroupLimit] {
        limiting(host).map { group, atOnce in
            GroupLimit(group: group.name, hosts: members(of: group), atOnce: atOnce)
        }
    }

    /// Names of the inventory under which the same machine was reached last, or a clone that cannot be distinguished
    /// from it.
    private func otherNames(of host: FleetHost, _ machine: MachineIdentity) throws(StoreError) -> [String] {
        guard !machine.isUnknown else { return [] }
        return try store.names(of: machine).keys.filter { $0 != host.name && inventory[$0] != nil }.sorted()
    }

    private func groups(of host: FleetHost, beside names: [String]) throws(StoreError) -> [GroupAvailability] {
        let limiting = limiting(host)
        guard !limiting.isEmpty else { return [] }
        let changing = try store.changingHosts()
        var standings: [GroupAvailability] = []
        for (group, _) in limiting {
            let others = members(of: group).subtracting([host.name] + names)
            // A host that was never asked is not counted as down: at the first start that would be all of them.
            let down = try store.unreached(of: others)
            standings.append(
                GroupAvailability(group: group, changing: changing.intersection(others), down: down))
        }
        return standings
    }

    private func limiting(_ host: FleetHost) -> [(FleetGroup, Int)] {
        host.groups.compactMap { name in
            inventory.groups[name].flatMap { group in group.maxUnavailable.map { (group, $0) } }
        }
    }

    private func members(of group: FleetGroup) -> Set<String> {
        Set(inventory.hosts.filter { $0.groups.contains(group.name) }.map(\.name))
    }

    private static func standing(of host: FleetHost, _ snapshot: Snapshot?, at now: Date) -> HostStanding {
        guard let snapshot else { return .unknown("it was never checked") }
        if case .failed(let failure) = snapshot.contact {
            return failure.kind == .untrusted ? .untrusted : .unknown(failure.message.printable(limit: 200))
        }
        guard now.timeIntervalSince(snapshot.takenAt) < 3_600 else { return .unknown("its last check is too old") }
        return .known
    }

    /// Whether the host is in maintenance, or another name of its machine is.
    private func maintenance(
        of names: [String], _ snapshot: Snapshot?, at now: Date
    ) throws(StoreError) -> Maintenance {
        let windows = try store.maintenanceWindows()
        let zone = snapshot.flatMap { MutingLoader.zone(of: $0) }
        let all = names.compactMap { inventory[$0] }.map { host in
            Maintenance(of: host, windows: windows, zone: zone, at: now)
        }
        return all.first { $0 != .off } ?? .off
    }

    /// Minutes after midnight by the host's own zone and the controller's clock.
    private static func minute(at now: Date, _ snapshot: Snapshot) -> Int? {
        guard let name = snapshot[TimeProbe.self].value?.zone, let zone = TimeZone(identifier: name) else { return nil }
        let seconds = Int(now.timeIntervalSince1970) + zone.secondsFromGMT(for: now)
        return ((seconds % 86_400) + 86_400) % 86_400 / 60
    }
}
