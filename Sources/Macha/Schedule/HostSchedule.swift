// SPDX-License-Identifier: MIT
import MachaCore

/// When each host is looked at next, when the fleet is watched. Time comes from the caller.
///
/// A host's interval counts from the start of its last look. One that takes longer than its interval is looked at again
/// as soon as it has ended, never twice at once.
struct WatchSchedule {
    private struct Place {
        var host: FleetHost
        var due: ContinuousClock.Instant
        var begun: ContinuousClock.Instant?
    }

    private var places: [Place]

    /// All hosts are due at `now`.
    init(_ hosts: [FleetHost], now: ContinuousClock.Instant) {
        places = hosts.map { Place(host: $0, due: now) }
    }

    /// Hosts being looked at, in inventory order.
    var underWay: [String] { places.filter { $0.begun != nil }.map(\.host.name) }

    /// Takes up to `room` hosts whose time has come, the longest overdue first; their looks begin at `now`.
    mutating func begin(atMost room: Int, now: ContinuousClock.Instant) -> [FleetHost] {
        let due = places.indices.filter { places[$0].begun == nil && places[$0].due <= now }
            .sorted { (places[$0].due, $0) < (places[$1].due, $1) }
        return due.prefix(max(0, room)).map { index in
            places[index].begun = now
            return places[index].host
        }
    }

    /// The look at `host` has ended.
    mutating func finish(_ host: String) {
        for index in places.indices where places[index].host.name == host {
            guard let begun = places[index].begun else { continue }
            places[index].begun = nil
            places[index].due = begun + .seconds(places[index].host.checkInterval)
        }
    }

    /// When the next waiting host is due; `nil` while all are under way.
    var nextDue: ContinuousClock.Instant? { places.filter { $0.begun == nil }.map(\.due).min() }
}
