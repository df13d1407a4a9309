// SPDX-License-Identifier: MIT
import MachaCore
import MachaFleet
import Testing

struct HostScanTests {
    private let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"

    private func scan(known: String = "", config: String = "", besides hosts: [FleetHost] = []) -> [HostScan.Candidate]
    {
        var scan = HostScan()
        scan.read(knownHosts: known, file: "known_hosts")
        scan.read(sshConfig: config, file: "config")
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
        #expect(work.user == "admin" && work.identityFile == "~/.ssh/work" && work.jump == "nas")
    }

    @Test func `what the inventory has is no candidate, by name or by place`() {
        let nas = FleetHost(name: "storage", connection: .ssh(SSHEndpoint(address: "NAS.lan", user: "x")))
        #expect(scan(known: "nas.lan \(key)\ntv.lan \(key)", besides: [nas]).map(\.name) == ["tv"])
        let tv = FleetHost(name: "tv", connection: .local)
        #expect(scan(known: "nas.lan \(key)\ntv.lan \(key)", besides: [nas, tv]).isEmpty)
    }

    @Test func `what is not followed is said`() {
        var scan = HostScan()
        scan.read(sshConfig: "Include conf.d/*\nMatch host x\n  User y\n", file: "config")
        #expect(scan.notFollowed == ["include conf.d/*", "match host x"])
    }

    @Test func `the lines are an inventory that loads, also from hostile names`() throws {
        var scan = HostScan()
        scan.read(
            knownHosts: "nas.lan,192.0.2.10 \(key)\n\"}:{,x \(key)\n[2001:db8::1]:2222 \(key)\n", file: "known_hosts")
        scan.read(sshConfig: "Host odd\n  HostName a#b:c\n  User \"x: y\"\n", file: "config")
        let candidates = scan.candidates(besides: [])
        let text = scan.yaml(candidates).joined(separator: "\n")
        let inventory = try Inventory.parse(sources: [("pasted", text)], home: "/home/x", user: "x")
        #expect(Set(inventory.hosts.map(\.name)) == Set(candidates.map(\.name)))
        #expect(inventory["nas"] != nil)
    }
}
