// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaModel
import Testing

@testable import MachaStore

/// Every way somebody tried to change what the state directory says, each found, or said to be invisible.
@Suite struct TamperTests {
    /// What was done, and words of the fault that names it.
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var found: String
        var hand: @Sendable (TamperedState) throws -> Void

        var testDescription: String { what }
    }

    private static func sql(_ what: String, _ sql: String, _ found: String) -> Case {
        Case(what: what, found: found) { try $0.forge(sql) }
    }

    private static func file(
        _ what: String, _ name: String, _ found: String, _ edit: @escaping @Sendable (String) -> String
    )
        -> Case
    {
        Case(what: what, found: found) { state in
            let path = "\(state.state)/\(name)"
            try edit(try String(contentsOfFile: path, encoding: .utf8)).write(
                toFile: path, atomically: true, encoding: .utf8)
        }
    }

    static let cases: [Case] = [
        sql("a payload edited", "UPDATE audit SET payload = '{}' WHERE sequence = 2", "entry 2 was edited"),
        sql("a host edited", "UPDATE audit SET host = 'web9' WHERE sequence = 0", "entry 0 was edited"),
        sql("a host taken away", "UPDATE audit SET host = NULL WHERE sequence = 0", "entry 0 was edited"),
        sql("a kind edited", "UPDATE audit SET kind = 'exec' WHERE sequence = 3", "entry 3 was edited"),
        sql("a kind nobody knows", "UPDATE audit SET kind = 'x' WHERE sequence = 3", "entry 3 was edited"),
        sql("a time moved by a minute", "UPDATE audit SET at = at + 60 WHERE sequence = 4", "entry 4 was edited"),
        sql("a time moved by 0.4 ms", "UPDATE audit SET at = at + 0.0004 WHERE sequence = 4", "entry 4 was edited"),
        sql("time 1e300", "UPDATE audit SET at = 1e300 WHERE sequence = 4", "entry 4 was edited"),
        sql("time 9e999", "UPDATE audit SET at = 9e999 WHERE sequence = 4", "entry 4 was edited"),
        sql("time -9e999", "UPDATE audit SET at = -9e999 WHERE sequence = 4", "entry 4 was edited"),
        sql(
            "text behind a NUL", "UPDATE audit SET payload = payload || char(0) || 'hidden' WHERE sequence = 2",
            "entry 2 was edited"),
        sql(
            "a host behind a NUL", "UPDATE audit SET host = host || char(0) || 'x' WHERE sequence = 2",
            "entry 2 was edited"),
        sql(
            "bytes that are no UTF-8", "UPDATE audit SET host = CAST(x'77656231FF' AS TEXT) WHERE sequence = 2",
            "entry 2 was edited"),
        sql("an entry removed", "DELETE FROM audit WHERE sequence = 3", "entry 3 was removed"),
        sql(
            "two entries swapped",
            """
            UPDATE audit SET sequence = 100 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;
            UPDATE audit SET sequence = 3 WHERE sequence = 100
            """, "entry 2 was edited"),
        sql("the end cut off", "DELETE FROM audit WHERE sequence >= 6", "entries 6 to 9 were removed"),
        Case(what: "the end cut off with its head, and all tables made to agree", found: "not in the database") {
            try $0.cut(from: 5)
        },
        sql("the head's row deleted", "DELETE FROM audit_head", "head of the audit was deleted"),
        sql("the head set back", "UPDATE audit_head SET sequence = 3", "head of the audit was edited"),
        sql("the head's hash edited", "UPDATE audit_head SET hash = replace(hash, 'a', 'b')", "does not follow"),
        sql("the head's hash made nonsense", "UPDATE audit_head SET hash = 'x'", "head of the audit was edited"),
        sql("head 2^63-1", "UPDATE audit_head SET sequence = 9223372036854775807", "entry 9223372036854775807"),
        sql("sequence 10^9", "UPDATE audit SET sequence = 1000000000 WHERE sequence = 9", "999999999 were removed"),
        sql(
            "sequence 9·10^18", "UPDATE audit SET sequence = 9000000000000000000 WHERE sequence = 9",
            "entry 9000000000000000000 was edited"),
        sql("a negative sequence", "UPDATE audit SET sequence = -5 WHERE sequence = 9", "entry -5 was edited"),
        sql("every entry deleted with the head", "DELETE FROM audit; DELETE FROM audit_head", "not in the database"),
        Case(what: "the whole database deleted", found: "not in the database") { state in
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: state.folder.database + end) }
        },
        Case(what: "the chain rewritten with new hashes", found: "another content") { try $0.rewrite(from: 2) },
        Case(what: "a dropped trigger", found: "trigger audit_kept was dropped") {
            try $0.alter("DROP TRIGGER audit_kept")
        },
        Case(what: "a trigger that does nothing", found: "trigger audit_unchanged was changed") {
            try $0.alter(
                "DROP TRIGGER audit_unchanged; CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT 1; END"
            )
        },
        Case(what: "a trigger of somebody else", found: "trigger grant is not one of macha's") {
            try $0.alter(
                """
                CREATE TRIGGER "grant" AFTER INSERT ON approval
                BEGIN UPDATE approval SET state = 'granted' WHERE id = NEW.id; END
                """)
        },
        sql(
            "an approval granted by hand",
            """
            UPDATE approval SET state = 'granted', body = json_set(body, '$.state', 'granted', '$.decidedBy', 'alice')
            WHERE id = 2
            """, "approval 2 is granted, and its grant"),
        sql(
            "an approval granted in its body only",
            "UPDATE approval SET body = json_set(body, '$.state', 'granted', '$.decidedBy', 'alice') WHERE id = 2",
            "approval 2 was edited"),
        sql(
            "the question of an approval edited",
            "UPDATE approval SET body = replace(body, 'waiting.service', 'sshd.service') WHERE id = 2",
            "approval 2 was edited: its content does not match its hash"),
        sql(
            "the title of an approval edited",
            "UPDATE approval SET body = json_set(body, '$.proposal.title', 'Nothing much') WHERE id = 2",
            "approval 2 was edited: its title"),
        sql(
            "an answer taken back",
            "UPDATE approval SET state = 'waiting', body = json_set(body, '$.state', 'waiting') WHERE id = 1",
            "approval 1 was edited: it is waiting, but the audit says granted"),
        sql(
            "a question ended by hand",
            "UPDATE approval SET state = 'expired', body = json_set(body, '$.state', 'expired') WHERE id = 2",
            "approval 2 was edited: it is expired, but the audit says waiting"),
        sql(
            "an approval deleted", "DELETE FROM approval WHERE id = 2", "approval 2 is in the audit but was removed"),
        sql("an action deleted, and its cooldown", "DELETE FROM action", "action 1 is in the audit but was removed"),
        sql(
            "an action moved a day back", "UPDATE action SET started_at = started_at - 86400",
            "action 1 was edited: its times"),
        sql(
            "an end moved a day back", "UPDATE action SET ended_at = ended_at - 86400", "action 1 was edited: its times"
        ),
        sql("another target", "UPDATE action SET target = 'else.service'", "action 1 was edited: it is not"),
        sql("another outcome", "UPDATE action SET outcome = 'failed'", "action 1 was edited: it is not"),
        sql("a run deleted", "DELETE FROM action; DELETE FROM run", "run 1 is in the audit but was removed"),
        sql("another end of a run", "UPDATE run SET state = 'failed'", "run 1 was edited: it is failed"),
        sql(
            "another content of a run", "UPDATE run SET proposal = replace(proposal, 'used.service', 'else.service')",
            "run 1 was edited: its content"),
        sql("a pause taken away", "DELETE FROM pause", "the pause of web2 was removed"),
        sql(
            "a pause of the fleet that nobody made", "INSERT INTO pause VALUES ('*', 'anna', 1800000060, '')",
            "the pause of the fleet is in the database"),
        sql(
            "an action written by hand",
            """
            INSERT INTO action SELECT 99, run_id, 7, host, kind, target, footprint, playbook, is_automatic, outcome, before,
                started_at, ended_at, machine FROM action
            """, "action 99 is in the database"),
        sql(
            "a run written by hand",
            """
            INSERT INTO run SELECT 99, host, NULL, state, proposal, authority, authorised_at, ended_at, note FROM run
            """, "run 99 is in the database"),
        file("a line of an export edited", "actions.jsonl", "the database has another content") {
            $0.replacing("fine", with: "evil")
        },
        file("a line taken out of an export", "decisions.jsonl", "removed from") {
            $0.split(separator: "\n").enumerated().filter { $0.offset != 1 }.map(\.element).joined(separator: "\n")
                + "\n"
        },
        file("a line of somebody else in an export", "decisions.jsonl", "is not an audit entry") {
            $0 + "{\"sequence\":1,\"hash\":\"x\"}\n"
        },
    ]

    @Test(arguments: cases) func `tampering is found and named`(_ tampering: Case) throws {
        let state = try TamperedState()
        let before = try state.exports.verify(state.store, heads: [])
        #expect(before.faults.isEmpty)
        try tampering.hand(state)
        let faults = try state.exports.verify(try state.reopened(), heads: []).faults.map(\.description)
        #expect(faults.contains { $0.contains(tampering.found) }, "\(faults)")
        #expect(faults.count < 20, "\(faults)")
    }

    @Test(arguments: [
        "DELETE FROM audit_head", "UPDATE audit_head SET sequence = 3", "DELETE FROM audit WHERE sequence > 6",
    ])
    func `later entries do not hide tampering`(sql: String) throws {
        let state = try TamperedState()
        try state.forge(sql)
        let store = try state.reopened()
        for number in 5..<10 {
            try store.note(.command("uptime"), host: "web1", at: minute(Double(number)))
        }
        #expect(try !store.verifyAudit().faults.isEmpty)
    }

    @Test func `an older copy of the database is found, and nothing is written over what it lacks`() throws {
        let state = try TamperedState()
        try state.alter("PRAGMA wal_checkpoint(TRUNCATE)")
        let copy = try state.copyWithoutLog()
        try state.store.note(.command("uptime"), host: "web1", at: minute(5))
        try state.exports.write(from: state.store, at: minute(5))
        try state.store.pool.close()
        try state.putBack(copy)
        let older = try state.reopened()
        let exported = try String(contentsOfFile: Exports.path(of: .actions, in: state.state), encoding: .utf8)
        #expect(try older.verifyAudit().faults.isEmpty, "the database alone agrees with itself")
        #expect(try state.exports.verify(older, heads: []).faults.contains { $0.description.contains("older copy") })
        #expect(try state.exports.conflict(with: older)?.newest.sequence == 10)
        try older.note(.command("again"), host: "web1", at: minute(6))
        #expect(throws: StoreError.self) { try state.exports.write(from: older, at: minute(6)) }
        #expect(try String(contentsOfFile: Exports.path(of: .actions, in: state.state), encoding: .utf8) == exported)
        #expect(try state.exports.conflict(with: older)?.sentence.contains("another entry 10") == true)
    }

    @Test func `a start whose write-ahead log was removed is known from the exports`() throws {
        let state = try TamperedState()
        try state.alter("PRAGMA wal_checkpoint(TRUNCATE)")
        let run = try state.store.open(try authorized(try restart("web"), at: minute(4)), at: minute(4))
        let record = ActionRecord(
            .restartUnit(try UnitName("web")), on: "web1",
            machine: MachineIdentity(hostKey: nil, machineID: nil), playbook: nil, requester: .macha,
            startedAt: minute(4))
        _ = try state.store.begin(
            record, position: 0, of: run, before: ActionBaseline(invocation: "b"), detail: try .sample())
        try state.exports.witness(state.store)
        // As after kill -9: the log is not folded into the database.
        let copy = try state.copyWithoutLog()
        try state.store.pool.close()
        try state.putBack(copy)
        let older = try state.reopened()
        #expect(try older.hostsWithOpenRuns().isEmpty, "the database knows nothing of it")
        let conflict = try #require(try state.exports.conflict(with: older))
        #expect(conflict.newest.words == "entry 11: started restart-unit web.service on web1")
        let faults = try state.exports.verify(older, heads: []).faults.map(\.description)
        #expect(faults.contains { $0.contains("begun, and unknown to the database: entry 11: started restart-unit") })
    }

    @Test func `a consistent rewrite is found by a head kept elsewhere, and known to be invisible without`() throws {
        let state = try TamperedState()
        let head = try #require(try state.store.auditHead())
        try state.cut(from: 5)
        for name in ["actions.jsonl", "decisions.jsonl"] {
            try FileManager.default.removeItem(atPath: "\(state.state)/\(name)")
        }
        let blind = try state.exports.verify(try state.reopened(), heads: [])
        #expect(blind.faults.isEmpty)
        #expect(blind.compared == 0)
        #expect(blind.blind.contains { $0.contains("an end that was cut off with its head") })
        for text in [head.text, head.shortText] {
            let kept = try #require(KeptHead(text))
            let found = try state.exports.verify(try state.reopened(), heads: [("--head", kept)])
            #expect(found.faults.map(\.description).contains { $0.contains("entry 9 is not in the database") })
        }
    }

    @Test func `a head kept elsewhere finds a chain that was rewritten before it`() throws {
        let state = try TamperedState()
        let places = AuditHeadPlaces(file: state.folder.path + "/heads", usesSyslog: false)
        let head = try #require(try state.store.auditHead())
        try places.keep(head, at: minute(4))
        try places.keep(head, at: minute(5))
        #expect(try places.heads().map(\.digits) == [head.hash.description])
        try state.rewrite(from: 2)
        let kept = try places.heads().map { (origin: "heads", head: $0) }
        let faults = try state.exports.verify(try state.reopened(), heads: kept).faults.map(\.description)
        #expect(faults.contains("heads: entry 9 has another hash; the chain up to there was rewritten"), "\(faults)")
    }

    @Test func `an older database can be accepted, and the exports are kept`() throws {
        let state = try TamperedState()
        try state.cut(from: 5)
        let store = try state.reopened()
        #expect(try state.exports.conflict(with: store) != nil)
        let aside = try #require(try state.exports.accept(store, by: "anna", because: "restored", at: minute(9)))
        #expect(aside.count == 2)
        #expect(aside.allSatisfy { FileManager.default.fileExists(atPath: $0) })
        #expect(try state.exports.conflict(with: store) == nil)
        #expect(try state.exports.accept(store, by: "anna", because: "", at: minute(9)) == nil)
        #expect(try state.exports.verify(store, heads: []).faults.isEmpty)
        #expect(try store.audit(limit: 1).first?.payload.contains(#""exportsEnd":9"#) == true)
    }

    @Test(arguments: [
        "", "1", "x:ab", "-1:\(String(repeating: "a", count: 64))", "3:abc", "3:\(String(repeating: "g", count: 64))",
    ])
    func `an invalid audit head is refused`(text: String) { #expect(KeptHead(text) == nil) }
}
