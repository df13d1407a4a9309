// SPDX-License-Identifier: MIT
import MachaFleet
import MachaInventory
import MachaTestSupport
import Testing

struct HostScanTests {
    private let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"

    private func scan(known: String = "", config: String = "", besides hosts: [FleetHost] = []) -> [HostScan.Candidate]
    {
        var scan = HostScan()
        scan.read(knownHosts: known, file: "known_hosts")
        scan.read(sshConfig: config, file: "config", isInEffect: false)
        return scan.candidates(besides: hosts)
    }

    @Test func `names of known_hosts become candidates; hashes, wildcards and markers do not`() {
        var scan = HostScan()
        scan.read(
            knownHosts: """
                # comment
                nas.lan,192.0.2.10 \(key)
                [vps.example.org]:2222 \(key)
                192.0.2.20 \(key)
                |1|c2FsdA==|aGFzaA== \(key)
                *.lan \(key)
                @revoked bad.lan \(key)
                """, file: "known_hosts")
        #expect(scan.hashed == 1)
        let found = scan.candidates(besides: [])
        #expect(found.map(\.name) == ["192-0-2-20", "nas", "vps"])
        #expect(found.map(\.address) == ["192.0.2.20", "nas.lan", "vps.example.org"])
        #expect(found.map(\.port) == [22, 22, 2222])
    }

    @Test func `a block of the ssh configuration tells user, port, key and jump host`() throws {
        let found = scan(
            config: """
                Host work
                  HostName 10.0.0.7
                  User admin
                  Port 2200
                  IdentityFile "~/.ssh/work"
                  ProxyJump nas
                Host *
                  User nobody
                """)
        let work = try #require(found.first)
        #expect(found.count == 1)
        #expect(work.name == "work" && work.address == "10.0.0.7" && work.port == 2200)
        #expect(work.user == "admin" && work.identityFile == "~/.ssh/work")
        // A word that is no host of the same inventory would not load.
        #expect(work.jump == "nobody@nas:22")
    }

    @Test func `a host in the inventory is no candidate, by name or by address`() {
        let nas = FleetHost(name: "storage", connection: .ssh(SSHEndpoint(address: "NAS.lan", user: "x")))
        #expect(scan(known: "nas.lan \(key)\ntv.lan \(key)", besides: [nas]).map(\.name) == ["tv"])
        let tv = FleetHost(name: "tv", connection: .local)
        #expect(scan(known: "nas.lan \(key)\ntv.lan \(key)", besides: [nas, tv]).isEmpty)
    }

    @Test func `directives that are not followed are listed`() {
        var scan = HostScan()
        scan.read(sshConfig: "Include conf.d/*\nMatch host x\n  User y\n", file: "config", isInEffect: false)
        #expect(scan.notFollowed == ["include conf.d/*", "match host x"])
    }

    @Test func `the lines are an inventory that loads, also from hostile names`() throws {
        var scan = HostScan()
        scan.read(
            knownHosts: "nas.lan,192.0.2.10 \(key)\n\"}:{,x \(key)\n[2001:db8::1]:2222 \(key)\n", file: "known_hosts")
        scan.read(sshConfig: "Host odd\n  HostName a#b:c\n  User \"x: y\"\n", file: "config", isInEffect: false)
        let candidates = scan.candidates(besides: [])
        let text = scan.yaml(candidates).joined(separator: "\n")
        let inventory = try Inventory.parse(sources: [("pasted", text)], home: "/home/x", user: "x")
        #expect(Set(inventory.hosts.map(\.name)) == Set(candidates.map(\.name)))
        #expect(inventory["nas"] != nil)
    }

    @Test func `a router with three hosts behind its ports, and two hosts of one short name, are all candidates`() {
        let found = scan(
            known: """
                [203.0.113.7]:2201 \(key)
                [203.0.113.7]:2202 \(key)
                [203.0.113.7]:2202 ssh-rsa AAAA
                [203.0.113.7]:2203 \(key)
                web.example.org \(key)
                web.example.net \(key)
                """)
        #expect(
            found.map(\.name) == [
                "203-0-113-7", "203-0-113-7-2202", "203-0-113-7-2203", "web", "web-example-net",
            ])
        #expect(found.map(\.port) == [2201, 2202, 2203, 22, 22])
    }

    @Test func `a host of the inventory does not hide another of the same short name`() {
        let web = FleetHost(name: "web", connection: .ssh(SSHEndpoint(address: "web.example.org", user: "x")))
        let found = scan(known: "web.example.org \(key)\nweb.example.net \(key)", besides: [web])
        #expect(found.map(\.name) == ["web-example-net"])
    }

    @Test func `of a configuration that ssh reads by itself a candidate is the alias, and ssh fills in the rest`()
        throws
    {
        var scan = HostScan()
        let config = """
            Host work
              HostName %h.example.org
              IdentityFile "~/.ssh/my key"
              ProxyJump admin@bastion:2222,second
            """
        scan.read(sshConfig: config, file: "config", isInEffect: true)
        let found = scan.candidates(besides: [])
        #expect(found == [HostScan.Candidate(name: "work", address: "work", port: 22, file: "config")])
        var other = HostScan()
        other.read(sshConfig: config.replacing(",second", with: ""), file: "config", isInEffect: false)
        let work = try #require(other.candidates(besides: []).first)
        #expect(work.address == "work.example.org")
        #expect(work.identityFile == "~/.ssh/my key")
        #expect(work.jump == "admin@bastion:2222")
    }

    @Test func `skipped entries are counted by reason`() {
        var scan = HostScan()
        scan.read(
            knownHosts: """
                |1|c2FsdA==|aGFzaA== \(key)
                *.lan \(key)
                @revoked bad.lan \(key)
                @cert-authority *.lan \(key)
                half
                "}{ \(key)
                [nas.lan]:99999 \(key)
                """, file: "known_hosts")
        scan.read(
            sshConfig: """
                Host far
                  ProxyCommand nc %h %p
                Host chain
                  ProxyJump a,b
                Host vm2
                  HostName 10.0.0.9
                Host vm
                  HostName 10.0.0.9
                Host keys
                  IdentityFile ~/a
                  IdentityFile ~/b
                Host old
                Host who
                  User "a b"
                """, file: "config", isInEffect: false)
        let old = FleetHost(name: "old", connection: .ssh(SSHEndpoint(address: "old", user: "x")))
        #expect(scan.candidates(besides: [old]).map(\.name) == ["keys", "vm2"])
        #expect(
            scan.leftOut == [
                .hashed: 1, .pattern: 1, .marked: 2, .unreadable: 1, .unfit: 3, .proxyCommand: 1, .jumpChain: 1,
                .samePlace: 1, .furtherKey: 1, .known: 1,
            ])
    }

    @Test func `wildcard blocks apply to an alias, and the first value wins as with ssh`() {
        let found = scan(
            config: """
                Port 2200
                Host nas web
                  Port 2201
                Host n*s !web
                  User ann
                  ProxyCommand none
                Host *
                  User bob
                  ProxyCommand x
                """)
        #expect(found.map(\.name) == ["nas"])
        #expect(found.first?.user == "ann" && found.first?.port == 2200)
    }

    @Test func `hosts that jump through one another in a circle are left out, and the others load`() throws {
        var scan = HostScan()
        scan.read(
            sshConfig: "Host a\n ProxyJump b\nHost b\n ProxyJump a\nHost c\n ProxyJump d\nHost d\n", file: "config",
            isInEffect: false)
        let candidates = scan.candidates(besides: [])
        #expect(candidates.map(\.name).contains("c"))
        #expect(candidates.first { $0.name == "c" }?.jump == "d")
        #expect(candidates.count + scan.leftOut[.unfit, default: 0] == 4)
        try load(scan.yaml(candidates))
    }

    @discardableResult
    private func load(_ lines: [String]) throws -> Inventory {
        try Inventory.parse(sources: [("pasted", lines.joined(separator: "\n") + "\n")], home: "/home/x", user: "x")
    }

    /// Words that people and attackers write where a name is expected.
    private static let words = [
        "nas", "web.example.org", "web.example.net", "WEB", "192.0.2.7", "2001:db8::1", "fe80::1%eth0", "all", "none",
        "null",
        "true", "no", "~", "-x", "1", "0x10", "1e3", "a_b", "xn--bcher-kva", "bücher", "a b", "\"", "\\", "'", "#", ":",
        "{",
        "}", "[", "]", ",", "&a", "*a", "!a", "%h", "%h.lan", "%%h", "${HOME}", "$X", "@", "a@b", "a,b",
        "admin@bastion:2222",
        "[v6::1]:22", "a\u{7}", "\u{202e}x", "\u{feff}", String(repeating: "n", count: 300), "..", ".", "-", "",
        "ssh://u@h:22", "/abs/key", "~/.ssh/id x", "~root/key", "relative", "0", "22", "65536", "-1",
    ]

    @Test(arguments: 0..<400)
    func `the lines of any scan are an inventory that loads, and nothing is dropped without a count`(seed: UInt64)
        throws
    {
        var random = SeededRandom(seed: seed)
        func word() -> String { Self.words.randomElement(using: &random) ?? "" }
        func place() -> String {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: "[\(word())]:\(Int.random(in: 0...70_000, using: &random))"
            case 1: "\(word()),\(word())"
            default: word()
            }
        }
        let known = (0..<Int.random(in: 0...12, using: &random)).map { _ in "\(place()) \(key)" }
        let keywords = [
            "HostName", "User", "Port", "IdentityFile", "ProxyJump", "ProxyCommand", "Host", "Match", "Include",
        ]
        var config: [String] = []
        for _ in 0..<Int.random(in: 0...25, using: &random) {
            let keyword = keywords.randomElement(using: &random) ?? "Host"
            let value = Bool.random(using: &random) ? "\"\(word())\"" : word()
            config.append([keyword, value].joined(separator: [" ", "=", " = "].randomElement(using: &random) ?? " "))
        }
        for isInEffect in [false, true] {
            var scan = HostScan()
            scan.read(knownHosts: known.joined(separator: "\n"), file: "known\n_hosts: {")
            scan.read(sshConfig: config.joined(separator: "\n"), file: "config # x", isInEffect: isInEffect)
            let candidates = scan.candidates(besides: [])
            let lines = scan.yaml(candidates)
            guard !candidates.isEmpty else { continue }
            let inventory = try load(lines)
            #expect(Set(inventory.hosts.map(\.name)) == Set(candidates.map(\.name)), "\(lines)")
            for candidate in candidates {
                guard case .ssh(let endpoint)? = inventory[candidate.name]?.connection else { continue }
                #expect(endpoint.address == candidate.address)
                #expect(Int(endpoint.port) == candidate.port)
                if let user = candidate.user { #expect(endpoint.user == user) }
            }
            let places = Set(known.map { $0.split(separator: " ").first.map(String.init) ?? "" })
            #expect(candidates.count + scan.leftOut.values.reduce(0, +) >= min(places.count, 1))
        }
    }

    @Test(
        arguments: [
            ("nas", "nas", "nas", 22, nil), ("root@nas.lan", "nas", "nas.lan", 22, "root"),
            ("nas.lan:2222", "nas", "nas.lan", 2222, nil), ("10.0.0.7", "10-0-0-7", "10.0.0.7", 22, nil),
            ("admin@[fd00::7]:2200", "fd00--7", "fd00::7", 2200, "admin"), ("fd00::7", "fd00--7", "fd00::7", 22, nil),
        ] as [(String, String, String, Int, String?)])
    func `a host that a person names is taken apart as ssh would`(
        text: String, name: String, address: String, port: Int, user: String?
    ) throws {
        var scan = HostScan()
        let isTaken = scan.add(named: text)
        #expect(isTaken)
        let candidates = scan.candidates(besides: [])
        let host = try #require(candidates.first)
        #expect([host.name, host.address, "\(host.port)", host.user] == [name, address, "\(port)", user])
    }

    @Test(arguments: [
        "", "@nas", "nas:", "nas:0", "nas:99999", "nas:ssh", "[fd00::7", "[fd00::7]x", "a b", "-oProxyCommand=id",
        "nas\n",
        "root@", "a;b", "$(id)",
    ])
    func `what is no host is not taken`(text: String) {
        var scan = HostScan()
        let isTaken = scan.add(named: text)
        let candidates = scan.candidates(besides: [])
        #expect(!isTaken && candidates.isEmpty)
    }

    @Test func `a draft of any candidates is an inventory with these hosts`() throws {
        var scan = HostScan()
        for text in ["nas", "yes.lan", "root@nas.example:2222", "[fd00::7]:22", "null.lan", "nas"] {
            let isTaken = scan.add(named: text)
            #expect(isTaken)
        }
        let candidates = scan.candidates(besides: [])
        for draft in [
            InventoryDraft(candidates, user: nil, identityFile: nil),
            InventoryDraft(candidates, user: "no", identityFile: "/keys/a b\"c"),
        ] {
            let inventory = try Inventory.parse(sources: [("draft", draft.text)], home: "/home/user", user: "user")
            #expect(inventory.hosts.count == 5)
            #expect(inventory.hosts.map(\.name).sorted() == candidates.map(\.name).sorted())
        }
    }
}
