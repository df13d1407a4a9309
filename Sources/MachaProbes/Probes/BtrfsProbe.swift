// SPDX-License-Identifier: MIT

/// Error counters of the devices below btrfs file systems, and which are missing. Absent (`nil`) without one.
package enum BtrfsProbe: Probe {
    package static let name = "btrfs"
    package static let rhythm = ProbeInterval.hourly
    package static let rights = ProbeRights.root
    package static let byteLimit = 128 * 1024
    /// One mount of each file system will do. Versions before 5.10 print no JSON. A mount point with a space or a line
    /// break has it as three octal digits.
    package static let script = #"""
        mounts=$(cat /proc/self/mountinfo | sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - btrfs \([^ ]*\) .*$/\2 \1/p' |
            sort -u -k1,1 | sed 's/^[^ ]* //' | head -n 40)
        [ -n "$mounts" ] || { echo absent; exit 0; }
        command -v btrfs >/dev/null || { echo 'btrfs: not found' >&2; exit 127; }
        for mount in $mounts; do
            case $mount in *\\*) mount=$(printf '%b' "$(printf '%s' "$mount" | sed 's/\\/\\0/g')") ;; esac
            said=$($MACHA_AS_ROOT btrfs --format json device stats "$mount" 2>/dev/null) ||
                said=$($MACHA_AS_ROOT btrfs device stats "$mount" 2>&1)
            status=$?
            case $status,$said in
                0,*) ;;
                \#(ProbeRights.refusals))
                    printf '%s\n' "$said" | tail -c 300 >&2
                    exit 126
                    ;;
            esac
            printf '@%s %s\n%s\n' "$status" "$mount" "$said"
        done
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> BtrfsState? {
        if ProbeText.isAbsent(body) { return nil }
        guard body.hasPrefix("@"), body.hasSuffix("\n@end\n") else { throw ProbeText.unparsable("btrfs", body) }
        var devices = ItemList<BtrfsDevice>()
        for part in body.dropFirst().dropLast("\n@end\n".count).split(separator: "\n@") {
            let head = part.prefix { $0 != "\n" }
            let text = part[head.endIndex...].drop { $0 == "\n" }
            let words = head.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let status = Int(words[0]) else {
                devices.skip(head, ProbeText.unparsable("btrfs", part))
                continue
            }
            do throws(ProbeFailure) {
                guard status == 0 else { throw ProbeFailure(.failed, String(text.suffix(240))) }
                let found = try text.hasPrefix("{") ? json(text) : table(text)
                for var device in found {
                    device.mount = String(words[1])
                    devices.append(device)
                }
            } catch {
                devices.skip(words[1], error)
            }
        }
        let unread = try devices.unreadItems()
        guard !devices.items.isEmpty else { throw ProbeText.unparsable("no device", body) }
        return BtrfsState(devices: devices.items, unread: unread)
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
        for line in ProbeText.lines(text) where !line.hasPrefix("WARNING") {
            guard let match = line.wholeMatch(of: /\[(.+)\]\.(\w+) +(\d+)/) else {
                throw ProbeText.unparsable("device stats", line)
            }
            // A counter that a later version adds is none of ours.
            guard let counter = BtrfsDevice.counters.firstIndex(of: String(match.2)) else { continue }
            counts[String(match.1), default: Array(repeating: nil, count: 5)][counter] = Int(match.3)
        }
        var devices: [BtrfsDevice] = []
        for (name, counts) in counts.sorted(by: { $0.key < $1.key }) {
            guard let device = BtrfsDevice(name, counts) else { throw ProbeText.unparsable("counters", name) }
            devices.append(device)
        }
        guard !devices.isEmpty else { throw ProbeText.unparsable("no device", text) }
        return devices
    }
}

/// Source: btrfs-device(8).
package struct BtrfsState: Hashable, Codable, Sendable, PartlyRead {
    /// Of the first forty file systems.
    package var devices: [BtrfsDevice]
    package var unread: [UnreadItem]?
}

/// Counted since the file system was made, or since somebody reset them.
package struct BtrfsDevice: Hashable, Codable, Sendable {
    /// Its path; `devid:2` or `<missing disk>` for one that is gone.
    package var name: String
    package var writeErrors: Int
    package var readErrors: Int
    package var flushErrors: Int
    /// Checksums that did not match.
    package var corruptionErrors: Int
    package var generationErrors: Int
    /// Where its file system is mounted: one place of several.
    package var mount: String?

    package var total: Int { writeErrors + readErrors + flushErrors + corruptionErrors + generationErrors }
    /// The file system knows it, and it is not there: it has no path.
    package var isMissing: Bool { !name.hasPrefix("/") }

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
