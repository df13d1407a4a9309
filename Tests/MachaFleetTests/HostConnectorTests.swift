// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaModel
import MachaTestSupport
import SSH
import Testing

/// From what the inventory says to a transport, and what can be wrong on this side.
@Suite(.timeLimit(.minutes(10))) struct HostConnectorTests {
    private func host(_ endpoint: SSHEndpoint) -> FleetHost { FleetHost(name: "nas", connection: .ssh(endpoint)) }

    /// A server, and an endpoint of the inventory that reaches it with `keys`.
    private func endpoint(_ server: LocalSSHD, keys: [String]) throws -> SSHEndpoint {
        let known = try server.scratch.write(try server.knownHostsLine() + "\n", to: "known_hosts")
        return SSHEndpoint(
            address: "127.0.0.1", port: server.port, user: server.user, identityFiles: keys.map(server.scratch.path),
            knownHosts: [known])
    }

    private func failure(_ endpoint: SSHEndpoint) async throws -> ContactFailure? {
        let transport = try HostConnector(agentSocket: nil).transport(to: host(endpoint))
        return await #expect(throws: ContactFailure.self) {
            _ = try await transport.run(Command("true"), until: .now + .seconds(60))
        }
    }

    @Test func `a local host is reached without a connection`() throws {
        let transport = try HostConnector(agentSocket: nil).transport(to: FleetHost(name: "self", connection: .local))
        #expect(transport is LocalTransport)
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `a missing key file beside a good one does no harm`() async throws {
        let server = try await LocalSSHD()
        let transport = try HostConnector(agentSocket: nil).transport(
            to: host(try endpoint(server, keys: ["gone", "id"])))
        #expect(try await transport.run(Command("true"), until: .now + .seconds(60)).outcome == .status(0))
        await transport.close()
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `no usable key is a fault of this side, which names each file and why`() async throws {
        let server = try await LocalSSHD()
        try LocalSSHD.makeKey("locked", "ed25519", passphrase: "secret words", in: server.scratch)
        let failure = try #require(await failure(try endpoint(server, keys: ["gone", "locked"])))
        #expect(failure.kind == .local)
        #expect(failure.stage == "authentication")
        #expect(failure.message.raw.contains("\(server.scratch.path("gone")) cannot be read"))
        #expect(failure.message.raw.contains("\(server.scratch.path("locked")) is encrypted"))
        #expect(failure.message.raw.contains("ssh-add"))
    }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `a key the host does not know is the host's refusal`() async throws {
        let server = try await LocalSSHD()
        try LocalSSHD.makeKey("other", "ed25519", in: server.scratch)
        let failure = try #require(await failure(try endpoint(server, keys: ["other", "gone"])))
        #expect(failure.kind == .authentication)
        #expect(failure.message.raw.contains("gone cannot be read"))
    }

    @Test func `a known_hosts that cannot be read is a fault of this side; one that is not there holds no keys`()
        async throws
    {
        let scratch = try Scratch()
        // A folder can be opened, and then not be read, by root as well.
        let place = ("127.0.0.1", try Loopback.freePort())
        let folder = SSHEndpoint(address: place.0, port: place.1, user: "macha", knownHosts: [scratch.url.path])
        let failure = try await failure(folder)
        #expect(failure?.kind == .local)
        #expect(failure?.stage == "host-key")
        #expect(failure?.message.raw.contains(scratch.url.path) == true)
        let absent = SSHEndpoint(address: place.0, port: place.1, user: "macha", knownHosts: [scratch.path("gone")])
        #expect(try await self.failure(absent)?.kind == .unreachable)
    }

    @Test func `a way that leads through the host itself is refused before anything is connected`() {
        var endpoint = SSHEndpoint(address: "192.0.2.1", user: "macha", jump: "nas")
        endpoint.hops = [SSHHop(name: "nas", endpoint: SSHEndpoint(address: "192.0.2.2", user: "macha"))]
        let failure = #expect(throws: ContactFailure.self) {
            _ = try HostConnector(agentSocket: nil).transport(to: host(endpoint))
        }
        #expect(failure?.kind == .local)
        #expect(failure?.message.raw.contains("loop") == true)
    }

    @Test(arguments: [
        (SSHError.Code.nameNotFound, ContactFailure.Kind.unreachable), (.unreachable, .unreachable),
        (.timedOut, .unreachable), (.notSSH, .unreachable), (.noCommonAlgorithm, .incompatible),
        (.hostKeyUnknown, .untrusted), (.hostKeyChanged, .untrusted), (.hostKeyRevoked, .untrusted),
        (.authenticationRefused, .authentication), (.localFile, .local),
        (.connectionLost, .broken), (.channelRefused, .broken), (.closed, .broken), (.cancelled, .local),
        (.library(-5), .broken),
    ])
    func `every SSH error has its kind, and keeps its words`(_ code: SSHError.Code, _ kind: ContactFailure.Kind) {
        for stage in SSHStage.allCases {
            let error = SSHError(code, stage, host: "nas", "nas: it failed", remedy: "mend it")
            let failure = ContactFailure(error)
            // A command that takes too long runs on a host that was reached.
            #expect(failure.kind == (code == .timedOut && stage == .exec ? .broken : kind))
            #expect(failure.stage.rawValue == stage.rawValue)
            #expect(failure.message.raw == "nas: it failed")
            #expect(failure.remedy == "mend it")
        }
    }
}
