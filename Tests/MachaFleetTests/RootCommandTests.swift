// SPDX-License-Identifier: MIT
import MachaFleet
import MachaInventory
import MachaModel
import Testing

/// One rule for `exec --sudo`, `run` and repairs.
@Suite struct RootCommandTests {
    private func host(user: String, sudo: Bool) -> FleetHost {
        FleetHost(
            name: "web", connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: user)), autonomy: .suggest, sudo: sudo
        )
    }

    @Test func `root's rights come by sudo, by the login itself, or not at all`() throws {
        let command = Command("systemctl", ["restart", "--", "a.service"])
        for user in ["macha", "root"] {
            #expect(try command.withRoot(on: host(user: user, sudo: true)).words.prefix(3) == ["sudo", "-n", "--"])
        }
        #expect(try command.withRoot(on: host(user: "root", sudo: false)).words == command.words)
        #expect(throws: ContactFailure.self) { try command.withRoot(on: host(user: "macha", sudo: false)) }
    }
}
