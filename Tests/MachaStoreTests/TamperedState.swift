// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaFindings
import MachaModel

@testable import MachaStore

/// A state directory with a history worth forging: an approval that was granted and used, one that was granted, one that
/// waits, an action that is verified, a host that is paused, and the exports of all that.
struct TamperedState {
    let folder: TemporaryFolder
    let store: Store

    var state: String { folder.path + "/state" }
    var exports: Exports { Exports(folder: state) }

    static let used = 0
    static let granted = 1
    static let waiting = 2

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
        for (id, unit) in ["used", "granted", "waiting"].enumerated() {
            let approval = try store.ask(try restart(unit), because: asks, at: minute(0)).approval
            if id != Self.waiting { _ = try store.grant(id, content: approval.content, by: "anna", at: minute(1)) }
        }
        _ = try store.record(reached("web1", at: minute(1)), findings: [.unit(on: "web1")], now: minute(1))
        try JobQueue(store).setAside(
            endpoint: "desk", reason: "down", code: "unreachable", atLeast: nil, random: 0, now: minute(1))
        guard case .success(let used)? = try store.use(Self.used, at: minute(2)) else { throw CancellationError() }
        let record = ActionRecord(
            .restartUnit(try UnitName("used")), on: "web1",
            machine: MachineIdentity(hostKey: nil, machineID: nil), playbook: nil, requester: .macha,
            startedAt: minute(2))
        guard
            case .begun(let action) = try store.begin(
                record, position: 0, of: used.run, before: ActionBaseline(invocation: "a"), detail: try .sample())
        else { throw CancellationError() }
        try store.end(action, .verified, detail: .recovery(found: "fine"), at: minute(3))
        try store.close(used.run, .verified, note: "fine", at: minute(3))
        try store.pause(hosts: ["web2"], by: "anna", because: "", at: minute(3))
        try exports.write(from: store, at: minute(3))
    }

    /// What somebody does who may write the file and knows of the triggers: they are there again afterwards.
    func forge(_ sql: String) throws {
        let raw = try DatabaseQueue(path: folder.database)
        try raw.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
            try db.execute(sql: sql)
            for trigger in triggers { try db.execute(sql: trigger["sql"] as String) }
        }
        try raw.close()
    }

    /// The same without putting the triggers back: a change of the schema itself.
    func alter(_ sql: String) throws {
        let raw = try DatabaseQueue(path: folder.database)
        try raw.writeWithoutTransaction { try $0.execute(sql: sql) }
        try raw.close()
    }

    /// The chain from `sequence` on with another payload there, and every hash computed again, and the head.
    func rewrite(from sequence: Int, as edit: (String) -> String = { _ in #"{"event":"nothing"}"# }) throws {
        var last: AuditEntry?
        var statements = ""
        for entry in try store.audit(limit: 1_000) {
            let payload = entry.sequence == sequence ? edit(entry.payload) : entry.payload
            let new = AuditEntry(after: last, at: entry.at, kind: entry.kind, host: entry.host, payload: payload)
            statements += """
                UPDATE audit SET payload = '\(payload)', previous = '\(new.previous)', hash = '\(new.hash)'
                WHERE sequence = \(entry.sequence);
                """
            last = new
        }
        if let last { statements += "UPDATE audit_head SET hash = '\(last.hash)';" }
        try forge(statements)
    }

    /// Cuts the end off and makes everything inside the database agree with it.
    func cut(from sequence: Int) throws {
        try forge(
            """
            DELETE FROM audit WHERE sequence >= \(sequence);
            UPDATE audit_head SET sequence = \(sequence - 1),
                hash = (SELECT hash FROM audit WHERE sequence = \(sequence - 1));
            DELETE FROM action; DELETE FROM run; DELETE FROM pause;
            UPDATE approval SET state = 'granted', body = json_set(body, '$.state', 'granted') WHERE state = 'used';
            UPDATE export SET sequence = \(sequence - 1);
            """)
    }

    /// A copy of the database alone, as it is without its write-ahead log.
    func copyWithoutLog() throws -> String {
        let copy = folder.path + "/older.db"
        try FileManager.default.copyItem(atPath: folder.database, toPath: copy)
        return copy
    }

    /// Puts `copy` in the place of the database.
    func putBack(_ copy: String) throws {
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.database + end) }
        try FileManager.default.copyItem(atPath: copy, toPath: folder.database)
    }

    func reopened() throws -> Store { try Store.open(at: folder.database) }

    /// Everything that a command reads; an error is as good as an answer here.
    static func readEverything(_ store: Store) {
        _ = try? store.latest()
        _ = try? store.openIssues()
        _ = try? store.approvals(open: false, at: minute(5))
        _ = try? store.hostsWithOpenRuns()
        _ = try? store.actions(of: 1)
        _ = try? store.history(since: minute(0))
        _ = try? store.history(for: reached("web1", at: minute(6)))
        _ = try? store.pauseState()
        _ = try? store.audit()
        _ = try? JobQueue(store).stats()
        _ = try? JobQueue(store).jobs()
        _ = try? JobQueue(store).claim(endpoint: "desk", models: [], worker: "w", now: minute(2))
        _ = try? JobQueue(store).setAside(
            endpoint: "desk", reason: "down", code: "unreachable", atLeast: nil, random: 1, now: minute(2))
        _ = try? store.history(
            host: "web1", metric: .memory, since: minute(0), until: minute(99), buckets: 9)
        _ = try? store.issues(of: ["web1"], changedSince: minute(0))
        _ = try? store.note(.command("x"), host: nil, at: minute(7))
        _ = try? store.record(reached("web1", at: minute(7)), findings: [], now: minute(7))
    }
}
