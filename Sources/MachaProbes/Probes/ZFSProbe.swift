// SPDX-License-Identifier: MIT

/// The state of ZFS pools. Absent (`nil`) without ZFS or with its module not loaded.
package enum ZFSProbe: Probe {
    package static let name = "zfs"
    package static let timeout = 10
    package static let isQuick = true
    /// JSON came with OpenZFS 2.3; before it there is the text of `zpool status -p` (``ZFSText``). `zpool list` tells how full
    /// a pool is: its datasets do not show what volumes, snapshots and other datasets take.
    package static let script = """
        command -v zpool >/dev/null || { echo absent; exit 0; }
        alone
        export TZ=UTC
        take_time
        printf 'Now=%s\\n' "$now"
        said=$(zpool status -j --json-int 2>&1)
        status=$?
        case $status,$said in
            0,{*) ;;
            *'modules are not loaded'* | *'modules cannot be auto-loaded'* | *'/dev/zfs: No such file'*) echo unloaded; exit 0 ;;
            *) said=$(zpool status -p) || exit ;;
        esac
        printf '%s\\n@list\\n' "$said"
        zpool list -Hp -o name,size,alloc,free,cap 2>/dev/null
        echo '@end'
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> ZFSState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasPrefix("Now="), let end = body.firstIndex(of: "\n"),
            let now = ProbeText.clock(body[..<end].dropFirst(4))
        else { throw ProbeText.unparsable("zpool", body) }
        let rest = body[body.index(after: end)...]
        if rest == "unloaded\n" { return nil }
        guard let list = ProbeText.range(of: "\n@list\n", in: rest), rest.hasSuffix("\n@end\n") else {
            throw ProbeText.unparsable("zpool", rest)
        }
        let status = rest[..<list.lowerBound]
        var pools = ItemList<ZFSPool>()
        var odd: [UnreadItem] = []
        if status.hasPrefix("{") {
            try json(status, into: &pools, &odd)
        } else {
            ZFSText.read(status, into: &pools, &odd)
            guard !pools.items.isEmpty || ProbeText.range(of: "no pools available", in: status) != nil else {
                _ = try pools.unreadItems()
                throw ProbeText.unparsable("zpool status", status)
            }
        }
        let room = capacities(rest[list.upperBound...])
        let unread = (try pools.unreadItems() ?? []) + odd
        return ZFSState(
            pools: pools.items.map { pool in
                var pool = pool
                pool.room = room[pool.name] ?? pool.room
                return pool
            }, observedAt: now, unread: unread.listed)
    }

    private static func json(
        _ text: Substring, into pools: inout ItemList<ZFSPool>, _ odd: inout [UnreadItem]
    ) throws(ProbeFailure) {
        guard let value = LooseJSON(text), value["output_version"] != nil, let found = value["pools"]?.members else {
            throw ProbeText.unparsable("zpool status", text)
        }
        for (name, pool) in found.sorted(by: { $0.key < $1.key }) {
            guard let state = pool["state"]?.string, ZFSPool.states.contains(state) else {
                pools.skip(name, ProbeText.unparsable("a pool without state", name))
                continue
            }
            var devices: [ZFSPool.Device] = []
            for group in ["vdevs", "special", "dedup", "logs", "l2cache", "spares"] {
                for (key, device) in pool[group]?.members ?? [:] {
                    collect(device, key, of: name, into: &devices, &odd, depth: 0)
                }
            }
            let scan = pool["scan_stats"]
            let ended = scan?["end_time"]?.int.flatMap { $0 > 0 ? $0 : nil }
            let whole = pool["vdevs"]?[name]
            pools.append(
                ZFSPool(
                    name: name, state: state, errors: pool["error_count"]?.int.flatMap { $0 >= 0 ? $0 : nil },
                    scan: scan.flatMap { scan in scan["function"]?.string.map { ($0, scan["state"]?.string ?? "") } }
                        .map { "\($0.0) \($0.1)".lowercased() },
                    scrubbedAt: scan?["function"]?.string == "SCRUB" ? ended : nil,
                    devices: devices.sorted { $0.name < $1.name },
                    room: ZFSPool.Room(size: whole?["total_space"]?.int, used: whole?["alloc_space"]?.int)))
        }
    }

    /// Devices with a state or a counter that is not as it should be, at any depth. A group without a state of its own, as
    /// dRAID has it, is told by its children and by the pool.
    private static func collect(
        _ item: LooseJSON, _ key: String, of pool: String, into devices: inout [ZFSPool.Device],
        _ odd: inout [UnreadItem], depth: Int
    ) {
        guard depth < 8 else { return }
        let name = item["name"]?.string ?? key
        let children = item["vdevs"]?.members ?? [:]
        let counts = ["read_errors", "write_errors", "checksum_errors"].map { (item[$0] != nil, item[$0]?.int) }
        let sum = counts.reduce(0) { $0 + max(0, min($1.1 ?? 0, 1 << 40)) }
        let state = item["state"]?.string
        let isOdd = (state == nil && children.isEmpty) || counts.contains { $0.0 && ($0.1 ?? -1) < 0 }
        if isOdd, odd.count < 50 {
            odd.append(
                UnreadItem("\(pool) \(name)", ProbeText.unparsable("a device without state or with odd counters", name))
            )
        }
        if state ?? "ONLINE" != "ONLINE" || sum > 0, children.isEmpty || sum > 0, devices.count < 50 {
            devices.append(ZFSPool.Device(name: name, state: state ?? "", errors: sum))
        }
        for (key, child) in children { collect(child, key, of: pool, into: &devices, &odd, depth: depth + 1) }
    }

    /// name, size, alloc, free, cap, parted by tabs, in bytes.
    private static func capacities(_ text: Substring) -> [String: ZFSPool.Room] {
        var rooms: [String: ZFSPool.Room] = [:]
        for line in ProbeText.lines(text) {
            let fields = ProbeText.columns(line, at: 0x09)
            guard fields.count == 5 else { continue }
            rooms[String(fields[0])] = ZFSPool.Room(size: Int(fields[1]), used: Int(fields[2]))
        }
        return rooms
    }
}

/// Source: zpool-status(8), zpool-list(8).
package struct ZFSState: Hashable, Codable, Sendable, PartlyRead {
    /// By name.
    package var pools: [ZFSPool]
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
    package var unread: [UnreadItem]?
}

package struct ZFSPool: Hashable, Codable, Sendable {
    /// A device or group that is not well.
    package struct Device: Hashable, Codable, Sendable {
        package var name: String
        package var state: String
        /// Read, write and checksum errors together.
        package var errors: Int
    }

    /// In bytes of the disks, so with what redundancy takes.
    package struct Room: Hashable, Codable, Sendable {
        package var size: Int
        package var used: Int

        init?(size: Int?, used: Int?) {
            guard let size, let used, size > 0, (0...size).contains(used), size < Int.max / 4 else { return nil }
            self.size = size
            self.used = used
        }
    }

    package var name: String
    /// One of ``states``.
    package var state: String
    /// Files or blocks damaged for good; `nil` when not told.
    package var errors: Int?
    /// `scrub finished`, `resilver scanning`, …
    package var scan: String?
    /// When the last scrub ended, in seconds since 1970; `nil` when not told or never.
    package var scrubbedAt: Int?
    /// At most 50, of the pool itself and of its log, cache, special, dedup and spare devices.
    package var devices: [Device]
    /// `nil` when not told.
    package var room: Room?

    static let states: Set = [
        "ONLINE", "DEGRADED", "FAULTED", "OFFLINE", "UNAVAIL", "REMOVED", "SUSPENDED", "AVAIL", "INUSE",
    ]
}
