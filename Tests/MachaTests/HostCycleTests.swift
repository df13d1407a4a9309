// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaFleet
import MachaInventory
import MachaProbes
import MachaStore
import MachaTestSupport
import Testing

@testable import Macha

@Suite(.timeLimit(.minutes(10))) struct HostCycleTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
    }

    private func cycle(at date: Date) -> HostCycle {
        HostCycle(.test(store, in: scratch.path("state"), now: { date }))
    }

    private func silentHost(_ name: String) throws -> FleetHost {
        FleetHost(
            name: name,
            connection: .ssh(SSHEndpoint(address: "127.0.0.1", port: try Loopback.freePort(), user: "macha")))
    }

    @Test func `every host is in the report, the worst first, and stored`() async throws {
        let hosts = [FleetHost(name: "here", connection: .local), try silentHost("gone")]
        let outcome = try await cycle(at: noon).run(hosts)
        #expect(Set(outcome.fleet?.hosts.map(\.host) ?? []) == ["gone", "here"])
        let report = try #require(outcome.fleet)
        #expect(report.hosts.map(\.state) == report.hosts.map(\.state).sorted(by: >))
        #expect(report.unreached.map(\.host) == ["gone"])
        #expect(outcome.warnings.isEmpty)
        #expect(try Set(store.latest(hosts: nil).map(\.snapshot.host)) == ["gone", "here"])
    }

    @Test func `a problem that stays is reported since it was first seen`() async throws {
        let host = try silentHost("gone")
        _ = try await cycle(at: noon).run([host])
        let later = try await cycle(at: noon.addingTimeInterval(3600)).run([host])
        #expect(later.fleet?.hosts.first?.findings.map(\.since) == [noon])
    }

    @Test func `a snapshot that is too old to tell is unknown, whatever it says`() async throws {
        let host = FleetHost(name: "here", connection: .local, checkInterval: 60)
        _ = try await cycle(at: noon).run([host])
        let fresh = try StatusQuery(store: store, now: noon.addingTimeInterval(3600), muting: .none).report([host])
        #expect(fresh.hosts.first?.reason != .stale)
        let old = try StatusQuery(store: store, now: noon.addingTimeInterval(86_401), muting: .none).report([host])
        #expect(old.hosts.first?.state == .unknown)
        #expect(old.hosts.first?.reason == .stale)
        #expect(old.exitCode == 3)
    }

    @Test func `a fleet that was never checked is unknown, not healthy`() throws {
        let report = try StatusQuery(store: store, now: noon, muting: .none).report([try silentHost("new")])
        #expect(report.summary == FleetReport.Summary(hosts: 1, unknown: 1))
        #expect(report.exitCode == 3)
    }
}
