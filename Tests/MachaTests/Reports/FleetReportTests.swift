// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import Testing

struct FleetReportTests {
    private func finding(_ kind: FindingKind, _ subject: String?, _ severity: Severity, _ evidence: [String] = [])
        -> Finding
    {
        Finding(
            kind, host: "web", subject: subject, severity, "\(kind.rawValue).",
            telling: evidence.map { .lastWords(UntrustedText($0)) })
    }

    @Test func `a report shows what follows below its cause, and as severe as the worst of it`() {
        let snapshot = Snapshot(host: "web", takenAt: Date(timeIntervalSince1970: 0), duration: 1, sections: [])
        let cause = finding(.noNameServer, nil, .warning)
        let effect = finding(.unitFailed, "acme.service", .critical, ["acme: Could not resolve host"])
        let report = HostReport(
            FleetHost(name: "web", connection: .local), snapshot, [effect, cause], muting: .none, now: snapshot.takenAt)
        #expect(report.findings.map(\.finding) == [cause])
        #expect(report.findings.first?.folded.map(\.finding) == [effect])
        #expect(report.findings.first?.severity == .critical)
        #expect(report.findings.flatMap(\.all) == [cause, effect])
    }

    @Test func `a fleet's report names what its hosts have in common, but not from old news`() {
        let hosts = (0..<4).map { FleetHost(name: "h\($0)", connection: .local, checkInterval: 60) }
        func causes(at seconds: Double) -> [FleetCause.Kind] {
            let reports = hosts.map { host in
                let broken = Finding(.dnsBroken, host: host.name, .critical, "Names do not resolve on the host.")
                let snapshot = Snapshot(
                    host: host.name, takenAt: Date(timeIntervalSince1970: 0), duration: 1, sections: [])
                return HostReport(host, snapshot, [broken], muting: .none, now: Date(timeIntervalSince1970: seconds))
            }
            return FleetReport(reports, of: hosts, now: Date(timeIntervalSince1970: seconds)).causes.map(\.kind)
        }
        #expect(causes(at: 60) == [.shared(.dnsBroken)])
        #expect(causes(at: 200_000) == [])
    }
}
