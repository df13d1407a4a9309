// SPDX-License-Identifier: MIT
import MachaInventory

import struct Foundation.Date

/// When each host is observed next. Time comes from the caller.
///
/// A host's interval counts from the start of its last observation, give or take the jitter. One that takes longer than its
/// interval is observed again as soon as it has ended, never twice at once.
struct HostSchedule<Instant: InstantProtocol> where Instant.Duration == Duration {
    private struct Entry {
        var host: FleetHost
        var due: Instant
        var begun: Instant?
        /// No longer in the inventory; it leaves when it has ended.
        var isRemoved = false
    }

    private var entries: [Entry]
    /// What is added to an interval, so that hosts that began together do not stay together.
    private let jitter: (Duration) -> Duration

    /// All hosts are due at `now`.
    init(_ hosts: [FleetHost], now: Instant, jitter: @escaping (Duration) -> Duration) {
        entries = hosts.map { Entry(host: $0, due: now) }
        self.jitter = jitter
    }

    /// Hosts that are being observed, in inventory order.
    var underWay: [String] { entries.indices.filter { entries[$0].begun != nil }.map { entries[$0].host.name } }

    /// How many of them there are.
    var underWayCount: Int { entries.indices.count { entries[$0].begun != nil } }

    /// Lets the hosts that are due at `now` follow one another, half a second apart or closer, so that all are asked
    /// within `span` and within their own interval. After a start, a sleep of the machine or a stop of the process all
    /// would be asked at once. The one that was not asked for longest, by `lastChecked`, comes first: a process that is
    /// ended again and again still reaches all of them.
    mutating func spread(over span: Duration, now: Instant, lastChecked: [String: Date]) {
        let due = entries.indices.filter { entries[$0].begun == nil && entries[$0].due <= now }
            .map { (age: lastChecked[entries[$0].host.name] ?? .distantPast, index: $0) }.sorted { $0 < $1 }.map(
                \.index)
        for (place, index) in due.enumerated() {
            let room = min(span, .seconds(entries[index].host.checkInterval))
            entries[index].due = now.advanced(by: min(room / due.count, .milliseconds(500)) * place)
        }
    }

    /// Takes up to `room` hosts whose time has come, the longest overdue first; their observation begins at `now`.
    mutating func begin(atMost room: Int, now: Instant) -> [FleetHost] {
        let due = entries.indices.filter { entries[$0].begun == nil && entries[$0].due <= now }
            .sorted { (entries[$0].due, $0) < (entries[$1].due, $1) }
        return due.prefix(max(0, room)).map { index in
            entries[index].begun = now
            return entries[index].host
        }
    }

    /// The observation of `host` has ended.
    mutating func finish(_ host: String) {
        for index in entries.indices where entries[index].host.name == host {
            guard let begun = entries[index].begun else { continue }
            let interval = Duration.seconds(entries[index].host.checkInterval)
            entries[index].begun = nil
            entries[index].due = begun.advanced(by: interval + jitter(interval))
        }
        if entries.indices.contains(where: { entries[$0].isRemoved && entries[$0].begun == nil }) {
            entries.removeAll { $0.isRemoved && $0.begun == nil }
        }
    }

    /// From now on these hosts count, in this order. One that stays keeps its time unless its new interval ends sooner; one
    /// that is new is due at `now`; one that is gone and under way is brought to its end.
    mutating func replace(with hosts: [FleetHost], now: Instant) {
        let known = Dictionary(entries.map { ($0.host.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(hosts.map(\.name))
        entries =
            hosts.map { host in
                guard var entry = known[host.name] else { return Entry(host: host, due: now) }
                entry.host = host
                entry.isRemoved = false
                entry.due = min(entry.due, now.advanced(by: .seconds(host.checkInterval)))
                return entry
            }
            + entries.filter { !names.contains($0.host.name) && $0.begun != nil }.map { entry in
                var entry = entry
                entry.isRemoved = true
                return entry
            }
    }

    /// When the next waiting host is due; `nil` while all are under way.
    var nextDue: Instant? { entries.filter { $0.begun == nil }.map(\.due).min() }
}
