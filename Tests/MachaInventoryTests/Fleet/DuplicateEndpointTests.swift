// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@Suite struct DuplicateEndpointTests {
    private func mistakes(_ hosts: String) -> [String] {
        do throws(InventoryError) {
            _ = try Inventory.parse(
                sources: [("fleet.yaml", "defaults: { user: me }\nhosts:\n\(hosts)\n")], home: "/home/me", user: "me")
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test(arguments: [
        "  web: { address: 192.0.2.1 }\n  www: { address: 192.0.2.1 }",
        "  web: { address: NAS.lan }\n  www: { address: nas.lan. }",
        "  web: { address: \"2001:db8::1\" }\n  www: { address: \"2001:DB8:0:0:0:0:0:1\" }",
        "  web: { address: \"::ffff:192.0.2.1\" }\n  www: { address: 192.0.2.1 }",
        "  web: { address: 127.0.0.1 }\n  www: { address: \"127.1\" }",
        "  web: { address: 192.0.2.1, user: root }\n  www: { address: 192.0.2.1, user: me }",
        "  web: { address: 192.0.2.1, port: 2222 }\n  www: { address: 192.0.2.1, port: 2222 }",
        "  web: {}\n  www: { address: web }",
        "  web: { connection: local }\n  www: { connection: local }",
        "  web: { address: 10.0.0.1, jump: b }\n  www: { address: 10.0.0.1, jump: b }\n  b: { address: 192.0.2.9 }",
    ]) func `two names for one place are a mistake that names both lines`(hosts: String) throws {
        let found = mistakes(hosts)
        #expect(found.count == 1, "\(found)")
        let text = try #require(found.first)
        #expect(text.hasPrefix("fleet.yaml:4:3: hosts 'web' (fleet.yaml:3:3) and 'www' "), "\(text)")
    }

    @Test(arguments: [
        // Behind one address: NAT with a port each, containers.
        "  web: { address: 192.0.2.1, port: 2201 }\n  www: { address: 192.0.2.1, port: 2202 }",
        // The same private address in two places.
        "  web: { address: 10.0.0.1, jump: b }\n  www: { address: 10.0.0.1, jump: c }\n  b: { address: 192.0.2.8 }\n"
            + "  c: { address: 192.0.2.9 }",
        "  web: { address: 10.0.0.1, jump: b }\n  www: { address: 10.0.0.1 }\n  b: { address: 192.0.2.8 }",
        // ssh's configuration may name another port for the one that is open.
        "  web: { address: 192.0.2.1, port: 22 }\n  www: { address: 192.0.2.1 }",
        // A tunnel may end at localhost; the machine id tells.
        "  web: { connection: local }\n  www: { address: localhost }",
        "  web: { address: 192.0.2.1 }\n  www: { address: 192.0.2.10 }",
    ]) func `hosts that may be two machines are accepted`(hosts: String) { #expect(mistakes(hosts) == []) }
}
