// SPDX-License-Identifier: MIT
import class Foundation.JSONDecoder

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
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        guard let links = lines.first.flatMap({ decode([Link].self, $0) }) else {
            throw ProbeText.unparsable("ip addr", body)
        }
        var rest = lines.dropFirst().drop { $0.isEmpty }
        var routes: [Route] = []
        while let line = rest.first, line.isEmpty || line.hasPrefix("[") {
            if !line.isEmpty {
                guard let part = decode([Route].self, line) else { throw ProbeText.unparsable("ip route", line) }
                routes += part
            }
            rest = rest.dropFirst()
        }
        return NetworkState(
            interfaces: links.filter { $0.ifname != nil }.prefix(64).map { NetworkInterface($0) },
            defaultRoutes: routes.prefix(16).map { $0.dev ?? "" }, nameServers: Array(nameServers(rest).prefix(8)))
    }

    private static func nameServers(_ lines: some Sequence<Substring>) -> [String] {
        lines.compactMap { line in
            let words = ProbeText.words(line)
            return words.count >= 2 && words[0] == "nameserver" ? String(words[1]) : nil
        }
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ line: Substring) -> T? {
        try? JSONDecoder().decode(type, from: .init(line.utf8))
    }

    fileprivate struct Link: Decodable {
        struct Address: Decodable {
            var local: String?
            var prefixlen: Int?
            var scope: String?
        }
        var ifname: String?
        var operstate: String?
        var flags: [String]?
        var addr_info: [Address]?
    }

    private struct Route: Decodable {
        var dev: String?
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

    fileprivate init(_ link: NetworkProbe.Link) {
        name = link.ifname ?? ""
        state = link.operstate ?? "UNKNOWN"
        let known = (link.addr_info ?? []).filter { $0.local != nil }.prefix(16)
        func text(_ address: NetworkProbe.Link.Address) -> String {
            (address.local ?? "") + (address.prefixlen.map { "/\($0)" } ?? "")
        }
        addresses = known.map(text)
        globalAddresses = known.filter { $0.scope == "global" }.map(text)
    }
}
