// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

struct AwayTests {
    @Test(arguments: [
        (ContactFailure.Kind.unreachable, "info away", FindingKind.away),
        (.untrusted, "critical untrusted-host-key", .untrustedHostKey),
        (.broken, "critical connection-broken", .connectionBroken),
    ])
    func `a host that is off now and then is away and unknown, and nothing else about it is excused`(
        kind: ContactFailure.Kind, label: String, reason: FindingKind
    ) {
        let failure = ContactFailure(kind, stage: "connect", message: "laptop: no answer")
        let snapshot = Snapshot(host: "laptop", takenAt: Date(timeIntervalSince1970: 0), duration: 1, failure: failure)
        let findings = Detectors.findings(in: snapshot, isIntermittent: true)
        #expect(findings.map(\.label) == [label])
        #expect(HostState(snapshot, findings).level == .unknown)
        let host = FleetHost(name: "laptop", connection: .local, isIntermittent: true)
        let report = FleetReport(
            [HostReport(host, snapshot, findings, muting: .none, now: snapshot.takenAt)], now: snapshot.takenAt)
        #expect(report.hosts.map(\.reason) == [.finding(.known(reason))])
        #expect(report.summary.unknown == 1 && report.exitCode == 3)
        #expect(report.summary.away == (reason == .away ? 1 : 0))
    }

    @Test func `a laptop that is away does not make the fleet's exit code`() {
        let failure = ContactFailure(.unreachable, stage: "connect", message: "no answer")
        let snapshot = Snapshot(host: "laptop", takenAt: Date(timeIntervalSince1970: 0), duration: 1, failure: failure)
        let laptop = HostReport(
            FleetHost(name: "laptop", connection: .local), snapshot,
            Detectors.findings(in: snapshot, isIntermittent: true), muting: .none, now: snapshot.takenAt)
        var well = laptop
        (well.state, well.alarm, well.reason, well.contactFailure) = (.ok, .ok, .ok, nil)
        let fleet = FleetReport([laptop, well], now: snapshot.takenAt)
        #expect(fleet.exitCode == 0 && fleet.unreached.isEmpty)
        #expect(fleet.summary == FleetReport.Summary(hosts: 2, ok: 1, unknown: 1, away: 1))
    }
}
