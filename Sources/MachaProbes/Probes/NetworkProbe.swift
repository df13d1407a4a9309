// SPDX-License-Identifier: MIT

/// Interfaces, default routes and name servers as configured. Nothing outside the host is contacted.
package enum NetworkProbe: Probe {
    package static let name = "network"
    package static let script = """
        ip -j addr show || exit
        for family in -4 -6; do echo; ip -j "$family" route show default || exit; done
        echo
        cat /etc/resolv.conf || :
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> NetworkState {
        // Each JSON answer is one line; an empty list of routes is `[]` or, in old versions, nothing at all.
        let lines = ProbeText.columns(body, at: 0x0a)
        guard let links = lines.first.flatMap({ LooseJSON($0)?.objects }) else {
            throw ProbeText.unparsable("ip addr", body)
        }
        var rest = lines.dropFirst().drop { $0.isEmpty }
        var routes: [LooseJSON] = []
        while let line = rest.first, line.isEmpty || line.hasPrefix("[") {
            if !line.isEmpty {
                guard let part = LooseJSON(line)?.objects else { throw ProbeText.unparsable("ip route", line) }
                routes += part
            }
            rest = rest.dropFirst()
        }
        return NetworkState(
            interfaces: Array(links.lazy.compactMap { NetworkInterface($0) }.prefix(64)),
            defaultRoutes: routes.prefix(16).map { $0["dev"]?.string ?? "" },
            nameServers: Array(nameServers(rest).prefix(8)))
    }

    private static func nameServers(_ lines: some Sequence<Substring>) -> [String] {
        lines.compactMap { line in
            let words = ProbeText.words(line)
            return words.count >= 2 && words[0] == "nameserver" ? String(words[1]) : nil
        }
    }
}

/// Source: `ip -j addr`, `ip -j route`, resolv.conf(5).
package struct NetworkState: Hashable, Codable, Sendable {
    /// At most 64.
    package var interfaces: [NetworkInterface]
    /// The interface of each default route of the main table, IPv4 first; empty text for a route over several.
    package var defaultRoutes: [String]
    /// At most 8.
    package var nameServers: [String]

    /// Some interface other than loopback has an address that is meant for more than this host or link.
    package var hasGlobalAddress: Bool { interfaces.contains { !$0.globalAddresses.isEmpty } }
}

/// One interface with what it is called by others.
package struct NetworkInterface: Hashable, Codable, Sendable {
    /// As in `eth0`.
    package var name: String
    /// `UP`, `DOWN`, `UNKNOWN`, … as the kernel says; tunnels and loopback are `UNKNOWN` while they work.
    package var state: String
    /// With prefix length; at most 16.
    package var addresses: [String]
    /// Those of ``addresses`` with scope `global`.
    package var globalAddresses: [String]

    /// `nil` for one without a name.
    fileprivate init?(_ link: LooseJSON) {
        guard let name = link["ifname"]?.string else { return nil }
        self.name = name
        state = link["operstate"]?.string ?? "UNKNOWN"
        (addresses, globalAddresses) = ([], [])
        for item in link["addr_info"]?.items ?? [] where addresses.count < 16 {
            guard let local = item["local"]?.string else { continue }
            let address = local + (item["prefixlen"]?.int.map { "/\($0)" } ?? "")
            addresses.append(address)
            if item["scope"]?.string == "global" { globalAddresses.append(address) }
        }
    }
}
