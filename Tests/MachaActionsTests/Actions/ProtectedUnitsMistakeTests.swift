// SPDX-License-Identifier: MIT
import MachaActions
import MachaInventory
import MachaModel
import Testing

@Suite struct ProtectedUnitsMistakeTests {
    private func inventory(_ unit: String) throws -> Inventory {
        try Inventory.parse(
            sources: [("fleet.yaml", "hosts:\n  web: { address: 192.0.2.1, protected-units: ['\(unit)'] }\n")],
            home: "/home/me", user: "me")
    }

    @Test(arguments: [
        "jеllyfin", "jellyfin\u{200b}", "ｓｓｈｄ", "jellyfin.Service", "web.SERVICE", "a$b", "a;b", "getty@", "dé*", "a$*",
        "a/b",
    ])
    func `a protected unit that no unit can be called is a mistake with its place`(unit: String) throws {
        let error = #expect(throws: InventoryError.self) { try inventory(unit) }
        #expect(error?.mistakes.first?.position.line == 2)
        #expect(error?.mistakes.count == 1)
    }

    @Test(arguments: [
        "jellyfin", "jellyfin.service", "getty@tty1", "media-*", "[a-c]*.timer", "NetworkManager", "broken[",
    ])
    func `a name or pattern that may match is taken`(unit: String) throws {
        #expect(try inventory(unit)["web"]?.protectedUnits == [unit])
    }

    @Test func `a name in the wrong case protects all the same`() throws {
        let protection = ProtectedUnits(adding: ["Jellyfin", "MEDIA-*"])
        for unit in ["jellyfin.service", "media-a.timer"] {
            #expect(protection.reason(for: try UnitName(unit)) != nil)
        }
    }

    @Test(arguments: [
        ("dbus*", "dbus.service", true), ("*", "x", true), ("a?c", "abc", true), ("a?c", "abd", false),
        ("*.service", "systemd-*", true), ("a*b*c", "ab*d*", true), ("a*c", "ab*d", false), ("ab*", "*ba", true),
        ("[ab]x", "[bc]x", true),
        ("", "*", true), ("", "?", false), ("a*", "b*", false), ("*a*a*", "*b*", true),
    ])
    func `two patterns meet where one text may fit both`(left: String, right: String, meet: Bool) throws {
        let (one, other) = (try #require(Glob(left)), try #require(Glob(right)))
        #expect(one.meets(other) == meet)
        #expect(other.meets(one) == meet)
    }
}
