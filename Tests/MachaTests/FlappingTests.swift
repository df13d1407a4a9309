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

/// What people are told of a problem that comes and goes.
struct FlappingTests {
    private let scratch: Scratch
    private let store: Store
    private let components: CycleComponents
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let nas = FleetHost(name: "nas", connection: .local)

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("macha.db"))
        let time = noon.addingTimeInterval(86_400)
        components = .test(store, in: scratch.path("state"), comparesChanges: true, now: { time })
    }

    private func changes(minute: Int, isFull: Bool) throws -> [String] {
        let (used, available) = isFull ? (99, 1) : (50, 50)
        let disks = """
            Type 1B-blocks Used Avail Inodes IFree Mounted on
            ext4 100 \(used) \(available) 100 90 /

            25 1 8:1 / / rw - ext4 /dev/sda1 rw

            """
        let snapshot = Snapshot(
            host: "nas", takenAt: noon.addingTimeInterval(Double(minute) * 60), duration: 1,
            sections: [ProbeSection(name: "disks", status: 0, body: disks)])
        var pass = HostPass(nas, snapshot)
        try JudgeStage(components).run(&pass)
        try RecordStage(components).run(&pass)
        return try #require(pass.observation).changes.map(\.name)
    }

    @Test func `a flapping problem is reported once, then held back, and reported again after a quiet time`() throws {
        #expect(try changes(minute: 0, isFull: false).contains("first-look"))
        #expect(try changes(minute: 10, isFull: true) == ["state", "found"])
        #expect(try changes(minute: 20, isFull: false) == ["state", "resolved"])
        for minute in [30, 50, 70] {
            #expect(try changes(minute: minute, isFull: true) == [])
            #expect(try changes(minute: minute + 10, isFull: false) == [])
        }
        #expect(try changes(minute: 1400, isFull: true) == ["state", "found"])
        let since = try StatusQuery(store: store, now: noon.addingTimeInterval(90_000), muting: .none).changes(
            of: [nas], since: noon, beside: nil)
        #expect(
            since.changes.filter { $0.name == "found" || $0.name == "resolved" }.count { change in
                if case .found(let finding) = change.kind { finding.kind == .diskSpace } else { false }
            } == 1)
    }
}
