// SPDX-License-Identifier: MIT

/// What listens on the host. Which program does is not asked: an unprivileged account sees its own only.
package enum PortsProbe: Probe {
    package static let name = "ports"
    package static let rhythm = ProbeInterval.hourly
    package static let byteLimit = 64 * 1024
    package static let script = """
        ss -H -l -n -t -u || exit
        echo '@end'
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> PortsState {
        let lines = ProbeText.lines(body)
        guard lines.last == "@end" else { throw ProbeText.unparsable("ss", body) }
        var found = ItemList<Listener>()
        for line in lines.dropLast() {
            // Netid State Recv-Q Send-Q Local:Port Peer:Port
            let words = ProbeText.words(line)
            guard words.count >= 6, ["tcp", "udp"].contains(words[0]), let colon = words[4].lastIndex(of: ":"),
                let port = Int(words[4][words[4].index(after: colon)...]), (1...65_535).contains(port),
                colon > words[4].startIndex
            else {
                found.skip(line, ProbeText.unparsable("ss", line))
                continue
            }
            found.append(Listener(transport: String(words[0]), address: String(words[4][..<colon]), port: port))
        }
        let unread = try found.unreadItems()
        let sorted = Set(found.items).sorted {
            ($0.port, $0.transport, $0.address) < ($1.port, $1.transport, $1.address)
        }
        return PortsState(listeners: Array(sorted.prefix(256)), count: sorted.count, unread: unread)
    }
}

/// Source: ss(8).
package struct PortsState: Hashable, Codable, Sendable, PartlyRead {
    /// By port, each once; at most 256.
    package var listeners: [Listener]
    package var count: Int
    package var unread: [UnreadItem]?
}

package struct Listener: Hashable, Codable, Sendable {
    /// `tcp` or `udp`.
    package var transport: String
    /// As `ss` writes it: `0.0.0.0`, `[::]`, `*`, `127.0.0.53%lo`.
    package var address: String
    /// 1…65535.
    package var port: Int
}
