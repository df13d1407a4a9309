// SPDX-License-Identifier: MIT

/// Which disks the host has.
package enum BlocksProbe: Probe {
    package static let name = "blocks"
    package static let rhythm = ProbeInterval.daily
    package static let byteLimit = 64 * 1024
    package static let script = "lsblk -J -b -d -o NAME,TYPE,SIZE,RO,ROTA,MODEL,SERIAL"

    package static func parse(_ body: String) throws(ProbeFailure) -> BlocksState {
        guard let items = LooseJSON(body)?["blockdevices"]?.items else { throw ProbeText.unparsable("lsblk", body) }
        var disks = ItemList<BlockDisk>()
        for item in items {
            // Before util-linux 2.33 numbers and truth values come as text.
            guard let name = item["name"]?.string, let type = item["type"]?.string, let size = item["size"]?.int,
                (0...Int.max / 4).contains(size)
            else {
                disks.skip(
                    item["name"]?.string ?? "a device",
                    ProbeText.unparsable("a device without name, type or size", body))
                continue
            }
            guard type == "disk", !["zram", "loop", "ram", "nbd"].contains(where: { name.hasPrefix($0) }) else {
                continue
            }
            disks.append(
                BlockDisk(
                    name: name, size: size, model: item["model"]?.string, serial: item["serial"]?.string,
                    rotates: item["rota"]?.bool, isReadOnly: item["ro"]?.bool))
        }
        return BlocksState(disks: Array(disks.items.prefix(100)), unread: try disks.unreadItems())
    }
}

/// Source: lsblk(8).
package struct BlocksState: Hashable, Codable, Sendable, PartlyRead {
    /// At most 100; none in most containers.
    package var disks: [BlockDisk]
    package var unread: [UnreadItem]?
}

package struct BlockDisk: Hashable, Codable, Sendable {
    /// As in `nvme0n1`.
    package var name: String
    /// Bytes.
    package var size: Int
    package var model: String?
    package var serial: String?
    /// `false` for flash.
    package var rotates: Bool?
    package var isReadOnly: Bool?
}
