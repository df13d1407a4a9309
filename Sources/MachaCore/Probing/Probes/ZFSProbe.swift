// SPDX-License-Identifier: MIT

/// The state of ZFS pools. Absent (`nil`) without ZFS or with its module not loaded.
package enum ZFSProbe: Probe {
    package static let name = "zfs"
    package static let timeout = 10
    /// JSON came with OpenZFS 2.3. Before it `zpool list` tells the states, and `zpool status -p` the counters.
    package static let script = """
        command -v zpool >/dev/null || { echo absent; exit 0; }
        printf 'Now=%s\\n' "$(date +%s)"
        said=$(zpool status -j --json-int 2>&1)
        status=$?
        case $status,$said in
            0,{*) printf '%s\\n' "$said"; exit 0 ;;
            *'modules are not loaded'* | *'modules cannot be auto-loaded'* | *'/dev/zfs: No such file'*) echo unloaded; exit 0 ;;
        esac
        zpool list -H -o name,health || exit
        echo
        zpool status -p || exit
        echo '@end'
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> ZFSState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasPrefix("Now="), let end = body.firstIndex(of: "\n"),
            let now = ProbeText.clock(body[..<end].dropFirst(4))
        else { throw ProbeText.unparsable("zpool", body) }
        let rest = body[body.index(after: end)...]
        if rest == "unloaded\n" { return nil }
        let pools = try rest.hasPrefix("{") ? json(rest) : table(rest)
        return ZFSState(pools: pools, observedAt: now)
    }

    private static func json(_ text: Substring) throws(ProbeFailure) -> [ZFSPool] {
        guard let value = LooseJSON(text), value["output_version"] != nil, let pools = value["pools"]?.members else {
            throw ProbeText.unparsable("zpool status", text)
        }
        var found: [ZFSPool] = []
        for (name, pool) in pools.sorted(by: { $0.key < $1.key }) {
            guard let state = pool["state"]?.string, ZFSPool.states.contains(state) else {
                throw ProbeText.unparsable("a pool without state", name)
            }
            var devices: [ZFSPool.Device] = []
            for (_, device) in pool["vdevs"]?.members ?? [:] { try collect(device, into: &devices, depth: 0) }
            let scan = pool["scan_stats"]
            let ended = scan?["end_time"]?.int.flatMap { $0 > 0 ? $0 : nil }
            found.append(
                ZFSPool(
                    name: name, state: state, errors: pool["error_count"]?.int.flatMap { $0 >= 0 ? $0 : nil },
                    scan: scan.flatMap { scan in scan["function"]?.string.map { ($0, scan["state"]?.string ?? "") } }
                        .map { "\($0.0) \($0.1)".lowercased() },
                    scrubbedAt: scan?["function"]?.string == "SCRUB" ? ended : nil,
                    devices: devices.sorted { $0.name < $1.name }))
        }
        return found
    }

    /// Devices with a state or a counter that is not as it should be, at any depth.
    private static func collect(
        _ item: LooseJSON, into devices: inout [ZFSPool.Device], depth: Int
    ) throws(ProbeFailure) {
        guard depth < 8 else { return }
        let counts = ["read_errors", "write_errors", "checksum_errors"].map { item[$0]?.int }
        guard let name = item["name"]?.string, let state = item["state"]?.string,
            counts.allSatisfy({ $0.map { $0 >= 0 } ?? true })
        else { throw ProbeText.unparsable("a device without name or state", "zpool status") }
        let children = item["vdevs"]?.members ?? [:]
        let sum = counts.reduce(0) { $0 + min($1 ?? 0, 1 << 40) }
        if state != "ONLINE" || sum > 0, children.isEmpty || sum > 0, devices.count < 50 {
            devices.append(ZFSPool.Device(name: name, state: state, errors: sum))
        }
        for (_, child) in children { try collect(child, into: &devices, depth: depth + 1) }
    }

    private static func table(_ text: Substring) throws(ProbeFailure) -> [ZFSPool] {
        guard text.hasSuffix("\n@end\n"), let gap = ProbeText.range(of: text.hasPrefix("\n") ? "\n" : "\n\n", in: text)
        else {
            throw ProbeText.unparsable("zpool", text)
        }
        var pools: [ZFSPool] = []
        for line in ProbeText.lines(text[..<gap.lowerBound]) {
            let fields = line.split(separator: "\t")
            guard fields.count == 2, ZFSPool.states.contains(String(fields[1])) else {
                throw ProbeText.unparsable("zpool list", line)
            }
            pools.append(
                ZFSPool(
                    name: String(fields[0]), state: String(fields[1]), errors: nil, scan: nil, scrubbedAt: nil,
                    devices: []))
        }
        var pool: Int?
        for line in ProbeText.lines(text[gap.upperBound...]) {
            let words = ProbeText.words(line)
            if words.count == 2, words[0] == "pool:" { pool = pools.firstIndex { $0.name == words[1] } }
            // NAME STATE READ WRITE CKSUM, indented by depth.
            guard let pool, words.count >= 5, ZFSPool.states.contains(String(words[1])), words[0] != pools[pool].name
            else {
                continue
            }
            let counts = words[2..<5].map { Int($0) }
            guard counts.allSatisfy({ ($0 ?? -1) >= 0 }) else { throw ProbeText.unparsable("zpool status", line) }
            let sum = counts.reduce(0) { $0 + min($1 ?? 0, 1 << 40) }
            if words[1] != "ONLINE" || sum > 0, pools[pool].devices.count < 50 {
                pools[pool].devices.append(ZFSPool.Device(name: String(words[0]), state: String(words[1]), errors: sum))
            }
        }
        return pools
    }
}

/// Source: zpool-status(8), zpool-list(8).
package struct ZFSState: Hashable, Codable, Sendable {
    /// By name.
    package var pools: [ZFSPool]
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
}

package struct ZFSPool: Hashable, Codable, Sendable {
    /// A device or group that is not well.
    package struct Device: Hashable, Codable, Sendable {
        package var name: String
        package var state: String
        /// Read, write and checksum errors together.
        package var errors: Int
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
    /// At most 50.
    package var devices: [Device]

    static let states: Set = [
        "ONLINE", "DEGRADED", "FAULTED", "OFFLINE", "UNAVAIL", "REMOVED", "SUSPENDED", "AVAIL", "INUSE",
    ]
}
