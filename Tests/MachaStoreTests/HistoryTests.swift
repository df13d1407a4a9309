// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

@testable import MachaStore

struct HistoryTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("macha.db"))
    }

    private func look(_ minute: Int, load: Double?, used: Int = 50) -> Snapshot {
        let disks = """
            Type 1B-blocks Used Avail Inodes IFree Mounted on
            ext4 100 \(used) \(100 - used) 10 5 /
            ext4 100 10 90 10 5 /srv

            25 1 8:1 / / rw - ext4 /dev/sda1 rw
            26 1 8:2 / /srv rw - ext4 /dev/sda2 rw

            """
        var sections = [
            ProbeSection(name: "memory", status: 0, body: "MemTotal: 1000 kB\nMemAvailable: 250 kB\n"),
            ProbeSection(name: "disks", status: 0, body: disks),
        ]
        if let load { sections.append(ProbeSection(name: "load", status: 0, body: "\(load) 0.1 0.1 1/9 7\n0-3\n")) }
        return Snapshot(
            host: "nas", takenAt: noon.addingTimeInterval(Double(minute) * 60), duration: 1, sections: sections)
    }

    private func record(_ snapshot: Snapshot, _ findings: [Finding] = []) throws {
        try store.record(snapshot, findings: findings, now: snapshot.takenAt)
    }

    @Test func `the snapshot of a time is the newest one before it, or the oldest kept`() throws {
        for minute in [0, 5, 10] { try record(look(minute, load: Double(minute))) }
        func load(at minute: Int) throws -> Double? {
            try store.snapshot(of: "nas", at: noon.addingTimeInterval(Double(minute) * 60))?
                .snapshot[LoadProbe.self].value?.one
        }
        #expect(try load(at: 5) == 5)
        #expect(try load(at: 9) == 5)
        #expect(try load(at: 99) == 10)
        #expect(try load(at: -1) == 0)
        #expect(try store.snapshot(of: "other", at: noon) == nil)
    }

    @Test func `changes since a time list opened and resolved issues, not unchanged ones`() throws {
        let old = Finding(.unitFailed, host: "nas", subject: "old.service", .critical, "old.")
        let stays = Finding(.unitFailed, host: "nas", subject: "stays.service", .critical, "stays.")
        let new = Finding(.unitFailed, host: "nas", subject: "new.service", .critical, "new.")
        try record(look(0, load: 1), [old, stays])
        try record(look(10, load: 1), [stays, new])
        let since = noon.addingTimeInterval(60)
        let changed = try store.issues(of: ["nas"], changedSince: since)
        #expect(Set(changed.map(\.finding.summary)) == ["old.", "new."])
        #expect(try store.issues(of: ["nas"], changedSince: noon.addingTimeInterval(700)).isEmpty)
    }
}
