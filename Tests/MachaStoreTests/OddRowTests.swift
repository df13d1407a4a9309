// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import Testing

/// One row that was edited or damaged makes its own host unknown, and takes nothing from another.
@Suite struct OddRowTests {
    private let state: TamperedState

    init() throws { state = try TamperedState() }

    @Test(arguments: ["before = '{'", "kind = 'dance'", "outcome = 'fine'", "machine = '[]'", "started_at = 1e300"])
    func `an action that cannot be read makes its host's record unknown, and the others' stay`(edit: String) throws {
        let run = try state.store.open(try authorized(try restart("web", on: "web2"), at: minute(4)), at: minute(4))
        try state.forge("DELETE FROM pause")
        let store = try state.reopened()
        _ = try store.begin(
            try restarted("web2"), position: 0, of: run, before: ActionBaseline(), detail: try .sample())
        try state.forge("UPDATE action SET \(edit) WHERE host = 'web1'")
        let history = try state.reopened().history(since: minute(0))
        #expect(history.unreadable == ["web1"])
        #expect(history.records.map(\.host) == ["web2"])
    }

    @Test func `a run that cannot be read is in the way on its own host only`() throws {
        try state.forge("UPDATE run SET state = 'started', proposal = '{'")
        let store = try state.reopened()
        #expect(try store.hostsWithOpenRuns() == ["web1"])
        #expect(throws: StoreError.self) { try store.openRuns(of: "web1") }
        #expect(try store.openRuns(of: "web2").isEmpty)
    }

    @Test func `a run that cannot be read hides no other host's repairs`() throws {
        let before = try state.store.repairs(of: ["web1", "web2"], since: minute(0))
        try state.forge("DELETE FROM pause")
        let store = try state.reopened()
        let run = try store.open(try authorized(try restart("web", on: "web2"), at: minute(4)), at: minute(4))
        guard
            case .begun(let action) = try store.begin(
                try restarted("web2"), position: 0, of: run, before: ActionBaseline(), detail: try .sample())
        else {
            Issue.record("the action was not begun")
            return
        }
        try store.end(action, .failed, detail: .recovery(found: "test"), at: minute(5))
        try store.close(run, .failed, note: "it failed", at: minute(5))
        try state.forge("UPDATE run SET proposal = '{' WHERE host = 'web1'")
        let told = try state.reopened().repairs(of: ["web1", "web2"], since: minute(0))
        #expect(before.map(\.host) == ["web1"] && told.map(\.host) == ["web2"])
    }

    @Test func `a machine that was seen at no time is still the machine it is`() throws {
        let id = "0123456789abcdef0123456789abcdef"
        for host in ["web1", "web2"] {
            _ = try state.store.record(machine(host, id), findings: [], now: minute(6))
        }
        try state.forge("UPDATE host_machine SET last_seen = 1e300 WHERE host = 'web1'")
        let store = try state.reopened()
        #expect(try store.names(of: MachineIdentity(hostKey: nil, machineID: id)).keys.sorted() == ["web1", "web2"])
        let host = FleetHost(name: "web2", connection: .local)
        let found = try store.judge(machine("web2", id), of: host).findings
        #expect(found.contains { $0.kind == .machineShared && $0.subject?.raw == "web1" })
    }

    @Test func `a finding of a kind that only another version knows stays readable, and so do its neighbours`() throws {
        let (known, odd) = (Finding.unit(on: "nas", "a.service"), Finding.unit(on: "nas", "b.service"))
        _ = try state.store.record(
            Snapshot(host: "nas", takenAt: minute(6), duration: 1, sections: []), findings: [known, odd], now: minute(6)
        )
        for table in ["finding", "issue"] {
            try state.forge("UPDATE \(table) SET kind = 'unit-levitates' WHERE subject = 'b.service'")
        }
        let store = try state.reopened()
        let found = try #require(try store.latest(hosts: ["nas"]).first).findings
        #expect(found.map(\.recordedKind) == [.known(.unitFailed), .unknown("unit-levitates")])
        #expect(found.map(\.kind) == [.unitFailed, nil])
        #expect(found.first == known && found.last?.summary == odd.summary)
        let open = try store.openIssues(hosts: ["nas"]).map(\.finding.recordedKind.name)
        #expect(open == ["unit-failed", "unit-levitates"])
        #expect(
            HostState(Snapshot(host: "nas", takenAt: minute(6), duration: 1, sections: []), Array(found.suffix(1)))
                .reason.name
                == "unit-levitates")
    }

    private func restarted(_ host: String) throws -> ActionRecord {
        ActionRecord(
            .restartUnit(try UnitName("web")), on: host, machine: MachineIdentity(hostKey: nil, machineID: nil),
            playbook: nil, requester: .macha, startedAt: minute(4))
    }

    private func machine(_ host: String, _ id: String) -> Snapshot {
        let body = "17b03325-d514-48b6-8359-bac033904e96\n1.0 1.0\n1800000000\n\(id)\n"
        let sections = [ProbeSection(name: "boot", status: 0, body: body)]
        return Snapshot(host: host, takenAt: minute(6), duration: 1, sections: sections, hostKey: "SHA256:a")
    }

    @Test func `figures that cannot be read stop no other host's from being let go of`() throws {
        try state.forge("UPDATE metric_host SET marks = '{', folded_until = 0")
        try state.reopened().prune(now: minute(60 * 24 * 3))
    }

    @Test func `a forged export position does not keep a start out of the export`() throws {
        try state.forge("UPDATE export SET sequence = 9223372036854775807")
        let store = try state.reopened()
        let start = AuditEvent.ActionStart(
            run: 9, action: 9, position: 0, record: try restarted("web1"), detail: try .sample())
        try store.note(.started(start), host: "web1", at: minute(5))
        try state.exports.witness(store)
        let lines = try String(contentsOfFile: Exports.path(of: .actions, in: state.state), encoding: .utf8).split(
            separator: "\n")
        #expect(lines.last?.contains("\"kind\":\"started\"") == true)
        #expect(lines.count { $0.contains("\"sequence\":9,") || $0.contains("\"sequence\":9}") } <= 1)
        // No table has the action that this start is about, and that is all that is wrong.
        let faults = try state.exports.verify(store, heads: []).faults.map(\.description)
        #expect(faults.allSatisfy { $0.contains("action 9") || $0.contains("run 9") }, "\(faults)")
    }
}
