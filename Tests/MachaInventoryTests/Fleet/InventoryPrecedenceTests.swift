// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

/// Every way in which defaults, two groups and a host can set a key or leave it alone.
@Suite struct InventoryPrecedenceTests {
    static let settings: [[Bool]] = (0..<16).map { bits in (0..<4).map { bits & (1 << $0) != 0 } }

    /// An inventory with the host `box` in the groups `a` and `b`; the four layers hold the four texts.
    private func fleet(_ texts: [String?]) throws -> Inventory {
        let layers = texts.map { $0 ?? "" }
        return try inventory(
            """
            defaults: { \(layers[0]) }
            groups:
              a: { \(layers[1]) }
              b: { \(layers[2]) }
            hosts:
              box: { groups: [a, b], \(layers[3]) }
            """)
    }

    @Test(arguments: settings)
    func `the strongest layer that sets a key wins`(isSet: [Bool]) throws {
        let ports = [2000, 2001, 2002, 2003]
        let fleet = try fleet(zip(isSet, ports).map { $0 ? "port: \($1)" : nil })
        let winner = isSet.lastIndex(of: true)
        #expect(try fleet.endpoint("box").port == winner.map { UInt16(ports[$0]) } ?? 22)
        let origin = try #require(fleet.explanation(of: "box").first { $0.key == "port" }).origin
        #expect(origin.layer == winner.map { ["defaults", "group a", "group b", "host"][$0] } ?? "built in")
    }

    @Test(arguments: settings)
    func `tags, protected units and vars of all layers come together`(isSet: [Bool]) throws {
        let names = ["d", "a", "b", "h"]
        let fleet = try fleet(
            zip(isSet, names).map { isSet, name in
                isSet ? "tags: [\(name), same], protected-units: \(name), vars: { \(name): 1, last: \(name) }" : nil
            })
        let present = zip(isSet, names).filter(\.0).map(\.1)
        let box = try fleet.host("box")
        #expect(Set(box.tags) == Set(present + (present.isEmpty ? [] : ["same"])))
        #expect(box.tags.filter { $0 == "same" }.count == min(1, present.count))
        #expect(box.protectedUnits == present)
        #expect(Set(box.vars.keys) == Set(present + (present.isEmpty ? [] : ["last"])))
        #expect(box.vars["last"] == present.last)
    }

    static let levels: [AutonomyLevel?] = [nil] + AutonomyLevel.allCases

    @Test(arguments: levels, levels)
    func `the most cautious level of host and groups counts, and the defaults only without one`(
        first: AutonomyLevel?, own: AutonomyLevel?
    ) throws {
        for second in Self.levels {
            for general in Self.levels {
                let layers = [general, first, second, own]
                let fleet = try fleet(layers.map { $0.map { "autonomy: \($0.rawValue)" } })
                let expected = layers.dropFirst().compactMap { $0 }.min() ?? general ?? .suggest
                #expect(try fleet.host("box").autonomy == expected)
            }
        }
    }

    @Test func `the order of the groups decides, not that of their definitions`() throws {
        let fleet = try inventory(
            """
            groups: { a: { port: 1 }, b: { port: 2 } }
            hosts: { ab: { groups: [a, b] }, ba: { groups: [b, a] } }
            """)
        #expect(try fleet.endpoint("ab").port == 2)
        #expect(try fleet.endpoint("ba").port == 1)
    }

    @Test func `an explanation names the file, line, column and layer of every setting`() throws {
        let fleet = try inventory(
            """
            defaults: { user: macha, tags: [home] }
            groups:
              media: { autonomy: observe, tags: [film] }
            hosts:
              tv: { groups: [media], autonomy: suggest, vars: { room: den } }
            """)
        let lines = fleet.explanation(of: "tv").map { "\($0.key) = \($0.value): \($0.origin)" }
        #expect(
            lines == [
                "connection = ssh: built in",
                "address = tv: built in",
                "port = 22: built in",
                "user = macha: fleet.yaml:1:19 (defaults)",
                "identity-file = /home/you/.ssh/id_ed25519: built in",
                "known-hosts = /home/you/.ssh/known_hosts, /etc/ssh/ssh_known_hosts: built in",
                "jump = none: built in",
                "groups = media: fleet.yaml:5:18 (host)",
                "autonomy = observe: fleet.yaml:3:22 (group media)",
                "check-interval = 5m: built in",
                "sudo = true: built in",
                "protected = false: built in",
                "quiet-hours = none: built in",
                "flake-attr = none: built in",
                "tags = home: fleet.yaml:1:33 (defaults)",
                "tags = film: fleet.yaml:3:38 (group media)",
                "vars.room = den: fleet.yaml:5:59 (host)",
            ])
        #expect(fleet.explanation(of: "nobody").isEmpty)
    }
}
