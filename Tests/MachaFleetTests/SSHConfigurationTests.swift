// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaTestSupport
import SSH
import Testing

@testable import MachaFleet

/// What OpenSSH's configuration says, and what counts of it.
@Suite(.timeLimit(.minutes(10))) struct SSHConfigurationTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func login(
        _ text: String, unset: [SSHSetting] = SSHSetting.allCases, runner: (any Transport)? = nil
    ) async throws -> SSHRoute {
        let file = try scratch.write(text, to: "config")
        let configuration = SSHConfiguration(
            home: scratch.url.path, file: file, runner: runner ?? LocalTransport(host: "self"))
        var endpoint = SSHEndpoint(
            address: "nas", port: 22, user: "macha", identityFiles: ["/inventory/key"], knownHosts: ["/inventory/known"]
        )
        endpoint.unset = unset
        return try await HostConnector(agentSocket: "/agent", configuration: configuration).route("nas", endpoint)
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `settings the inventory leaves open come from ssh`() async throws {
        let target = try await login(
            """
            Host nas
              HostName 10.1.2.3
              Port 2222
              User joe
              IdentityFile ~/keys/%h
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile /one/known /other/known
              GlobalKnownHostsFile /dev/null
              HostKeyAlias storage
            """
        ).target
        #expect(target.address == "10.1.2.3")
        #expect(target.port == 2222)
        #expect(target.user == "joe")
        #expect(target.credentials.unusable.map { $0.prefix { $0 != " " } } == ["\(scratch.path("keys/10.1.2.3"))"])
        #expect(target.credentials.identitiesOnly)
        #expect(target.credentials.agentSocket == nil)
        #expect(target.knownHosts.files == ["/one/known", "/other/known"])
        #expect(target.trustedAs == ("storage", 22))
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `the inventory's settings win over ssh's configuration`() async throws {
        let text = "Host nas\n  Port 2222\n  User joe\n  IdentityFile /ssh/key\n  UserKnownHostsFile /ssh/known\n"
        let target = try await login(text + "  ProxyCommand nc %h %p\n", unset: [.address]).target
        #expect(target.port == 22)
        #expect(target.user == "macha")
        #expect(target.credentials.unusable.first?.hasPrefix("/inventory/key") == true)
        #expect(target.knownHosts.files == ["/inventory/known"])
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `a ProxyCommand is refused in words, not ignored`() async throws {
        let failure = await #expect(throws: ContactFailure.self) {
            _ = try await login("Host nas\n  ProxyCommand nc %h %p\n")
        }
        #expect(failure?.kind == .local)
        #expect(failure?.message.raw.contains("ProxyCommand (nc %h %p)") == true)
        #expect(failure?.remedy.contains("ProxyJump") == true)
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `a mistake in ssh's configuration is passed on with its line`() async throws {
        let failure = await #expect(throws: ContactFailure.self) { _ = try await login("Port 22\nNoSuchKeyword x\n") }
        #expect(failure?.kind == .local)
        #expect(failure?.message.raw.contains("config: line 2") == true, "\(failure.debugDescription)")
    }

    @Test func `the host name is never an option, and the inventory's settings are passed to ssh`() async throws {
        let ssh = FakeTransport { _ in .output("hostname nas\nport 22\nuser macha\n") }
        _ = try await login("Port 2200\n", unset: [.address, .port], runner: ssh)
        let words = ["ssh", "-G", "-F", scratch.path("config"), "-o", SSHTokens.question, "-l", "macha", "--", "nas"]
        #expect(ssh.asked.map(\.words) == [words])
    }

    @Test func `ssh is asked once for a host, and again when its configuration changes`() async throws {
        let ssh = FakeTransport { _ in .output("hostname nas\nport 2200\nuser macha\n") }
        let file = try scratch.write("Port 2200\n", to: "config")
        let configuration = SSHConfiguration(home: scratch.url.path, file: file, runner: ssh)
        let query = SSHConfiguration.Query(name: "nas")
        for _ in 0..<3 { #expect(try await configuration.answer(to: query, for: "nas")?.port == 2200) }
        #expect(ssh.asked.count == 1)
        try scratch.write("Port 2200\nUser x\n", to: "config")
        _ = try await configuration.answer(to: query, for: "nas")
        #expect(ssh.asked.count == 2)
    }

    @Test(arguments: ["", "# Port 22\n", "Host *\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n"])
    func `a configuration that does not concern us costs no process`(text: String) async throws {
        let ssh = FakeTransport { _ in .output("hostname elsewhere\n") }
        #expect(try await login(text, runner: ssh).target.address == "nas")
        #expect(ssh.asked.isEmpty)
    }

    @Test func `a machine without OpenSSH's client has no such configuration`() async throws {
        let target = try await login("Port 2200\n", runner: FakeTransport { _ in nil }).target
        #expect(target.port == 22)
    }

    @Test func `an ssh that gives no answer is no silent default`() async throws {
        let hung = FakeTransport { _ in
            .failure(ContactFailure(.broken, stage: "exec", message: "the command did not finish in time"))
        }
        let failure = await #expect(throws: ContactFailure.self) {
            _ = try await login("Match exec \"sleep 100\"\n  Port 2200\n", runner: hung)
        }
        #expect(failure?.kind == .local)
        #expect(failure?.remedy.contains("Match exec") == true)
    }

    @Test(arguments: [
        ("host", JumpPlace("host")), ("joe@host:2200", JumpPlace("host", "joe", 2200)),
        ("[fe80::1]:22", JumpPlace("fe80::1", nil, 22)), ("fe80::1", JumpPlace("fe80::1")),
        ("ssh://joe@host:1", JumpPlace("host", "joe", 1)), ("a@b@host", JumpPlace("host", "a@b")),
        ("host:0", nil), ("host:x", nil), ("@host", nil), ("", nil),
    ])
    func `a jump host's place is read as ssh reads it`(text: String, expected: JumpPlace?) {
        #expect(JumpAddress(text).map { JumpPlace($0.host, $0.user, $0.port) } == expected)
    }
}

struct JumpPlace: Equatable, Sendable {
    var host: String
    var user: String?
    var port: UInt16?

    init(_ host: String, _ user: String? = nil, _ port: UInt16? = nil) {
        self.host = host
        self.user = user
        self.port = port
    }
}
