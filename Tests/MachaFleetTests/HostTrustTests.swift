// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaFleet

/// Where `hosts trust` writes, on a real server.
@Suite(.enabled(if: LocalSSHD.isAvailable && which("ssh") != nil, "needs OpenSSH"), .timeLimit(.minutes(10)))
struct HostTrustTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The host as `hosts trust` meets it, with ssh's configuration and what the inventory names.
    private func trust(
        _ server: LocalSSHD, _ text: String, knownHosts: [String]? = nil, check: (HostTrust) throws -> Void
    ) async throws {
        let file = try scratch.write(text, to: "config")
        let configuration = SSHConfiguration(home: scratch.url.path, file: file)
        var endpoint = SSHEndpoint(
            address: "127.0.0.1", port: server.port, user: server.user,
            identityFiles: [server.scratch.path("id")],
            knownHosts: knownHosts ?? [scratch.path(".ssh/known_hosts"), "/etc/ssh/ssh_known_hosts"])
        endpoint.unset = SSHSetting.allCases.filter { ![.address, .port, .user, .identityFile].contains($0) }
        if knownHosts != nil { endpoint.unset.removeAll { $0 == .knownHosts } }
        let host = FleetHost(name: "lab", connection: .ssh(endpoint))
        let reach = HostConnector(agentSocket: nil, configuration: configuration)
        try check(try await HostTrust.ask(host, endpoint, reach: reach))
        await reach.close()
    }

    private func isLoggedIn(_ server: LocalSSHD, _ text: String) async throws -> Bool {
        let configuration = SSHConfiguration(home: scratch.url.path, file: try scratch.write(text, to: "config"))
        var endpoint = SSHEndpoint(
            address: "127.0.0.1", port: server.port, user: server.user, identityFiles: [server.scratch.path("id")],
            knownHosts: [scratch.path(".ssh/known_hosts"), "/etc/ssh/ssh_known_hosts"])
        endpoint.unset = [.knownHosts, .jump]
        let reach = HostConnector(agentSocket: nil, configuration: configuration)
        let transport = try reach.transport(to: FleetHost(name: "lab", connection: .ssh(endpoint)))
        defer { Task { await reach.close() } }
        return try await transport.run(Command("true"), until: .now + .seconds(60)).outcome == .status(0)
    }

    @Test(arguments: [
        "", "UserKnownHostsFile /dev/null\nStrictHostKeyChecking no\n", "UserKnownHostsFile none\n",
        "UserKnownHostsFile /etc/ssh/ssh_known_hosts\n", "UserKnownHostsFile /dev/null /etc/ssh/ssh_known_hosts2\n",
        "GlobalKnownHostsFile /dev/null\nUserKnownHostsFile /dev/null\n",
    ])
    func `without a file of the user's in ssh's configuration, the usual one takes the key and is read`(
        text: String
    ) async throws {
        let server = try await LocalSSHD()
        try await trust(server, text) { trust in
            #expect(trust.standing == .unknown)
            #expect(trust.file == scratch.path(".ssh/known_hosts"))
            try trust.accept()
        }
        #expect(try scratch.read(".ssh/known_hosts").hasPrefix("[127.0.0.1]:\(server.port) ssh-ed25519 "))
        #expect(!FileManager.default.fileExists(atPath: "/etc/ssh/ssh_known_hosts"))
        try await trust(server, text) { trust in
            #expect(trust.standing == .trusted(place: scratch.path(".ssh/known_hosts") + ":1"))
        }
        #expect(try await isLoggedIn(server, text))
    }

    @Test func `the first of several files of the user's takes the key, with its tokens replaced`() async throws {
        let server = try await LocalSSHD()
        let text = """
            HostKeyAlias storage
            UserKnownHostsFile /dev/null "\(scratch.path("known of"))/%k" \(scratch.path("second"))
            """
        try FileManager.default.createDirectory(atPath: scratch.path("known of"), withIntermediateDirectories: true)
        try await trust(server, text) { trust in
            #expect(trust.file == scratch.path("known of/storage"))
            try trust.accept()
        }
        #expect(try scratch.read("known of/storage").hasPrefix("storage ssh-ed25519 "))
        try await trust(server, text) {
            #expect($0.standing == .trusted(place: scratch.path("known of/storage") + ":1"))
        }
    }

    @Test func `an inventory that names only files of the whole system has none to write to`() async throws {
        let server = try await LocalSSHD()
        try await trust(server, "", knownHosts: ["/etc/ssh/ssh_known_hosts", "/dev/null"]) { trust in
            #expect(trust.file == nil)
            #expect(trust.line.hasPrefix("[127.0.0.1]:\(server.port) ssh-ed25519 "))
        }
        try await trust(server, "", knownHosts: ["/etc/ssh/ssh_known_hosts", scratch.path("mine")]) { trust in
            #expect(trust.file == scratch.path("mine"))
        }
    }

    @Test func `HashKnownHosts hides the name, and the key is found again`() async throws {
        let server = try await LocalSSHD()
        let text = "Host *\n  HashKnownHosts yes\n"
        try await trust(server, text) { try $0.accept() }
        #expect(try scratch.read(".ssh/known_hosts").hasPrefix("|1|"))
        #expect(try await isLoggedIn(server, text))
    }

    @Test func `a revoked key is refused, and never put on file`() async throws {
        let server = try await LocalSSHD()
        let list = try scratch.write(try server.scratch.read("host_ed25519.pub"), to: "revoked")
        try await trust(server, "RevokedHostKeys \(list)\n") { trust in
            guard case .refused(let refusal) = trust.standing else {
                Issue.record("not refused: \(trust.standing)")
                return
            }
            #expect(refusal.message.raw.contains(list))
        }
        try scratch.write("\(try server.knownHostsLine())\n", to: ".ssh/known_hosts")
        let failure = await #expect(throws: ContactFailure.self) {
            _ = try await isLoggedIn(server, "RevokedHostKeys \(list)\n")
        }
        #expect(failure?.kind == .untrusted)
        #expect(!server.log.contains("Accepted"))
    }

    @Test func `the second file beside the usual ones may revoke a key`() async throws {
        let server = try await LocalSSHD()
        try scratch.write("\(try server.knownHostsLine())\n", to: ".ssh/known_hosts")
        try scratch.write("@revoked * \(try server.scratch.read("host_ed25519.pub"))", to: ".ssh/known_hosts2")
        let failure = await #expect(throws: ContactFailure.self) { _ = try await isLoggedIn(server, "") }
        #expect(failure?.kind == .untrusted)
    }

    @Test func `CheckHostIP refuses a host whose address is on file with another key`() async throws {
        let server = try await LocalSSHD()
        try LocalSSHD.makeKey("other", "ed25519", in: scratch)
        let other = try scratch.read("other.pub").split(separator: " ")[1]
        try scratch.write(
            "alias \(try server.scratch.read("host_ed25519.pub"))[127.0.0.1]:\(server.port) ssh-ed25519 \(other)\n",
            to: ".ssh/known_hosts")
        // ssh leaves loopback out, and so do we: the address proves nothing there.
        #expect(
            try await isLoggedIn(
                server, "HostKeyAlias alias\nCheckHostIP yes\nUserKnownHostsFile \(scratch.path(".ssh/known_hosts"))\n")
        )
    }
}
