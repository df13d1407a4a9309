// SPDX-License-Identifier: MIT
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport
import SSH
import Testing

/// The whole way from an inventory to findings, over real sshd processes, one host for each planted fault.
@Suite(.enabled(if: LightLab.isAvailable, "needs the lab: sshd, python3, flock"), .timeLimit(.minutes(20)))
struct LightLabTests {
    private static let expected: [(host: String, fault: String, kinds: Set<FindingKind>)] = [
        ("healthy", "", []),
        ("unit", "failed-unit", [.unitFailed]),
        ("loop", "crash-loop", [.unitCrashLoop, .journalCritical]),
        ("full", "disk-full", [.diskSpace]),
        ("inodes", "disk-inodes", [.diskInodes]),
        ("memory", "memory-low", [.memoryLow, .memoryPressure]),
        ("reboot", "reboot-needed", [.rebootNeeded]),
        ("timer", "timer-overdue", [.timerOverdue]),
        ("expired", "certificate-expired", [.certificateExpired]),
        ("pool", "zfs-degraded", [.poolDegraded]),
        ("disk", "smart-failing", [.diskFailing]),
        ("crash", "core-dumps", [.coreDump]),
        ("guess", "login-burst", [.loginBurst]),
        ("tailnet", "tailscale-key", [.tailscaleKey]),
        ("names", "dns-broken", [.dnsBroken]),
        ("oom", "oom-kill", [.oomKill]),
        ("readonly", "read-only", [.filesystemReadOnly]),
        ("mount", "mount-gone", [.mountMissing]),
        ("sick", "container-unhealthy", [.containerUnhealthy]),
        ("hot", "overheating", [.overheating]),
        ("clock", "clock-unsynced", [.clockUnsynchronized]),
        ("journal", "journal-denied", [.probeUnknown]),
        ("tool", "tool-missing", [.probeUnknown]),
        ("hang", "command-hang", [.probeUnknown]),
        ("binary", "command-binary", [.probeUnknown]),
        ("down", "sshd-down", [.unreachable]),
        ("mute", "sshd-mute", [.unreachable]),
        ("changed", "key-changed", [.untrustedHostKey]),
        ("refused", "auth-refused", [.loginRefused]),
    ]

    private static func specification(_ hosts: [(String, String)]) -> String {
        hosts.map { "\($0.0) \($0.1)" }.joined(separator: "\n") + "\n"
    }

    /// Collects from every host at once; snapshots in the order they come.
    private func snapshots(of lab: LightLab, _ timeouts: SSHTimeouts = SSHTimeouts()) async throws -> [Snapshot] {
        let reach = HostConnector(agentSocket: nil, timeouts: timeouts)
        let collector = Collector()
        var snapshots: [Snapshot] = []
        await FanOut.run(lab.inventory.hosts) { host in
            await collector.collect(host, through: reach)
        } receive: {
            snapshots.append($0)
        }
        return snapshots
    }

    @Test func `each planted fault is found, and nothing else`() async throws {
        let lab = try await LightLab(Self.specification(Self.expected.map { ($0.host, $0.fault) }))
        var timeouts = SSHTimeouts()
        timeouts.handshake = .seconds(15)
        let snapshots = try await snapshots(of: lab, timeouts)
        #expect(snapshots.count == Self.expected.count)
        for (host, fault, kinds) in Self.expected {
            let snapshot = try #require(snapshots.first { $0.host == host })
            let findings = Detectors.findings(in: snapshot)
            #expect(
                Set(findings.compactMap(\.kind)) == kinds,
                "\(host) (\(fault)): \(findings.map { "\($0.recordedKind.name): \($0.summary)" })")
        }
    }

    @Test func `a healthy host stays healthy and silent, asked again and again from where its journal ended`()
        async throws
    {
        let lab = try await LightLab(Self.specification([("healthy", "")]))
        let host = try lab.host("healthy")
        let reach = HostConnector(agentSocket: nil, timeouts: SSHTimeouts())
        var earlier: Snapshot?
        for round in 0..<4 {
            let transport = try reach.transport(to: host)
            let snapshot = await Collector().collect(host, over: transport, after: earlier)
            await transport.close()
            let findings = Detectors.findings(in: snapshot)
            #expect(findings.isEmpty, "\(findings.map { "\($0.recordedKind.name): \($0.summary) \($0.lines)" })")
            #expect(HostState(snapshot, findings).level == .ok)
            let journal = try #require(snapshot[JournalProbe.self].value)
            #expect(!journal.cursorWasLost && journal.cursor != nil && journal.isComplete)
            #expect((journal.fresh == 0) == (round > 0) && !journal.entries.isEmpty)
            #expect(snapshot.askedAt(StoreProbe.self) == (earlier ?? snapshot).askedAt(StoreProbe.self))
            earlier = snapshot
        }
    }

    @Test func `a mute host delays no other and names the stage it hung in`() async throws {
        let hosts = (0..<10).map { ("host\($0)", $0 == 3 ? "sshd-mute" : "") }
        let lab = try await LightLab(Self.specification(hosts))
        var timeouts = SSHTimeouts()
        timeouts.handshake = .seconds(20)
        let snapshots = try await snapshots(of: lab, timeouts)
        #expect(Set(snapshots.dropLast().map(\.host)) == Set(hosts.map(\.0)).subtracting(["host3"]))
        #expect(snapshots.dropLast().allSatisfy { $0.contact == .reached })
        let last = try #require(snapshots.last)
        #expect(last.host == "host3")
        guard case .failed(let failure) = last.contact else {
            Issue.record("a mute host was reached")
            return
        }
        #expect(failure.kind == .unreachable)
        #expect(failure.stage == .handshake)
    }
}
