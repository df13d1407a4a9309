// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// A host that has an address in a network but no default route, or no name server.
enum NetworkDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        // Without an address of global scope the host is not meant to have a way out.
        guard let network = snapshot[NetworkProbe.self].value, network.hasGlobalAddress else { return [] }
        var found: [Finding] = []
        if network.defaultRoutes.isEmpty {
            found.append(
                Finding(
                    .noDefaultRoute, host: snapshot.host, .warning,
                    "The host has no default route, so it can reach only its own networks.",
                    evidence: network.interfaces.prefix(8).map {
                        "\($0.name) \($0.state) \($0.addresses.joined(separator: " "))"
                    },
                    remedy: "Check the DHCP client or the configured gateway.", commands: ["ip route"]))
        }
        if network.nameServers.isEmpty {
            found.append(
                Finding(
                    .noNameServer, host: snapshot.host, .warning,
                    "The host has no name server, so names do not resolve.",
                    evidence: ["no nameserver in /etc/resolv.conf"],
                    remedy: "Set networking.nameservers, or check the DHCP client."))
        }
        return found
    }
}
