// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaFindings
import MachaModel
import MachaProbes
import Testing

@testable import MachaStore

struct SnapshotStoreTests {
    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    @Test func `a snapshot and its findings come back as they were`() throws {
        let findings = [Finding.unit(on: "nas"), .disk(on: "nas")]
        let recorded = try store.record(reached("nas", at: minute(3)), findings: findings, now: minute(3))
        let stored = try #require(try store.latest(hosts: ["nas"]).first)
        #expect(stored.id == recorded.id)
        #expect(stored.snapshot.host == "nas")
        #expect(stored.snapshot.takenAt == minute(3))
        #expect(stored.snapshot.duration == 0.25)
        #expect(stored.snapshot.contact == .reached)
        #expect(stored.findings == findings)
    }

    @Test func `a host that was not reached stays unknown, with the reason`() throws {
        let snapshot = unreachable("nas", at: minute(0))
        try store.record(snapshot, findings: [], now: minute(0))
        let stored = try #require(try store.latest().first?.snapshot)
        #expect(stored.contact == snapshot.contact)
        #expect(stored.failures.map(\.probe) == snapshot.failures.map(\.probe))
        #expect(stored.failures.map(\.failure) == snapshot.failures.map(\.failure))
    }

    @Test func `the newest snapshot counts by when it was taken, not by when it arrived`() throws {
        let newer = try store.record(reached("nas", at: minute(5)), findings: [], now: minute(6)).id
        let older = try store.record(reached("nas", at: minute(4)), findings: [], now: minute(7)).id
        #expect(try store.latest().map(\.id) == [newer])
        #expect(try store.snapshots(of: "nas").map(\.id) == [newer, older])
        #expect(try store.snapshots(of: "nas", limit: 1).map(\.id) == [newer])
    }

    @Test func `a host that was never checked is missing, not healthy`() throws {
        try store.record(reached("web", at: minute(0)), findings: [], now: minute(0))
        try store.record(reached("nas", at: minute(0)), findings: [], now: minute(0))
        #expect(try store.latest(hosts: ["web", "ghost", "nas"]).map(\.snapshot.host) == ["web", "nas"])
        #expect(try store.latest().map(\.snapshot.host) == ["nas", "web"])
        #expect(try store.snapshot(99) == nil)
    }

    @Test func `only the newest snapshots of each host are kept, and ids are never used again`() throws {
        let retention = Retention(snapshotsPerHost: 3, resolvedIssues: .seconds(90 * 86_400))
        var ids: [Int64] = []
        for step in 0..<5 {
            let snapshot = reached("nas", at: minute(Double(step)))
            ids.append(
                try store.record(snapshot, findings: [.disk(on: "nas")], now: minute(9), retention: retention).id)
        }
        try store.record(reached("web", at: minute(0)), findings: [], now: minute(9), retention: retention)
        #expect(try store.snapshots(of: "nas").map(\.id) == ids.suffix(3).reversed())
        #expect(try store.snapshots(of: "web").count == 1)

        try store.prune(Retention(snapshotsPerHost: 1, resolvedIssues: .seconds(90 * 86_400)), now: minute(9))
        #expect(try store.snapshots(of: "nas").map(\.id) == ids.suffix(1))
        #expect(try store.openIssues().map(\.count) == [5], "forgetting snapshots forgets no open problem")
    }

    @Test func `the id of a snapshot that was forgotten at once is not used again`() throws {
        let retention = Retention(snapshotsPerHost: 1, resolvedIssues: .seconds(90 * 86_400))
        try store.record(reached("nas", at: minute(5)), findings: [], now: minute(6), retention: retention)
        let late = try store.record(reached("nas", at: minute(4)), findings: [], now: minute(6), retention: retention)
        #expect(try store.snapshot(late.id) == nil)
        #expect(try store.record(reached("nas", at: minute(7)), findings: [], now: minute(7)).id > late.id)
    }

    @Test func `a killed process leaves whole records only`() throws {
        try store.record(reached("nas", at: minute(0)), findings: [.disk(on: "nas")], now: minute(0))
        let image = folder.path + "/image"
        try store.write("be killed") { db in
            try db.execute(sql: "DELETE FROM finding")
            try db.execute(
                sql: "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('a', 1, 1, 'x', '{}')")
            // The files as they are in the middle of a transaction, while the store is still open.
            try FileManager.default.copyItem(atPath: folder.path + "/state", toPath: image)
        }
        let revived = try Store.open(at: image + "/macha.db")
        #expect(try revived.latest().map(\.snapshot.host) == ["nas"])
        #expect(try revived.latest().first?.findings == [.disk(on: "nas")])
        #expect(try revived.openIssues().count == 1)
    }

    @Test func `a transaction that throws leaves nothing`() throws {
        struct Stop: Error {}
        let error = #expect(throws: StoreError.self) {
            try store.write("cannot finish") { db in
                try db.execute(
                    sql: "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('a', 1, 1, 'x', '{}')")
                throw Stop()
            }
        }
        #expect(error?.reason.hasPrefix("cannot finish: ") == true)
        #expect(try store.latest().isEmpty)
    }

    @Test func `a finding about another host is refused with the whole snapshot`() throws {
        let error = #expect(throws: StoreError.self) {
            try store.record(reached("nas", at: minute(0)), findings: [.disk(on: "web")], now: minute(0))
        }
        #expect(error?.code == .rejected)
        #expect(try store.latest().isEmpty)
    }

    @Test func `two processes record into one file and lose nothing`() async throws {
        let other = try Store.open(at: folder.database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, store) in [("a", store), ("b", other)] {
                group.addTask {
                    for step in 0..<50 {
                        let snapshot = reached(name, at: minute(Double(step)))
                        let common = Finding.unit(on: name)
                        try store.record(snapshot, findings: [common], now: minute(99))
                        _ = try store.latest()
                    }
                }
            }
            try await group.waitForAll()
        }
        for name in ["a", "b"] { #expect(try store.snapshots(of: name).count == 50) }
        #expect(try other.openIssues().map(\.count) == [50, 50])
    }

    @Test func `a stored text that is no snapshot is an error that names it`() throws {
        try store.write("plant") { db in
            try db.execute(
                sql: "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('a', 1, 1, 'x', '{}')")
        }
        let error = #expect(throws: StoreError.self) { try store.latest() }
        #expect(error?.code == .unreadable)
    }
}
