// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaFindings
import MachaModel
import Testing

@testable import MachaStore

struct StoreOpeningTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(of path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func failure(_ path: String, busyTimeout: Duration = .seconds(5)) -> StoreError? {
        do throws(StoreError) {
            _ = try Store.open(at: path, busyTimeout: busyTimeout)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a new database and its folders are for their owner alone`() throws {
        let path = folder.path + "/deep/state/macha.db"
        let store = try Store.open(at: path)
        try store.record(reached("nas", at: minute(0)), findings: [], now: minute(0))
        #expect(try mode(of: folder.path + "/deep") == 0o700)
        #expect(try mode(of: folder.path + "/deep/state") == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(of: path + suffix) == 0o600) }
    }

    @Test func `the mode of a folder that exists stays as its owner made it`() throws {
        chmod(folder.path, 0o750)
        _ = try Store.open(at: folder.path + "/macha.db")
        #expect(try mode(of: folder.path) == 0o750)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `files that root creates belong to the owner of the folder`() throws {
        let owner: uid_t = 65_534
        chown(folder.path, owner, owner)
        let store = try Store.open(at: folder.path + "/macha.db")
        try Exports(folder: folder.path).write(from: store, at: minute(0))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.contains("approval_queue.json"))
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)
            #expect(attributes[.ownerAccountID] as? Int == Int(owner), "\(file)")
        }
    }

    @Test func `opening again finds what was stored`() throws {
        let id = try Store.open(at: folder.database).record(
            reached("nas", at: minute(0)), findings: [.disk(on: "nas")], now: minute(0)
        ).id
        #expect(try Store.open(at: folder.database).snapshot(id)?.findings == [.disk(on: "nas")])
    }

    @Test(arguments: ["3 actions", "4 queue", "5 analyses"])
    func `a database of an earlier version that has acted is opened with what it holds`(version: String) throws {
        let path = folder.path + "/macha.db"
        let earlier = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(earlier, upTo: version)
        try earlier.write { db in
            try db.execute(
                sql: """
                    INSERT INTO run (host, state, proposal, authority, authorised_at, ended_at)
                    VALUES ('web', 'verified', '{}', '{}', 1, 2);
                    INSERT INTO action (run_id, position, host, kind, target, footprint, is_automatic, outcome, before,
                        started_at, ended_at)
                    VALUES (1, 0, 'web', 'restart-unit', 'nginx.service', 'changes', 1, 'verified', '{"invocation":"a"}', 1, 2)
                    """)
        }
        try earlier.close()
        let action = try #require(try Store.open(at: path).actions(of: 1).first)
        #expect(action.record.target == "nginx.service")
        #expect(action.record.machine == nil)
    }

    @Test func `a folder that is a file is refused with the path and a remedy`() throws {
        let file = folder.path + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let error = try #require(failure(file + "/macha.db"))
        #expect(error.code == .notWritable)
        #expect(error.description.contains(file + "/macha.db"))
        #expect(error.remedy.contains("--state-dir"))
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a folder that may not be written is refused`() throws {
        chmod(folder.path, 0o500)
        #expect(failure(folder.database)?.code == .notWritable)
    }

    @Test func `a database that is a folder is refused`() throws {
        #expect(failure(folder.path)?.code == .notOurs)
    }

    @Test func `a file that is no database is refused and left alone`() throws {
        let path = folder.path + "/macha.db"
        let text = Data(String(repeating: "these are my notes. ", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        let error = try #require(failure(path))
        #expect(error.code == .notOurs)
        #expect(error.description.hasPrefix(path + ": "))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test func `the database of another program is refused and left alone`() throws {
        let path = folder.path + "/other.db"
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE recipe (title TEXT)") }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(failure(path)?.code == .notOurs)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func `a database from a newer version is refused by name`() throws {
        _ = try Store.open(at: folder.database)
        try DatabaseQueue(path: folder.database).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 time travel')")
        }
        let error = try #require(failure(folder.database))
        #expect(error.code == .newerSchema)
        #expect(error.reason.contains("99 time travel"))
        #expect(error.path == folder.database)
        #expect(!error.remedy.isEmpty)
    }

    @Test func `a writer that waits too long fails with a locked database`() throws {
        let first = try Store.open(at: folder.database)
        let second = try Store.open(at: folder.database, busyTimeout: .milliseconds(10))
        try first.write("hold the lock") { _ in
            let error = #expect(throws: StoreError.self) {
                try second.record(reached("nas", at: minute(0)), findings: [], now: minute(0))
            }
            #expect(error?.code == .locked)
            let seen = try second.latest()
            #expect(seen.isEmpty, "readers do not wait for a writer")
        }
        try second.record(reached("nas", at: minute(0)), findings: [], now: minute(0))
    }

    @Test func `a full disk is reported and leaves nothing half written`() throws {
        let store = try Store.open(at: folder.database)
        try store.record(reached("nas", at: minute(0)), findings: [], now: minute(0))
        try store.pool.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        let huge = Finding(.unitFailed, host: "nas", .critical, String(repeating: "x", count: 100_000))
        let error = #expect(throws: StoreError.self) {
            try store.record(reached("nas", at: minute(1)), findings: [huge], now: minute(1))
        }
        #expect(error?.code == .full)
        #expect(try store.snapshots(of: "nas").count == 1)
        #expect(try store.openIssues().isEmpty)
    }

    @Test func `processes that start together open one new database`() async throws {
        let path = folder.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in 0..<8 {
                group.addTask {
                    try Store.open(at: path).record(reached("host\(host)", at: minute(0)), findings: [], now: minute(0))
                }
            }
            try await group.waitForAll()
        }
        #expect(try Store.open(at: path).latest().count == 8)
    }

    @Test(arguments: [
        "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('', 1, 1, 'reached', '{}')",
        "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('a', 'noon', 1, 'reached', '{}')",
        "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('a', 1, -1, 'reached', '{}')",
        "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES ('a', 1, 1, 'reached', 'no JSON')",
        "INSERT INTO finding VALUES (7, 0, '0123456789abcdef', 'k', NULL, 'info', 's', '', '[]', '[]', '{}')",
        """
        INSERT INTO issue VALUES (1, '0123456789abcdef', 'a', 'k', NULL, 'info', 's', '', '[]', '{}', 2, 1, 1, NULL, '[]', '{}',
            'observed', 'open', 1, 0, 0, NULL, NULL, NULL, 0)
        """,
        """
        INSERT INTO issue VALUES (1, '0123456789abcdef', 'a', 'k', NULL, 'fatal', 's', '', '[]', '{}', 1, 1, 1, NULL, '[]', '{}',
            'observed', 'open', 1, 0, 0, NULL, NULL, NULL, 0)
        """,
        """
        INSERT INTO issue VALUES (1, '0123456789abcdef', 'a', 'k', NULL, 'info', 's', '', '[]', '{}', 1, 1, 1, NULL, '[]', '{}',
            'observed', 'resolved', 1, 0, 0, NULL, NULL, NULL, 0)
        """,
    ])
    func `the schema itself refuses what makes no sense`(sql: String) throws {
        let store = try Store.open(at: folder.database)
        let error = #expect(throws: StoreError.self) { try store.write("try") { try $0.execute(sql: sql) } }
        #expect(error?.code == .rejected)
    }
}
