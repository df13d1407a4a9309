// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// What we offer a server, as the server hears it, and what we cannot do.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct OfferTests {
    @Test func `only modern algorithms leave this side`() async throws {
        var options = LocalSSHD.Options()
        options.settings = ["LogLevel DEBUG2"]
        let server = try await LocalSSHD(options)
        let session = try await SSHSession.connect(to: try server.target())
        await session.close()
        let lines = server.log.split(whereSeparator: \.isNewline).map(String.init)
        let start = try #require(lines.firstIndex { $0.contains("peer client KEXINIT proposal") })
        var offered: [String: Set<String>] = [:]
        for line in lines[(start + 1)...].prefix(8) {
            for kind in ["KEX algorithms", "host key algorithms", "ciphers ctos", "MACs ctos", "compression ctos"] {
                guard let colon = line.range(of: "\(kind): ") else { continue }
                let names = line[colon.upperBound...].prefix { $0 != " " }
                offered[kind] = Set(names.split(separator: ",").map(String.init))
            }
        }
        // What libssh2 adds by itself: that we hear extensions, and the strict exchange of newer versions.
        let additions: Set = ["ext-info-c", "kex-strict-c-v00@openssh.com"]
        let allowed = [
            "KEX algorithms": Set(Algorithms.keyExchanges).union(additions),
            "host key algorithms": Set(Algorithms.hostKeys), "ciphers ctos": Set(Algorithms.ciphers),
            "MACs ctos": Set(Algorithms.macs), "compression ctos": ["none"],
        ]
        for (kind, names) in allowed {
            let heard = try #require(offered[kind], "\(kind) was not heard")
            #expect(!heard.isEmpty && heard.isSubset(of: names), "\(kind): \(heard.subtracting(names).sorted())")
        }
        for old in ["sha1", "md5", "cbc", "arcfour", "dss", "ripemd"] {
            #expect(!offered.values.joined().contains { $0.contains(old) && $0 != "none" }, "\(old)")
        }
    }

    @Test func `a host known by its certificate authority only is refused with the line, and no login is tried`()
        async throws
    {
        var options = LocalSSHD.Options()
        options.hostKeys = ["ed25519"]
        let server = try await LocalSSHD(options)
        try LocalSSHD.makeKey("authority", "ed25519", in: server.scratch)
        let fields = try server.scratch.read("authority.pub").split(separator: " ")
        let target = try server.target { target in
            target.knownHosts = KnownHosts(files: ["hosts.txt"])
            target.knownHosts.add(
                "@cert-authority [127.0.0.1]:* \(fields[0]) \(fields[1])", file: "hosts.txt", line: 7)
        }
        let error = await #expect(throws: SSHError.self) { _ = try await SSHSession.connect(to: target) }
        #expect(error?.code == .hostKeyUnknown)
        #expect(error?.message.contains("hosts.txt:7 trusts its certificate authority") == true)
        #expect(error?.message.contains("libssh2 \(LibSSH2.version) cannot check host certificates") == true)
        #expect(error?.commands.last?.hasPrefix("macha hosts trust ") == true)
        #expect(!server.log.contains("publickey"))
    }

    @Test func `a name for the key in known_hosts counts instead of the address`() async throws {
        let server = try await LocalSSHD()
        let line = try server.knownHostsLine()
        let target = try server.target { target in
            target.hostKeyAlias = "storage"
            target.knownHosts = KnownHosts()
            target.knownHosts.add(
                "storage " + line.split(separator: " ").dropFirst().joined(separator: " "), file: "x", line: 1)
        }
        await (try await SSHSession.connect(to: target)).close()
    }
}
