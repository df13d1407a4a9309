// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaTestSupport
import SSH
import Testing

@testable import MachaFleet

/// Nothing that ssh's configuration says is dropped without a decision.
@Suite(.timeLimit(.minutes(10))) struct SSHDirectiveTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func route(_ text: String, change: (inout SSHEndpoint) -> Void = { _ in }) async throws -> SSHRoute {
        let file = try scratch.write(text, to: "config")
        let configuration = SSHConfiguration(home: scratch.url.path, file: file)
        var endpoint = SSHEndpoint(address: "nas", user: "macha", knownHosts: [scratch.path("known_hosts")])
        endpoint.unset = SSHSetting.allCases
        change(&endpoint)
        return try await HostConnector(agentSocket: nil, configuration: configuration).route("nas", endpoint)
    }

    private func refusal(_ text: String, change: (inout SSHEndpoint) -> Void = { _ in }) async throws -> ContactFailure?
    {
        do {
            _ = try await route(text, change: change)
            return nil
        } catch let failure as ContactFailure {
            return failure
        }
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `every line that ssh -G prints has its place in the table`() throws {
        // Lines that are printed only when something is set are set here.
        let text = """
            BindAddress 127.0.0.1
            BindInterface lo
            ControlPath /x
            HostKeyAlias x
            IdentityAgent /x
            IgnoreUnknown Macha*
            KbdInteractiveDevices x
            LocalCommand x
            RemoteCommand x
            PKCS11Provider /x
            PreferredAuthentications publickey
            KnownHostsCommand /bin/true
            DynamicForward 1080
            LocalForward 1 x:1
            RemoteForward 1 x:1
            IdentityFile /x
            CertificateFile /x
            RevokedHostKeys /x
            SendEnv X
            SetEnv X=1
            ProxyJump y
            """
        let ssh = try #require(which("ssh"))
        let file = try scratch.write(text, to: "all")
        let command = try scratch.write("ProxyCommand x\n", to: "command")
        var printed: Set<String> = []
        for file in [file, command, "none"] {
            let result = try run(ssh, ["-G", "-F", file, "x"])
            #expect(result.status == 0)
            printed.formUnion(
                result.output.split(separator: "\n").compactMap { $0.split(separator: " ").first?.lowercased() })
        }
        #expect(printed.count > 80)
        #expect(printed.subtracting(SSHDirective.byKeyword.keys) == [])
    }

    @Test func `every directive stands in the table once, with a reason, and in the documentation in the same words`()
        throws
    {
        #expect(SSHDirective.all.count == SSHDirective.byKeyword.count)
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../docs/ssh-configuration.md")
        let documentation = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        for directive in SSHDirective.all {
            #expect(!directive.reason.isEmpty)
            let row = "| \(directive.name) | \(directive.treatment.word) | \(directive.reason) |"
            #expect(documentation.contains(row), "docs/ssh-configuration.md lacks: \(row)")
        }
        let rows = documentation.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.hasSuffix(" |") }
        #expect(rows.count == SSHDirective.all.count + 1, "a row too many in docs/ssh-configuration.md")
    }

    @Test(
        .enabled(if: which("ssh") != nil, "needs OpenSSH's client"),
        arguments: [
            ("ProxyCommand nc %h %p", "ProxyCommand"), ("KnownHostsCommand /bin/echo x", "KnownHostsCommand"),
            ("PubkeyAuthentication no", "PubkeyAuthentication"),
            ("PreferredAuthentications password,keyboard-interactive", "PreferredAuthentications"),
            ("BindInterface lo", "BindInterface"), ("BindAddress localhost", "BindAddress"),
            ("Ciphers chacha20-poly1305@openssh.com", "Ciphers"),
            ("KexAlgorithms diffie-hellman-group1-sha1", "KexAlgorithms"),
            ("HostKeyAlgorithms ssh-dss", "HostKeyAlgorithms"),
        ])
    func `an unsupported directive is refused by name`(line: String, directive: String)
        async throws
    {
        let failure = try #require(try await refusal("Host nas\n  \(line)\n"))
        #expect(failure.kind == .local || failure.kind == .incompatible)
        #expect(failure.message.raw.contains(directive), "\(failure.message.raw)")
        #expect(!failure.remedy.isEmpty)
        #expect(try await refusal("Host other\n  \(line)\n") == nil)
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `a prohibition holds although the inventory says everything else`() async throws {
        let everything = { (endpoint: inout SSHEndpoint) in endpoint.unset = [] }
        let failure = try await refusal("RevokedHostKeys \(scratch.path("gone"))\n", change: everything)
        #expect(failure?.message.raw.contains("every host key counts as revoked") == true)
        #expect(try await refusal("PubkeyAuthentication no\n", change: everything) != nil)
        // Of what the inventory replaces, ssh's word does not count.
        #expect(try await refusal("KnownHostsCommand /bin/echo x\nProxyCommand x\n", change: everything) == nil)
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `restrictions are taken over`() async throws {
        let target = try await route(
            """
            AddressFamily inet6
            BindAddress ::1
            RequiredRSASize 3072
            CheckHostIP yes
            Ciphers -aes256*
            MACs hmac-sha2-512
            KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256
            HostKeyAlgorithms ssh-ed25519
            PubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-512
            """
        ).target
        #expect(target.restrictions.addressFamily == .inet6)
        #expect(target.restrictions.bindAddress == "::1")
        #expect(target.restrictions.shortestRSA == 3072)
        #expect(target.checksAddress)
        let offered = target.restrictions.offered
        #expect(offered.hostKeys == ["ssh-ed25519"])
        #expect(!offered.ciphers.isEmpty && !offered.ciphers.contains { $0.hasPrefix("aes256") })
        #expect(offered.keyExchanges == ["curve25519-sha256", "ecdh-sha2-nistp256"])
        #expect(offered.macs == ["hmac-sha2-512"])
        #expect(target.credentials.acceptedTypes == ["ssh-ed25519", "ssh-rsa"])
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `an ssh without a configuration of its own restricts nothing that we speak`() async throws {
        let target = try await route("Port 2200\n").target
        #expect(target.restrictions.offered == SSHRestrictions().offered)
        #expect(
            target.credentials.acceptedTypes?.isSuperset(of: ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"]) == true)
    }

    @Test(.enabled(if: LocalSSHD.isAvailable && which("ssh") != nil, "needs OpenSSH"))
    func `a key type that ssh may not offer is not offered`() async throws {
        try LocalSSHD.makeKey("id", "rsa", in: scratch)
        let text = "PubkeyAcceptedAlgorithms ssh-ed25519\nIdentityFile \(scratch.path("id"))\n"
        let credentials = try await route(text).target.credentials
        #expect(credentials.keys.isEmpty)
        #expect(credentials.unusable.first?.contains("PubkeyAcceptedAlgorithms") == true)
    }

    @Test func `unused and unknown directives are reported`() async throws {
        let file = try scratch.write("Port 2200\n", to: "config")
        let ssh = FakeTransport { command in
            let usual = "hostname nas\nport 2200\nuser x\nfutureusual yes\n"
            return .output(command.words.contains("none") ? usual : usual + "futurelimit 5\ncertificatefile /c.pub\n")
        }
        let configuration = SSHConfiguration(home: scratch.url.path, file: file, runner: ssh)
        var endpoint = SSHEndpoint(address: "nas", user: "macha")
        endpoint.unset = SSHSetting.allCases
        let notes = try await HostConnector(agentSocket: nil, configuration: configuration).notes("nas", endpoint)
        #expect(notes.contains { $0.contains("CertificateFile /c.pub") })
        #expect(notes.contains { $0.contains("futurelimit 5") })
        #expect(!notes.contains { $0.contains("futureusual") })
    }

    @Test(arguments: [
        "FutureDirective yes", "CanonicalizeHostname yes", "CanonicalDomains lan", "revokedhostkeys /x", "Tag x",
        "\"Port\" 22",
        "Port=22", "Match all", "Include x", "KnownHostsCommand x", "AddressFamily inet", "PubkeyAuthentication no",
    ])
    func `a directive that may matter is a reason to ask ssh`(line: String) async throws {
        let ssh = FakeTransport { _ in .output("hostname nas\n") }
        let file = try scratch.write("  \(line)\n", to: "config")
        let configuration = SSHConfiguration(home: scratch.url.path, file: file, runner: ssh)
        _ = try await configuration.answer(to: SSHConfiguration.Query(name: "nas"), for: "nas")
        #expect(ssh.asked.count == 1)
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH"))
    func `BindAddress is where connections come from`() async throws {
        var options = LocalSSHD.Options()
        options.settings = ["LogLevel DEBUG1"]
        let server = try await LocalSSHD(options)
        let session = try await SSHSession.connect(to: try server.target { $0.restrictions.bindAddress = "127.0.0.9" })
        await session.close()
        #expect(server.log.contains("Connection from 127.0.0.9 port"))
        let error = await #expect(throws: SSHError.self) {
            try await SSHSession.connect(to: try server.target { $0.restrictions.bindAddress = "::1" })
        }
        #expect(error?.message.contains("BindAddress ::1") == true)
    }

    // Older ones know no RSA host key that a current OpenSSH still signs with.
    @Test(
        .enabled(if: LocalSSHD.isAvailable, "needs OpenSSH"),
        .enabled(if: !LibSSH2.version.hasPrefix("1.10"), "needs libssh2 1.11"))
    func `an RSA host key shorter than RequiredRSASize is refused before any login`() async throws {
        var options = LocalSSHD.Options()
        options.hostKeys = ["rsa"]
        let server = try await LocalSSHD(options)
        let error = await #expect(throws: SSHError.self) {
            try await SSHSession.connect(to: try server.target { $0.restrictions.shortestRSA = 8192 })
        }
        #expect(error?.stage == .hostKey)
        #expect(error?.message.contains("RequiredRSASize") == true, "\(error?.message ?? "")")
        #expect(!server.log.contains("Accepted"))
    }
}
