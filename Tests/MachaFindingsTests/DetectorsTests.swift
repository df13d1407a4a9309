// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

struct DetectorsTests {
    @Test(arguments: RecordedHost.all)
    func `a recorded host has exactly the findings that its file names`(host: RecordedHost) {
        let snapshot = host.snapshot
        let findings = Detectors.findings(in: snapshot)
        #expect(findings.map(\.label) == host.findings)
        #expect(HostState(snapshot, findings).level == host.level)
    }

    @Test func `a whole recorded answer survives being stored, finding by finding`() throws {
        for host in RecordedHost.all {
            let after = try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(host.snapshot))
            #expect(Detectors.findings(in: after) == Detectors.findings(in: host.snapshot))
        }
    }

    @Test func `there is a healthy host among the recorded ones, and every file can be read`() {
        let files = Fixture.files(in: "answers").filter { $0.pathExtension == "txt" }
        #expect(!files.isEmpty && files.count == RecordedHost.all.count)
        #expect(RecordedHost.all.contains { $0.findings.isEmpty && $0.level == .ok })
        #expect(RecordedHost.all.allSatisfy { $0.sections.count == ProbeCatalog.all.count })
    }

    @Test(arguments: [
        (ContactFailure.Kind.unreachable, "critical unreachable"), (.untrusted, "critical untrusted-host-key"),
        (.authentication, "critical login-refused"), (.incompatible, "critical incompatible-ssh"),
        (.broken, "critical connection-broken"), (.local, "warning controller-fault"),
    ])
    func `a host that was not reached has one finding, and its state is unknown`(
        kind: ContactFailure.Kind, label: String
    ) {
        let failure = ContactFailure(kind, stage: "connect", message: "web: \u{1b}[2J no answer")
        let snapshot = Snapshot(host: "web", takenAt: Date(timeIntervalSince1970: 0), duration: 1, failure: failure)
        let findings = Detectors.findings(in: snapshot)
        #expect(findings.map(\.label) == [label])
        #expect(findings.allSatisfy { !$0.remedy.isEmpty && !$0.summary.contains("\u{1b}") })
        #expect(HostState(snapshot, findings).level == .unknown)
    }

    @Test(arguments: ProbeCatalog.all.map { $0.name })
    func `every probe without a value becomes a finding with a remedy`(probe: String) throws {
        let host = try RecordedHost.named("healthy")
        for status in [1, 127, 137] {
            let snapshot = host.snapshot([probe: ProbeSection(name: probe, status: status, body: "")])
            let findings = Detectors.findings(in: snapshot).filter { $0.kind == .probeUnknown }
            #expect(findings.map { $0.subject?.raw } == [probe])
            #expect(findings.allSatisfy { !$0.remedy.isEmpty && $0.summary.hasSuffix(".") })
        }
        let silence: [String: ProbeSection?] = [probe: nil]
        #expect(Detectors.findings(in: host.snapshot(silence)).map(\.kind) == [.probeUnknown])
    }

    @Test(arguments: [
        ("units", true), ("disks", true), ("memory", true), ("boot", true), ("journal", false), ("time", false),
    ])
    func `a host is only ok when everything essential is known`(probe: String, isEssential: Bool) throws {
        let snapshot = try RecordedHost.named("healthy").snapshot([
            probe: ProbeSection(name: probe, status: 127, body: "")
        ])
        let state = HostState(snapshot, Detectors.findings(in: snapshot))
        #expect(state.level == (isEssential ? .unknown : .ok))
        // Not even when nobody passes the findings on.
        #expect(HostState(snapshot, []).level == (isEssential ? .unknown : .ok))
    }

    @Test func `a critical finding is not hidden by what is unknown`() throws {
        let host = try RecordedHost.named("disk-full")
        let snapshot = host.snapshot(["units": ProbeSection(name: "units", status: 1, body: "")])
        #expect(HostState(snapshot, Detectors.findings(in: snapshot)).level == .critical)
    }

    @Test func `the levels keep the monitoring convention, and the worst of a fleet is its state`() {
        #expect(HostState.Level.allCases.map(\.exitCode) == [0, 1, 3, 2])
        #expect([HostState.Level.warning, .unknown, .ok].max() == .unknown)
        #expect([HostState.Level.unknown, .critical].max() == .critical)
    }

    @Test func `a fingerprint does not change with the figures`() throws {
        let full = try RecordedHost.named("disk-full")
        let body = try #require(full.sections.first { $0.name == "disks" }).body
        let first = Detectors.findings(in: full.answering("disks", body))
        let later = Detectors.findings(in: full.answering("disks", body.replacing("54541312", with: "55541312")))
        #expect(first != later && !first.isEmpty)
        #expect(first.map(\.fingerprint) == later.map(\.fingerprint))
    }

    @Test func `a hostile name can neither steer a terminal nor slip into a command that a person copies`() throws {
        let name = "x;reboot\u{1b}[2J\u{202e}.service"
        let body =
            "SystemState=degraded\nNow=1795247554\n\nType=simple\nId=\(name)\nActiveState=failed\nSubState=failed\n"
        let finding = try #require(Detectors.findings(in: RecordedHost.named("healthy").answering("units", body)).first)
        #expect(finding.kind == .unitFailed && finding.subject?.raw == name)
        #expect(!finding.remedy.contains("reboot") && finding.remedy.contains("UNIT"))
        #expect(!finding.summary.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x202e })
    }
}
