// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import MachaInventory
import MachaModel
import MachaTestSupport
import SSH
import Testing

@testable import MachaFleet

/// Connections that outlive a command: shared, kept alive, renewed in time and given back.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct KeptConnectionTests {
    private let server: LocalSSHD
    private let host: FleetHost

    init() async throws {
        server = try await LocalSSHD()
        let known = try server.scratch.write(try server.knownHostsLine() + "\n", to: "known_hosts")
        host = FleetHost(
            name: "nas",
            connection: .ssh(
                SSHEndpoint(
                    address: "127.0.0.1", port: server.port, user: server.user,
                    identityFiles: [server.scratch.path("id")], knownHosts: [known])))
    }

    private var soon: ContinuousClock.Instant { .now + .seconds(60) }
    private var connections: Int { server.connections }

    /// One user's work: a command that leaves a line on the host, and the connection given back.
    private func work(_ reach: HostConnector) async throws {
        let transport = try reach.transport(to: host)
        _ = try await transport.run(
            Command("sh", ["-c", "echo ran >>\(server.scratch.path("tally"))"]), until: soon)
        await transport.close()
    }

    private var tally: Int {
        get throws { try server.scratch.read("tally").split(separator: "\n").count }
    }

    @Test func `a connection that is kept serves cycle after cycle`() async throws {
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        for _ in 0..<5 { try await work(reach) }
        #expect(connections == 1)
        await reach.close()
    }

    @Test(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"))
    func `a kept connection carries no further command once ssh's configuration revokes the host's key`() async throws {
        let list = try server.scratch.write(try server.scratch.read("host_ed25519.pub"), to: "revoked")
        let file = try server.scratch.write("# nothing yet\n", to: "ssh_config")
        let configuration = SSHConfiguration(home: server.scratch.url.path, file: file)
        let reach = HostConnector(agentSocket: nil, configuration: configuration, keeping: .open())
        try await work(reach)
        try server.scratch.write("RevokedHostKeys \(list)\n", to: "ssh_config")
        let failure = await #expect(throws: ContactFailure.self) { try await work(reach) }
        #expect(failure?.kind == .untrusted)
        #expect(try tally == 1)
        await reach.close()
    }

    @Test func `a connection that is not kept is closed by its last user`() async throws {
        let reach = HostConnector(agentSocket: nil)
        let (first, second) = (try reach.transport(to: host), try reach.transport(to: host))
        _ = try await first.run(Command("true"), until: soon)
        _ = try await second.run(Command("true"), until: soon)
        await first.close()
        await first.close()
        _ = try await second.run(Command("true"), until: soon)
        #expect(connections == 1)
        await second.close()
        try await work(reach)
        #expect(connections == 2)
    }

    @Test func `a server that restarted meanwhile is connected to again, and nothing runs twice`() async throws {
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        try await work(reach)
        try server.cutConnections()
        try await work(reach)
        #expect(try tally == 2)
        #expect(connections == 2)
        await reach.close()
    }

    @Test func `a link that broke in silence is noticed by the sign of life, and renewed for the next command`()
        async throws
    {
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        try await work(reach)
        try server.freezeConnections()
        await reach.tendOnce(keepalive: .zero, idle: .seconds(1000))
        try await work(reach)
        #expect(try tally == 2)
        #expect(connections == 2)
        try server.freezeConnections(false)
        await reach.close()
    }

    @Test func `a sign of life leaves the connection as it was`() async throws {
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        try await work(reach)
        for _ in 0..<20 { await reach.tendOnce(keepalive: .zero, idle: .seconds(1000)) }
        try await work(reach)
        #expect(connections == 1)
        await reach.close()
    }

    @Test func `an idle connection is closed after a while`() async throws {
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        try await work(reach)
        await reach.tendOnce(keepalive: .seconds(1000), idle: .seconds(1000))
        try await work(reach)
        #expect(connections == 1)
        await reach.tendOnce(keepalive: .seconds(1000), idle: .zero)
        try await work(reach)
        #expect(connections == 2)
        await reach.close()
    }

    @Test func `a key that is revoked meanwhile ends a kept connection before the next command`() async throws {
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        try await work(reach)
        try server.scratch.write("@revoked \(try server.knownHostsLine())\n", to: "known_hosts")
        let failure = await #expect(throws: ContactFailure.self) { try await work(reach) }
        #expect(failure?.kind == .untrusted)
        #expect(try tally == 1)
        await reach.close()
    }

    @Test func `a key file that appears is used without a restart`() async throws {
        let key = try server.scratch.read("id")
        try FileManager.default.removeItem(atPath: server.scratch.path("id"))
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        let failure = await #expect(throws: ContactFailure.self) { try await work(reach) }
        #expect(failure?.kind == .local)
        try server.scratch.write(key, to: "id")
        try await work(reach)
        await reach.close()
    }

    @Test func `a refused login is not retried for a minute, and the error says so`() async throws {
        try server.scratch.write("", to: "authorized_keys")
        let reach = HostConnector(agentSocket: nil, keeping: .open())
        let first = await #expect(throws: ContactFailure.self) { try await work(reach) }
        #expect(first?.kind == .authentication)
        for _ in 0..<3 {
            let next = await #expect(throws: ContactFailure.self) { try await work(reach) }
            #expect(next?.kind == .authentication)
            #expect(
                next?.message.raw.contains(/try again in [1-6]?[0-9] s/) == true, "\(next.debugDescription)")
        }
        #expect(connections == 1)
        await reach.close()
    }
}
