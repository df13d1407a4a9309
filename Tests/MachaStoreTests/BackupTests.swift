// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaFindings
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaStore

/// Copies of the database, and the way back.
struct BackupTests {
    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
        try store.record(reached("nas", at: minute(0)), findings: [.disk(on: "nas")], now: minute(0))
        try store.pause(hosts: nil, by: "anna", because: "moving house", at: minute(1))
    }

    private var copy: String { folder.path + "/copy.db" }

    @Test func `a backup holds what the database holds, is private, and leaves nothing beside it`() throws {
        let backup = try store.backUp(to: copy)
        #expect(backup.faults.isEmpty)
        #expect(backup.entries == 1)
        #expect(backup.head == (try store.auditHead()?.text))
        #expect(folder.names == ["copy.db", "state"])
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try Store.open(at: copy).openIssues() == store.openIssues())
    }

    @Test func `a file that exists is never overwritten`() throws {
        try Data("precious".utf8).write(to: URL(filePath: copy))
        #expect(throws: StoreError.self) { _ = try store.backUp(to: copy) }
        #expect(try String(contentsOfFile: copy, encoding: .utf8) == "precious")
    }

    @Test func `a backup taken between two writes of another process has the first only`() throws {
        let other = try Store.open(at: folder.database)
        try other.record(reached("web", at: minute(2)), findings: [.disk(on: "web")], now: minute(2))
        _ = try store.backUp(to: copy)
        try other.record(reached("mail", at: minute(3)), findings: [.disk(on: "mail")], now: minute(3))
        #expect(try Set(Store.open(at: copy).openIssues().map(\.finding.host)) == ["nas", "web"])
    }

    @Test func `restoring brings the earlier state back and puts the present one aside`() throws {
        _ = try store.backUp(to: copy)
        try store.record(reached("web", at: minute(5)), findings: [.disk(on: "web")], now: minute(5))
        try store.pool.close()

        let (backup, setAside) = try Store.restore(copy, to: folder.database, at: minute(6))
        #expect(backup.faults.isEmpty)
        #expect(try Store.open(at: folder.database).openIssues().map(\.finding.host) == ["nas"])
        let old = try #require(setAside)
        #expect(try Store.open(at: old).openIssues().map(\.finding.host) == ["nas", "web"])
    }

    @Test func `restoring is refused while another connection has the database open`() throws {
        _ = try store.backUp(to: copy)
        let failure = #expect(throws: StoreError.self) { try Store.restore(copy, to: folder.database, at: minute(6)) }
        #expect(failure?.code == .locked)
        #expect(try store.openIssues().map(\.finding.host) == ["nas"])
    }

    @Test(arguments: ["cut", "text", "empty", "foreign", "missing"])
    func `what is no whole backup leaves the database as it was`(kind: String) throws {
        _ = try store.backUp(to: copy)
        try store.pool.close()
        switch kind {
        case "cut": try Data(contentsOf: URL(filePath: copy)).prefix(9_000).write(to: URL(filePath: copy))
        case "text":
            try Data("not a database, but longer than a header of SQLite would be\n".utf8).write(
                to: URL(filePath: copy))
        case "empty": try Data().write(to: URL(filePath: copy))
        case "foreign":
            try FileManager.default.removeItem(atPath: copy)
            try DatabaseQueue(path: copy).write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
        default: try FileManager.default.removeItem(atPath: copy)
        }
        let before = try Data(contentsOf: URL(filePath: folder.database))
        let failure = #expect(throws: StoreError.self) { try Store.restore(copy, to: folder.database, at: minute(6)) }
        #expect(failure?.path == copy)
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state")
        #expect(!names.contains { $0.hasPrefix(".") || $0.contains("restore") })
    }

    @Test func `a damaged database does not stop its own restore`() throws {
        _ = try store.backUp(to: copy)
        try store.pool.close()
        try Data("garbage where the header was".utf8).write(to: URL(filePath: folder.database))
        let (_, setAside) = try Store.restore(copy, to: folder.database, at: minute(6))
        #expect(try Store.open(at: folder.database).openIssues().map(\.finding.host) == ["nas"])
        #expect(try #require(setAside).contains("before-restore"))
    }

    @Test func `an edited record is named when a backup is verified`() throws {
        _ = try store.backUp(to: copy)
        let queue = try DatabaseQueue(path: copy)
        try queue.write { db in
            try db.execute(sql: "DROP TRIGGER IF EXISTS audit_is_final")
            for trigger in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
                try db.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try db.execute(sql: "UPDATE audit SET payload = replace(payload, 'anna', 'eve')")
        }
        try queue.close()
        #expect(try !Store.verifyBackup(copy).faults.isEmpty)
    }

    /// Writes and remembers one in a folder `backups`.
    private func made(_ minutes: Double, faults: [String] = []) throws -> Backup {
        var backup = try store.backUp(to: "\(folder.path)/backups/\(BackupName.name(at: minute(minutes)))")
        backup.faults = faults
        try store.note(backup, at: minute(minutes))
        return backup
    }

    private var kept: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/backups")) ?? []).sorted()
    }

    @Test func `only backups of this database are deleted to make room, the oldest first`() throws {
        // Names like ours: a text, a database of another Macha, a copy that a person made, and a link.
        let names = [-9.0, -8, -7, -6].map { BackupName.name(at: minute($0)) }
        try FileManager.default.createDirectory(atPath: folder.path + "/backups", withIntermediateDirectories: true)
        try Data("precious".utf8).write(to: URL(filePath: "\(folder.path)/backups/\(names[0])"))
        let other = try Store.open(at: folder.path + "/other/macha.db")
        _ = try other.backUp(to: "\(folder.path)/backups/\(names[1])")
        _ = try store.backUp(to: "\(folder.path)/backups/\(names[2])")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/backups/\(names[3])", withDestinationPath: folder.database)
        let all = try [0.0, 1, 2].map { try made($0) }
        let deleted = try store.pruneBackups(in: folder.path + "/backups", keeping: 2, after: all[2])
        #expect(deleted.map { $0.split(separator: "/").last.map(String.init) } == [BackupName.name(at: minute(0))])
        #expect(kept == names.sorted() + [1.0, 2].map { BackupName.name(at: minute($0)) })
    }

    @Test func `a backup that was replaced by something else stays`() throws {
        let first = try made(0)
        try Data("precious".utf8).write(to: URL(filePath: first.path))
        let second = try made(1)
        #expect(try store.pruneBackups(in: folder.path + "/backups", keeping: 1, after: second).isEmpty)
        #expect(try String(contentsOfFile: first.path, encoding: .utf8) == "precious")
    }

    @Test func `the newest is the one that was made last, also when the clock was set back`() throws {
        _ = try made(60)
        let last = try made(0)
        let deleted = try store.pruneBackups(in: folder.path + "/backups", keeping: 1, after: last)
        #expect(deleted.count == 1 && kept == [BackupName.name(at: minute(0))])
        #expect(try store.lastBackup(in: nil)?.madeAt == minute(0))
    }

    @Test func `a backup with faults makes no room for itself among whole ones`() throws {
        _ = try made(0)
        _ = try made(1, faults: ["entry 1 was edited"])
        let last = try made(2, faults: ["entry 1 was edited"])
        #expect(try store.pruneBackups(in: folder.path + "/backups", keeping: 1, after: last).count == 1)
        #expect(kept == [0.0, 2].map { BackupName.name(at: minute($0)) })
        #expect(try store.lastBackup(in: folder.path + "/backups")?.madeAt == minute(0))
    }

    @Test func `a backup that is ended early leaves nothing behind`() throws {
        let stop = BackupStop()
        stop.raise()
        #expect(throws: StoreError.self) { _ = try store.backUp(to: copy, stop: stop) }
        #expect(folder.names == ["state"])
    }

    @Test func `what a killed backup left is removed after a day, and nothing else`() throws {
        for name in [".macha-20261130T181500Z.db.1f.tmp", ".macha-notes.tmp", ".other.db.1f.tmp"] {
            try Data().write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        Store.removeAbandonedBackups(in: folder.path, before: Date(timeIntervalSinceNow: -86_400))
        #expect(folder.names.count == 4)
        Store.removeAbandonedBackups(in: folder.path, before: Date(timeIntervalSinceNow: 60))
        #expect(folder.names == [".macha-notes.tmp", ".other.db.1f.tmp", "state"])
    }
}

/// Hosts that are gone.
struct ForgetTests {
    @Test func `every table with a host is either forgotten or remembered`() throws {
        let store = try Store.open(at: try TemporaryFolder().database)
        let tables = try store.pool.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'").filter { table in
                try db.columns(in: table).contains { $0.name == "host" }
            }
        }
        #expect(Set(tables) == Set(Store.forgotten + Store.remembered))
    }

    @Test func `what was observed goes, the record stays whole and says so`() throws {
        let folder = try TemporaryFolder()
        let store = try Store.open(at: folder.database)
        for host in ["nas", "web"] {
            try store.record(reached(host, at: minute(0)), findings: [.disk(on: host)], now: minute(0))
        }
        let rows = try store.forget("nas", by: "anna", because: "sold", at: minute(1))
        #expect(rows["snapshot"] == 1)
        #expect(rows["issue"] == 1)
        #expect(try store.openIssues().map(\.finding.host) == ["web"])
        #expect(try store.snapshots(of: "nas", limit: 5).isEmpty)
        #expect(try store.verifyAudit().faults.isEmpty)
        let last = try #require(try store.audit(limit: 1).last)
        #expect(last.host == "nas")
        #expect(last.content == .event(.forgotten(AuditEvent.Forgotten(by: "anna", why: "sold", rows: rows))))
        #expect(try store.forget("nas", by: "anna", because: "again", at: minute(2)).isEmpty)
        #expect(try store.audit(limit: 9).count == 1)
    }

    @Test func `a host with an open run is not forgotten`() throws {
        let store = try Store.open(at: try TemporaryFolder().database)
        let action = try authorized(try restart(), at: minute(0))
        _ = try store.open(action, at: minute(0))
        #expect(throws: StoreError.self) { try store.forget("web1", by: "anna", because: "", at: minute(1)) }
    }
}
