// SPDX-License-Identifier: MIT
package import MachaModel

/// Where an action is meant to run: the way to the host as the inventory had it, and the machine that answered there.
package struct MachineTarget: Hashable, Codable, Sendable {
    /// Host name or address; `local` for the controller itself.
    package let address: String
    /// `nil` for the controller itself.
    package let port: UInt16?
    /// The hosts on the way, with their addresses; `nil` for a direct connection.
    package let jump: String?
    package let machine: MachineIdentity

    package init(_ host: FleetHost, _ machine: MachineIdentity) {
        self.machine = machine
        switch host.connection {
        case .local: (address, port, jump) = ("local", nil, nil)
        case .ssh(let endpoint):
            let hops = endpoint.hops.map { "\($0.name) (\($0.endpoint.address):\($0.endpoint.port))" }
            (address, port) = (endpoint.address, endpoint.port)
            jump = hops.isEmpty ? endpoint.jump : hops.joined(separator: ", ")
        }
    }

    /// Why what was approved for this target must not run on `now`; `nil` when it may.
    package func objection(to now: MachineTarget, host: String) -> String? {
        guard (address, port, jump) == (now.address, now.port, now.jump) else {
            return "it was approved for \(host) at \(way), but \(host) is now at \(now.way)"
        }
        guard machine.isProved(by: now.machine) else {
            return "it was approved for \(machine), but \(host) is now \(now.machine)"
        }
        return nil
    }

    /// `192.168.1.10 port 22 through bastion`; safe to print.
    package var way: String {
        let place = port.map { "\(address) port \($0)" } ?? "this controller"
        return (jump.map { "\(place) through \($0)" } ?? place).printable(limit: 300)
    }
}
