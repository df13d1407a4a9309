// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@Suite struct InventoryTests {
    @Test func `a host takes each setting from itself, its groups, the defaults, and what is built in`() throws {
        let fleet = try inventory(
            """
            defaults: { user: macha, check-interval: 10m }
            groups:
              media: { port: 2200, check-interval: 2m }
            hosts:
              nas: { port: 22 }
              player: { groups: [media] }
              radio: { groups: media, check-interval: 90s }
            """)
        #expect(fleet.hosts.map(\.name) == ["nas", "player", "radio"])
        #expect(try fleet.endpoint("nas").port == 22)
        #expect(try fleet.endpoint("player").port == 2200)
        #expect(try fleet.endpoint("player").user == "macha")
        #expect(fleet.hosts.map(\.checkInterval) == [600, 120, 90])
        #expect(fleet.hosts.map(\.sudo) == [true, true, true])
        #expect(fleet.hosts.map(\.autonomy) == [.suggest, .suggest, .suggest])
    }

    @Test func `without any setting a host is reached by its name, as the person, with the person's keys`() throws {
        let nas = try inventory("hosts:\n  nas:\n").endpoint("nas")
        var expected = SSHEndpoint(
            address: "nas", port: 22, user: "you", identityFiles: ["/home/you/.ssh/id_ed25519"],
            knownHosts: ["/home/you/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"])
        expected.unset = SSHSetting.allCases
        #expect(nas == expected)
    }

    @Test func `every key arrives where it belongs`() throws {
        let fleet = try inventory(
            """
            groups: { lab: { max-unavailable: 2 }, spare: }
            hosts:
              self: { connection: local, sudo: off }
              box:
                connection: ssh
                address: fe80::1%eth0
                user: admin
                port: 2222
                identity-file: [~/.ssh/a, /etc/b]
                known-hosts: ~/.ssh/hosts
                jump: gate
                groups: [lab]
                tags: new
                vars: { threads: 4, text: "two words", flag: true }
                autonomy: auto-full
                check-interval: 1h30m
                quiet-hours: 22:00-6:30
                flake-attr: box-min
                protected-units: [postgresql, "getty@tty1"]
                sudo: false
              gate: {}
            """)
        var endpoint = SSHEndpoint(
            address: "fe80::1%eth0", port: 2222, user: "admin", identityFiles: ["/home/you/.ssh/a", "/etc/b"],
            knownHosts: ["/home/you/.ssh/hosts"], jump: "gate")
        endpoint.hops = [SSHHop(name: "gate", endpoint: try fleet.endpoint("gate"))]
        #expect(
            try fleet.host("box")
                == FleetHost(
                    name: "box", connection: .ssh(endpoint),
                    autonomy: .autoFull, groups: ["lab"], tags: ["new"],
                    vars: ["threads": "4", "text": "two words", "flag": "true"], checkInterval: 5400,
                    quietHours: QuietHours(start: 1320, end: 390), flakeAttr: "box-min",
                    protectedUnits: ["postgresql", "getty@tty1"], sudo: false))
        #expect(try fleet.host("self").connection == .local)
        #expect(try fleet.host("self").sudo == false)
        #expect(
            fleet.groups == [
                "lab": FleetGroup(name: "lab", maxUnavailable: 2), "spare": FleetGroup(name: "spare"),
            ])
    }

    @Test func `several files count as one`() throws {
        let fleet = try Inventory.parse(
            sources: [
                ("a.yaml", "hosts: { nas: { groups: [storage] } }"),
                ("b.yaml", "groups: { storage: { port: 24 } }\ndefaults: { user: macha }"),
                ("c.yaml", "defaults: { sudo: no }\nhosts: { web: {} }"),
            ], home: "/home/you", user: "you")
        #expect(fleet.hosts.map(\.name) == ["nas", "web"])
        #expect(try fleet.endpoint("nas").port == 24)
        #expect(try fleet.endpoint("web").user == "macha")
        #expect(try fleet.host("web").sudo == false)
    }

    @Test func `anchors and merge keys work, and a mapping's own keys win over merged ones`() throws {
        let fleet = try inventory(
            """
            hosts:
              web-1: &web { port: 2222, user: www, tags: [web] }
              web-2: { <<: *web, user: admin }
              web-3: { <<: [{ port: 24 }, *web] }
              web-4: *web
            """)
        #expect(try fleet.hosts.map { try fleet.endpoint($0.name).port } == [2222, 2222, 24, 2222])
        #expect(try fleet.hosts.map { try fleet.endpoint($0.name).user } == ["www", "admin", "www", "www"])
        #expect(fleet.hosts.allSatisfy { $0.tags == ["web"] })
    }

    @Test func `a host can be called by a number or a word with a meaning in YAML`() throws {
        let fleet = try inventory("hosts:\n  1: {}\n  on: {}\n  null: {}\n  1.5: {}\n  0x1f: {}\n  \"2\": {}\n")
        #expect(fleet.hosts.map(\.name) == ["1", "on", "null", "1.5", "0x1f", "2"])
    }

    @Test(arguments: [("yes", true), ("On", true), ("TRUE", true), ("no", false), ("off", false), ("False", false)])
    func `the Booleans of YAML 1_1 are understood`(text: String, expected: Bool) throws {
        #expect(try inventory("hosts: { nas: { sudo: \(text) } }").host("nas").sudo == expected)
    }

    @Test(arguments: [("90s", 90), ("5m", 300), ("1h", 3600), ("2d", 172_800), ("1h30m", 5400), ("365d", 31_536_000)])
    func `intervals have units`(text: String, seconds: Int) throws {
        #expect(try inventory("hosts: { nas: { check-interval: \(text) } }").host("nas").checkInterval == seconds)
    }

    @Test func `the value none resets a default`() throws {
        let fleet = try inventory(
            """
            defaults: { jump: gate, quiet-hours: "22:00-24:00" }
            hosts: { gate: {}, near: { jump: none, quiet-hours: none }, far: {} }
            """)
        #expect(try fleet.endpoint("near").jump == nil)
        #expect(try fleet.host("near").quietHours == nil)
        #expect(try fleet.endpoint("far").jump == "gate")
        #expect(try fleet.host("far").quietHours == QuietHours(start: 1320, end: 0))
    }

    @Test func `the hosts on the way come in the order they are connected to`() throws {
        let fleet = try inventory("hosts: { a: { jump: b }, b: { jump: c }, c: {} }")
        #expect(try fleet.endpoint("a").hops.map(\.name) == ["c", "b"])
        #expect(try fleet.endpoint("c").hops.isEmpty)
    }

    @Test(arguments: ["joe@gate.lan:2200", "gate.lan", "10.0.0.1", "[fe80::1]:22", "ssh-alias"])
    func `a jump host may be an address or an alias of ssh`(jump: String) throws {
        let fleet = try Inventory.parse(
            sources: [("fleet.yaml", "hosts: { nas: { jump: \"\(jump)\" } }")], home: "/home/you", user: "you",
            aliases: ["ssh-alias"])
        #expect(try fleet.endpoint("nas").jump == jump)
        #expect(try fleet.endpoint("nas").hops.isEmpty)
    }

    @Test func `unset settings are left open for ssh's configuration`() throws {
        let fleet = try inventory(
            "defaults: { user: macha }\nhosts: { nas: { port: 22, jump: none }, web: { address: 10.0.0.1 } }")
        #expect(try fleet.endpoint("nas").unset == [.address, .identityFile, .knownHosts])
        #expect(try fleet.endpoint("web").unset == [.port, .identityFile, .knownHosts, .jump])
    }

    @Test func `a jump host from the defaults does not jump through itself`() throws {
        let fleet = try inventory("defaults: { jump: gate }\nhosts: { gate: {}, nas: {} }")
        #expect(try fleet.endpoint("gate").jump == nil)
        #expect(try fleet.endpoint("nas").jump == "gate")
    }

    @Test func `defaults for SSH do not affect a local host`() throws {
        let fleet = try inventory(
            """
            defaults: { jump: gate, port: 2222, user: macha, identity-file: ~/.ssh/key }
            hosts: { gate: {}, one: { connection: local } }
            """)
        #expect(try fleet.host("one").connection == .local)
        #expect(!fleet.explanation(of: "one").contains { $0.key == "jump" })
    }

    @Test func `a byte order mark, carriage returns and a comment before the first key do no harm`() throws {
        let fleet = try inventory("\u{feff}# mine\r\n---\r\nhosts:\r\n  nas: { port: 24 }\r\n")
        #expect(try fleet.endpoint("nas").port == 24)
    }
}
