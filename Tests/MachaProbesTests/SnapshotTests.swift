// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

struct SnapshotTests {
    @Test func `known, absent and unknown survive being stored`() throws {
        let sections = [
            ProbeSection(name: "load", status: 0, body: "1 2 3 1/1 1\n0-1\n"),
            ProbeSection(name: "pressure", status: 0, body: "absent\n"),
            ProbeSection(name: "nixos", status: 0, body: "absent\n"),
            ProbeSection(name: "units", status: 127, body: "systemctl: not found"),
        ]
        let before = Snapshot(
            host: "web", takenAt: Date(timeIntervalSince1970: 1_795_247_552), duration: 0.5, sections: sections)
        let after = try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(before))
        for snapshot in [before, after] {
            #expect(snapshot[LoadProbe.self].value?.five == 2)
            #expect(snapshot[PressureProbe.self] == .known(nil))
            #expect(snapshot[NixOSProbe.self] == .known(nil))
            #expect(snapshot[UnitsProbe.self].failure == ProbeFailure(.toolMissing, "systemctl: not found"))
            #expect(snapshot[DisksProbe.self].failure?.reason == .missing)
        }
        #expect(before.failures.map { $0.probe } == after.failures.map { $0.probe })
    }

    @Test func `a host that was not reached survives being stored`() throws {
        let failure = ContactFailure(.untrusted, stage: "host-key", message: "changed")
        let before = Snapshot(host: "web", takenAt: Date(timeIntervalSince1970: 0), duration: 0.1, failure: failure)
        let after = try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(before))
        #expect(after.contact == .failed(failure))
        #expect(after[BootProbe.self].failure?.reason == .notCollected)
    }

    @Test func `a reading that another version stored is unknown, not an error`() throws {
        let text =
            #"{"host":"web","takenAt":0,"duration":1,"contact":{"reached":{}},"readings":{"load":{"known":{"old":1}}}}"#
        let snapshot = try JSONDecoder().decode(Snapshot.self, from: Data(text.utf8))
        #expect(snapshot[LoadProbe.self].failure?.reason == .unparsable)
        #expect(snapshot[UnitsProbe.self].failure?.reason == .missing)
    }
}
