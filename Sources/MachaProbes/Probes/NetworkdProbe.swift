// SPDX-License-Identifier: MIT

/// How systemd-networkd sees the links it manages. Absent (`nil`) where it does not run: many hosts use scripted
/// networking or NetworkManager.
package enum NetworkdProbe: Probe {
    package static let name = "networkd"
    package static let byteLimit = 128 * 1024
    package static let shares: SharedQuestion? = .unitFacts
    /// JSON came with systemd 250; before it the table has five columns.
    package static let script = """
        said=$(unit_facts) || exit
        case $said in
            *Id=systemd-networkd.service*)
                said=$(printf '%s\\n' "$said" | units_named '^systemd-networkd[.]service$')
                ;;
            *) said= ;;
        esac
        case $said in *ActiveState=active*) ;; *) echo absent; exit 0 ;; esac
        networkctl --no-pager --json=short list || networkctl --no-pager --no-legend list
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> NetworkdState? {
        if ProbeText.isAbsent(body) { return nil }
        var links = ItemList<NetworkdState.Link>()
        if body.hasPrefix("{") { try json(body, into: &links) } else { table(body, into: &links) }
        let unread = try links.unreadItems()
        guard !links.items.isEmpty else { throw ProbeText.unparsable("no links", body) }
        return NetworkdState(links: links.items, unread: unread)
    }

    private static func json(_ body: String, into links: inout ItemList<NetworkdState.Link>) throws(ProbeFailure) {
        guard let items = LooseJSON(body)?["Interfaces"]?.items else { throw ProbeText.unparsable("networkctl", body) }
        for link in items {
            guard let name = link["Name"]?.string, let setup = link["AdministrativeState"]?.string,
                let operational = link["OperationalState"]?.string
            else {
                links.skip(link["Name"]?.string ?? "a link", ProbeText.unparsable("a link without name or state", body))
                continue
            }
            links.append(
                NetworkdState.Link(
                    name: name, operational: operational, setup: setup, isRequired: link["RequiredForOnline"]?.bool))
        }
    }

    /// `IDX LINK TYPE OPERATIONAL SETUP`, perhaps behind a mark in colour.
    private static func table(_ body: String, into links: inout ItemList<NetworkdState.Link>) {
        for line in ProbeText.lines(body) {
            let words = ProbeText.words(line).drop { Int($0) == nil }
            guard words.count == 5, let name = words.dropFirst().first, let setup = words.last,
                states.contains(String(setup))
            else {
                links.skip(words.dropFirst().first ?? line, ProbeText.unparsable("networkctl", line))
                continue
            }
            links.append(
                NetworkdState.Link(
                    name: String(name), operational: String(words[words.endIndex - 2]), setup: String(setup),
                    isRequired: nil))
        }
    }

    private static let states: Set = [
        "pending", "initialized", "configuring", "configured", "unmanaged", "failed", "linger",
    ]
}

/// Source: `networkctl list`.
package struct NetworkdState: Hashable, Codable, Sendable, PartlyRead {
    /// Loopback among them.
    package var links: [Link]
    package var unread: [UnreadItem]?

    package struct Link: Hashable, Codable, Sendable {
        package var name: String
        /// `routable`, `degraded`, `no-carrier`, `off`, …
        package var operational: String
        /// `configured`, `configuring`, `failed`, `unmanaged`, …
        package var setup: String
        /// Whether the host waits for it at boot; `nil` before systemd 250.
        package var isRequired: Bool?
    }
}
