// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import Testing

struct StatusQueryTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let nas = FleetHost(name: "nas", connection: .local)
    private let failed = Finding(.unitFailed, host: "nas", subject: "a.service", .critical, "a.service has failed.")

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("macha.db"))
    }

    private func at(_ minutes: Int) -> Date { noon.addingTimeInterval(Double(minutes) * 60) }

    private func reached(_ minutes: Int, boot: Character = "a", of host: String = "nas") -> Snapshot {
        let id = "\(String(repeating: boot, count: 8))-0000-4000-8000-000000000000"
        let sections = [
            ProbeSection(name: "boot", status: 0, body: "\(id)\n60.0 1\n\(Int(at(minutes).timeIntervalSince1970))\n"),
            ProbeSection(name: "load", status: 0, body: "1.0 1.0 1.0 1/9 7\n0\n"),
        ]
        return Snapshot(host: host, takenAt: at(minutes), duration: 1, sections: sections)
    }

    private func gone(_ minutes: Int) -> Snapshot {
        Snapshot(
            host: "nas", takenAt: at(minutes), duration: 1,
            failure: ContactFailure(.unreachable, stage: "connect", message: "refused"))
    }

    private func record(_ snapshot: Snapshot, _ findings: [Finding]? = nil) throws {
        try store.record(snapshot, findings: findings ?? Detectors.findings(in: snapshot), now: snapshot.takenAt)
    }

    @Test func `a problem that cannot be seen any more is neither shown as there nor resolved`() throws {
        try record(reached(0), [failed])
        try record(gone(5))
        let report = try #require(StatusQuery(store: store, now: at(6), muting: .none).report([nas]).hosts.first)
        #expect(report.findings.map(\.finding.kind) == [.unreachable])
        #expect(report.unconfirmed.map(\.finding) == [failed])
        #expect(report.unconfirmed.first?.lastSeen == at(0))
        let changes = try StatusQuery(store: store, now: at(6), muting: .none).changes(
            of: [nas], since: at(1), beside: nil)
        #expect(!changes.changes.contains { $0.name == "resolved" })
        #expect(changes.changes.contains { $0.name == "state" })
    }

    @Test func `a finding that is acknowledged leaves counts and the exit code, and is shown`() throws {
        try record(reached(0), [failed])
        let id = try #require(try store.issue(of: failed.fingerprint)).id
        _ = try store.acknowledge(id, until: at(10), note: "known", sharing: ["nas"], below: nil, by: "anna", at: at(1))
        let inventory = try Inventory.parse(
            sources: [(file: "fleet.yaml", text: "hosts: { nas: { connection: local } }")], home: "/root", user: "macha"
        )
        func report(_ minutes: Int) throws -> FleetReport {
            let muting = try MutingLoader(inventory, store: store).muting(of: [nas], at: at(minutes))
            return try StatusQuery(store: store, now: at(minutes), muting: muting).report([nas])
        }
        let quiet = try report(9)
        #expect(quiet.hosts[0].state == .critical && quiet.hosts[0].findings.count == 1)
        #expect(quiet.hosts[0].findings[0].quiet?.note == "known" && quiet.hosts[0].findings[0].issue == id)
        #expect(quiet.summary.critical == 0)
        // Nothing was ever known of essential probes here, and that was not acknowledged.
        #expect(quiet.exitCode == 3)
        let loud = try report(10)
        #expect(loud.hosts[0].findings[0].quiet == nil && loud.exitCode == 2 && loud.summary.critical == 1)
    }

    @Test func `a host that is not reached in its maintenance is no alarm, and stays unknown`() throws {
        try record(reached(0), [failed])
        try record(gone(5))
        try store.maintain(["nas"], until: at(30), by: "anna", because: "disks", at: at(1))
        let inventory = try Inventory.parse(
            sources: [(file: "fleet.yaml", text: "hosts: { nas: { connection: local } }")], home: "/root", user: "macha"
        )
        func report(_ minutes: Int) throws -> FleetReport {
            let muting = try MutingLoader(inventory, store: store).muting(of: [nas], at: at(minutes))
            return try StatusQuery(store: store, now: at(minutes), muting: muting).report([nas])
        }
        let quiet = try report(29)
        #expect(quiet.hosts[0].state == .unknown && quiet.exitCode == 0 && quiet.unreached.isEmpty)
        #expect(quiet.summary.known == 1 && quiet.summary.ok == 0)
        #expect(try report(30).exitCode == 3)
    }

    @Test(.enabled(if: which("python3") != nil, "needs python3"), arguments: ["body = '{'", "taken_at = 1e300"])
    func `a host of which something stored cannot be read is unknown, and hides no other`(edit: String) async throws {
        let web = FleetHost(name: "web", connection: .local)
        try record(reached(0), [])
        try store.record(try store.judge(reached(0, of: "web"), of: web), now: at(0))
        try await SQLiteEdit.run("UPDATE snapshot SET \(edit) WHERE host = 'web'", in: scratch.path("macha.db"))
        let report = try StatusQuery(store: store, now: at(1), muting: .none).report([nas, web])
        #expect(report.hosts.map(\.host).sorted() == ["nas", "web"])
        let odd = try #require(report.hosts.first { $0.host == "web" })
        #expect(odd.state == .unknown)
        #expect(odd.findings.map(\.finding.kind) == [.controllerFault] || edit.contains("taken_at"))
        #expect(report.hosts.first { $0.host == "nas" }?.contactFailure == nil)
    }

    @Test(.enabled(if: which("python3") != nil, "needs python3"), arguments: RecordedHost.all)
    func `a host's report is the same from what was kept with its snapshot as from the snapshot itself`(
        recorded: RecordedHost
    ) async throws {
        let snapshot = recorded.snapshot
        let host = FleetHost(name: snapshot.host, connection: .local)
        try store.record(try store.judge(snapshot, of: host), now: snapshot.takenAt)
        try store.maintain(
            [host.name], until: snapshot.takenAt.addingTimeInterval(600), by: "anna", because: "disks",
            at: snapshot.takenAt)
        let inventory = try Inventory.parse(
            sources: [(file: "fleet.yaml", text: "hosts: { \(host.name): { connection: local } }")], home: "/root",
            user: "macha")
        // In maintenance, after it, and when it is too old to tell.
        func reports() throws -> [Data] {
            try [60.0, 700, 200_000].map { seconds in
                let now = snapshot.takenAt.addingTimeInterval(seconds)
                let muting = try MutingLoader(inventory, store: store).muting(of: [host], at: now)
                return Data(
                    try CanonicalJSON.bytes(of: StatusQuery(store: store, now: now, muting: muting).report([host])))
            }
        }
        #expect(try store.overview(of: host.name) != nil)
        let kept = try reports()
        #expect(Set(kept).count == 3)
        try await SQLiteEdit.run("DELETE FROM host_report", in: scratch.path("macha.db"))
        #expect(try store.overview(of: host.name) == nil)
        #expect(try reports() == kept)
    }

    @Test func `an acknowledgement mutes what was recorded before it, until it ends`() throws {
        try store.record(HostJudgement(reached(0), of: nas, history: HostHistory(), found: [failed]), now: at(0))
        #expect(try store.overview(of: "nas") != nil)
        let id = try #require(try store.issue(of: failed.fingerprint)).id
        _ = try store.acknowledge(id, until: at(10), note: "known", sharing: ["nas"], below: nil, by: "anna", at: at(1))
        func finding(_ minutes: Int) throws -> FindingReport? {
            let muting = try MutingLoader(
                Inventory.parse(
                    sources: [(file: "fleet.yaml", text: "hosts: { nas: { connection: local } }")], home: "/root",
                    user: "macha"), store: store
            ).muting(of: [nas], at: at(minutes))
            return try StatusQuery(store: store, now: at(minutes), muting: muting).report([nas]).hosts[0].findings.first
        }
        #expect(try finding(9)?.quiet?.note == "known")
        #expect(try finding(10)?.quiet == nil)
    }

    @Test func `what a person reported stands in the host's report, whether it was ever checked or not`() throws {
        let fan = Finding(
            recorded: MachaFindings.Issue.reportedKind, host: "nas", subject: "loud fan", .warning, "The fan is loud.",
            evidence: [], figures: [:], remedy: "", commands: [])
        _ = try store.report(fan, note: "", by: "anna", at: at(0))
        func report(_ minutes: Int) throws -> HostReport {
            try StatusQuery(store: store, now: at(minutes), muting: .none).report([nas]).hosts[0]
        }
        #expect(try report(0).findings.map(\.finding) == [fan] && report(0).state == .unknown)
        try store.record(try store.judge(reached(1), of: nas), now: at(1))
        #expect(try report(2).findings.map(\.finding).contains(fan))
        #expect(try report(2).unconfirmed.isEmpty)
        let id = try #require(try store.issue(of: fan.fingerprint)).id
        _ = try store.resolve(id, note: "", by: "anna", at: at(3))
        #expect(try !report(4).findings.map(\.finding).contains(fan))
    }

    @Test func `a snapshot that arrives late does not stand for its host`() throws {
        for minutes in [5, 0] {
            try store.record(try store.judge(reached(minutes), of: nas), now: at(5))
            #expect(
                try StatusQuery(store: store, now: at(6), muting: .none).report([nas]).hosts.first?.takenAt == at(5))
        }
        try record(reached(10), [])
        #expect(try StatusQuery(store: store, now: at(11), muting: .none).report([nas]).hosts.first?.takenAt == at(10))
    }

    @Test func `since a time: what is new, what is gone with its last sight, and a reboot`() throws {
        try record(reached(0), [failed])
        try record(reached(10, boot: "b"), [])
        let report = try StatusQuery(store: store, now: at(11), muting: .none).changes(
            of: [nas], since: at(5), beside: nil)
        #expect(Set(report.changes.map(\.name)) == ["state", "resolved", "rebooted"])
        #expect(report.changes.contains { $0.kind == .resolved(failed, lastSeen: at(0)) && $0.time == at(10) })
        #expect(report.comparedSince.isEmpty && report.unseen.isEmpty)
    }

    @Test func `a host that was not checked since then is named, not called unchanged`() throws {
        try record(reached(0), [])
        let other = FleetHost(name: "new", connection: .local)
        let report = try StatusQuery(store: store, now: at(60), muting: .none).changes(
            of: [nas, other], since: at(30), beside: nil)
        #expect(report.changes.isEmpty)
        #expect(report.unseen == ["nas", "new"])
    }

    @Test func `without an earlier snapshot, the report names what it compares with`() throws {
        try record(reached(10), [])
        try record(reached(20), [failed])
        let report = try StatusQuery(store: store, now: at(21), muting: .none).changes(
            of: [nas], since: at(0), beside: nil)
        #expect(report.comparedSince == ["nas": at(10)])
        #expect(report.changes.contains { $0.kind == .found(failed) })
    }

    @Test func `the oldest of the hundred kept snapshots is compared with and named`() throws {
        for minute in 0...120 { try record(reached(minute), minute < 10 ? [failed] : []) }
        let known = StatusQuery(store: store, now: at(121), muting: .none)
        let early = try known.changes(of: [nas], since: at(5), beside: nil)
        #expect(early.comparedSince == ["nas": at(21)])
        // The problem was resolved after the time that was asked for, which is kept longer than looks are.
        #expect(early.changes.map(\.name) == ["resolved"])
        #expect(try known.changes(of: [nas], since: at(21), beside: nil).comparedSince.isEmpty)
        #expect(early.resolvedSince == nil)
        #expect(try known.changes(of: [nas], since: at(-91 * 1440), beside: nil).resolvedSince == at(121 - 90 * 1440))
    }

    @Test func `trends are drawn for who asks for them`() throws {
        for minute in 0..<4 { try record(reached(minute), []) }
        let known = StatusQuery(store: store, now: at(5), muting: .none)
        #expect(try known.report([nas]).hosts.first?.trends.isEmpty == true)
        #expect(try known.report([nas], withTrends: true).hosts.first?.trends.map(\.name.raw) == ["load"])
        #expect(try known.detail(of: nas).snapshot?.takenAt == at(3))
    }
}
