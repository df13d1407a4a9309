// SPDX-License-Identifier: MIT
import MachaFleet
import MachaTestSupport
import Testing

/// One suite of behaviours for the real transports and the fake.
@Suite(.timeLimit(.minutes(10))) struct TransportTests {
    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), arguments: TransportConformance.allCases)
    func `a transport over SSH keeps its promise`(_ promise: TransportConformance) async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        try await promise.check(transport)
        await transport.close()
    }

    @Test(arguments: TransportConformance.allCases)
    func `a local transport keeps its promise`(_ promise: TransportConformance) async throws {
        try await promise.check(LocalTransport(host: "self"))
    }

    @Test(arguments: TransportConformance.allCases)
    func `a fake transport keeps its promise`(_ promise: TransportConformance) async throws {
        try await promise.check(FakeTransport(TransportConformance.answer))
    }
}
