// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

struct ChangeTests {
    private let recorded: RecordedHost

    init() throws { recorded = try #require(RecordedHost.all.first { $0.sections.contains { $0.name == "boot" } }) }

    private func look(_ snapshot: Snapshot, _ findings: [Finding] = []) -> (snapshot: Snapshot, findings: [Finding]) {
        (snapshot, findings)
    }

    private func finding(_ severity: Severity) -> Finding {
        Finding(.diskSpace, host: "web", subject: "/", severity, "/ fills up.")
    }

    private func boot(_ id: String, uptime: Double = 600) -> Snapshot {
        let body = "\(id)\n\(uptime) 1.0\n\(Int(recorded.takenAt.timeIntervalSince1970))\n"
        return recorded.answering("boot", body)
    }

    private let first = "aaaaaaaa-0000-4000-8000-000000000000"
    private let second = "bbbbbbbb-0000-4000-8000-000000000000"

    @Test func `identical snapshots report no changes`() {
        #expect(Change.between(look(recorded.snapshot), look(recorded.snapshot)).isEmpty)
    }

    @Test func `another boot is a reboot, at the time it began`() throws {
        let changes = Change.between(look(boot(first)), look(boot(second)))
        #expect(changes.map(\.kind) == [.rebooted])
        #expect(changes.first?.time == recorded.takenAt.addingTimeInterval(-600))
        #expect(Change.between(look(boot(first)), look(boot(first, uptime: 900))).isEmpty)
    }

    @Test func `a snapshot without a boot id reports no reboot`() {
        let blind = recorded.snapshot(["boot": nil])
        let kinds = Change.between(look(boot(first)), look(blind)).map(\.kind)
        #expect(!kinds.contains(.rebooted))
    }

    @Test func `a host that is not reached any more has become unknown`() throws {
        let gone = Snapshot(
            host: "web", takenAt: recorded.takenAt, duration: 1,
            failure: ContactFailure(.unreachable, stage: "connect", message: "refused"))
        let before = HostState(recorded.snapshot, []).level
        let changes = Change.between(look(recorded.snapshot), look(gone, Detectors.findings(in: gone)))
        #expect(changes.map(\.kind) == [.state(from: before, to: .unknown, reason: .finding(.known(.unreachable)))])
    }

    @Test func `a problem that changes its severity has become worse or better`() {
        let worse = Change.between(
            look(recorded.snapshot, [finding(.warning)]), look(recorded.snapshot, [finding(.critical)]))
        #expect(worse.contains { $0.kind == .worse(finding(.critical), from: .warning) })
        let better = Change.between(
            look(recorded.snapshot, [finding(.critical)]), look(recorded.snapshot, [finding(.warning)]))
        #expect(better.contains { $0.kind == .better(finding(.warning), from: .critical) })
    }

    @Test func `bad news comes before good`() {
        let at = recorded.takenAt
        let changes: [Change] = [
            Change(.resolved(finding(.critical), lastSeen: at), host: "a", at: at),
            Change(.firstLook, host: "b", at: at),
            Change(.found(finding(.warning)), host: "c", at: at), Change(.found(finding(.critical)), host: "d", at: at),
            Change(.state(from: .ok, to: .unknown, reason: .finding(.known(.unreachable))), host: "e", at: at),
        ]
        let report = ChangeReport(
            since: at, changes: changes, comparedSince: [:], unseen: [], summary: .init(), now: at)
        #expect(report.changes.map(\.host) == ["e", "d", "c", "a", "b"])
    }
}
