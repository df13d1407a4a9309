// SPDX-License-Identifier: MIT

/// Error counters of the devices below btrfs file systems. Absent (`nil`) without one.
package enum BtrfsProbe: Probe {
    package static let name = "btrfs"
    package static let rhythm = ProbeRhythm.hourly
    package static let rights = ProbeRights.root
    package static let byteLimit = 64 * 1024
    /// One mount of each file system will do. Versions before 5.10 print no JSON.
    package static let script = #"""
        mounts=$(cat /proc/self/mountinfo | sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - btrfs \([^ ]*\) .*$/\2 \1/p' |
            sort -u -k1,1 | sed 's/^[^ ]* //' | grep -v '\\' | head -n 20)
        [ -n "$mounts" ] || { echo absent; exit 0; }
        command -v btrfs >/dev/null || { echo 'btrfs: not found' >&2; exit 127; }
        for mount in $mounts; do
            $MACHA_AS_ROOT btrfs --format json device stats "$mount" || $MACHA_AS_ROOT btrfs device stats "$mount" || exit
            echo '@'
        done
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> BtrfsState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasSuffix("\n@\n@end\n") else { throw ProbeText.unparsable("btrfs", body) }
        var devices: [BtrfsDevice] = []
        for part in body.dropLast("@end\n".count).split(separator: "\n@\n") {
            devices += try part.hasPrefix("{") ? json(part) : table(part)
        }
        guard !devices.isEmpty else { throw ProbeText.unparsable("no device", body) }
        return BtrfsState(devices: devices)
    }

    private static func json(_ text: Substring) throws(ProbeFailure) -> [BtrfsDevice] {
        guard let items = LooseJSON(text)?["device-stats"]?.items else {
            throw ProbeText.unparsable("device stats", text)
        }
        var devices: [BtrfsDevice] = []
        for item in items {
            let counts = BtrfsDevice.counters.map { item[$0]?.int }
            guard let name = item["device"]?.string, let device = BtrfsDevice(name, counts) else {
                throw ProbeText.unparsable("a device without counters", text)
            }
            devices.append(device)
        }
        return devices
    }

    /// `[/dev/sda1].write_io_errs    0`
    private static func table(_ text: Substring) throws(ProbeFailure) -> [BtrfsDevice] {
        var counts: [String: [Int?]] = [:]
        for line in ProbeText.lines(text) {
            guard let match = line.wholeMatch(of: /\[(.+)\]\.(\w+) +(\d+)/),
                let counter = BtrfsDevice.counters.firstIndex(of: String(match.2))
            else { throw ProbeText.unparsable("device stats", line) }
            counts[String(match.1), default: Array(repeating: nil, count: 5)][counter] = Int(match.3)
        }
        var devices: [BtrfsDevice] = []
        for (name, counts) in counts.sorted(by: { $0.key < $1.key }) {
            guard let device = BtrfsDevice(name, counts) else { throw ProbeText.unparsable("counters", name) }
            devices.append(device)
        }
        return devices
    }
}

/// Source: btrfs-device(8).
package struct BtrfsState: Hashable, Codable, Sendable {
    /// Of the first twenty file systems.
    package var devices: [BtrfsDevice]
}

/// Counted since the file system was made, or since somebody reset them.
package struct BtrfsDevice: Hashable, Codable, Sendable {
    package var name: String
    package var writeErrors: Int
    package var readErrors: Int
    package var flushErrors: Int
    /// Checksums that did not match.
    package var corruptionErrors: Int
    package var generationErrors: Int

    package var total: Int { writeErrors + readErrors + flushErrors + corruptionErrors + generationErrors }

    static let counters = ["write_io_errs", "read_io_errs", "flush_io_errs", "corruption_errs", "generation_errs"]

    fileprivate init?(_ name: String, _ counts: [Int?]) {
        let known = counts.compactMap { $0.flatMap { (0...1 << 50).contains($0) ? $0 : nil } }
        guard known.count == 5, !name.isEmpty else { return nil }
        self.name = name
        writeErrors = known[0]
        readErrors = known[1]
        flushErrors = known[2]
        corruptionErrors = known[3]
        generationErrors = known[4]
    }
}
