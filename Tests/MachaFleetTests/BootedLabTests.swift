// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport
import SSH
import Testing

/// Hosts with a systemd of their own, which `script/test` boots where it may: `host1` with the algorithms of a default
/// NixOS sshd, `host2` with OpenSSH's.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["MACHA_LAB_BOOTED"] == "1",
        "needs booted hosts of the lab: run script/test as root"), .timeLimit(.minutes(10)))
struct BootedLabTests {
    private func collect(_ name: String) async throws -> Snapshot {
        let host = try #require(try LightLab.running()[name])
        return await Collector().collect(host, through: HostConnector(agentSocket: nil))
    }

    @Test func `a booted host has a reading for every probe that a verdict rests on`() async throws {
        let snapshot = try await collect("host2")
        #expect(snapshot.contact == .reached)
        #expect(snapshot[UnitsProbe.self].value != nil)
        #expect(snapshot[MemoryProbe.self].value != nil)
        #expect(snapshot[DisksProbe.self].value != nil)
        #expect(snapshot[BootProbe.self].value != nil)
        #expect(snapshot[SystemProbe.self].value?.hostname == "host2")
    }

    @Test func `a default NixOS sshd is reached with libssh2 1.11, and called incompatible with an older one`()
        async throws
    {
        let snapshot = try await collect("host1")
        if LibSSH2.speaksEncryptThenMAC {
            #expect(snapshot.contact == .reached)
            #expect(snapshot[SystemProbe.self].value?.hostname == "host1")
            return
        }
        guard case .failed(let failure) = snapshot.contact else {
            Issue.record("libssh2 \(LibSSH2.version) reached a host that offers encrypt-then-MAC only")
            return
        }
        #expect(failure.kind == .incompatible)
        #expect(failure.stage == .handshake)
    }
}
