// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaModel
import MachaStore
import Testing

@Suite struct AuditStoreTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
        for number in 0..<10 {
            try store.note(.withheld("\(number)"), host: "web1", at: minute(Double(number)))
        }
    }

    /// What somebody does who may write to the file: the triggers are dropped first.
    private func forge(_ sql: String) throws {
        let raw = try DatabaseQueue(path: folder.database)
        try raw.write { db in
            try db.execute(sql: "DROP TRIGGER audit_unchanged; DROP TRIGGER audit_kept; DROP TRIGGER audit_in_order;")
            try db.execute(sql: sql)
        }
    }

    @Test func `an untouched audit log verifies`() throws {
        let verification = try store.verifyAudit()
        #expect(verification.faults.isEmpty)
        #expect(verification.count == 10)
        #expect(verification.head?.sequence == 9)
    }

    @Test(arguments: [
        ("UPDATE audit SET payload = '{\"number\":99}' WHERE sequence = 4", "4"),
        ("UPDATE audit SET host = 'web2' WHERE sequence = 0", "0"),
        ("UPDATE audit SET at = at + 60 WHERE sequence = 7", "7"),
        ("UPDATE audit SET kind = 'nonsense' WHERE sequence = 3", "3"),
        ("DELETE FROM audit WHERE sequence = 5", "5"),
        ("DELETE FROM audit WHERE sequence >= 8", "8"),
        ("DELETE FROM audit WHERE sequence = 9", "9"),
        ("DELETE FROM audit", "0"),
        (
            """
            UPDATE audit SET sequence = 100 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;
            UPDATE audit SET sequence = 3 WHERE sequence = 100
            """, "2"
        ),
    ]) func `an entry that was edited, removed or moved is found and named`(sql: String, sequence: String) throws {
        try forge(sql)
        let faults = try store.verifyAudit().faults
        #expect(!faults.isEmpty)
        #expect(faults.contains { "\($0)".contains(sequence) }, "\(faults)")
    }

    @Test(arguments: ["UPDATE audit SET payload = '{}' WHERE sequence = 1", "DELETE FROM audit WHERE sequence = 1"])
    func `the database itself lets nobody edit or remove an entry`(sql: String) throws {
        let raw = try DatabaseQueue(path: folder.database)
        #expect(throws: DatabaseError.self) { try raw.write { try $0.execute(sql: sql) } }
        #expect(try store.verifyAudit().faults.isEmpty)
    }

    @Test func `two programs write one chain`() throws {
        let other = try Store.open(at: folder.database)
        for number in 0..<20 {
            try (number.isMultiple(of: 2) ? store : other)
                .note(.command(UntrustedText("\(number)")), host: nil, at: minute(20))
        }
        #expect(try store.verifyAudit().faults.isEmpty)
        #expect(try store.audit(limit: 1).last?.sequence == 29)
    }

    @Test func `the export holds each entry once, with its hash`() throws {
        let exports = Exports(folder: folder.path)
        try exports.write(from: store, at: minute(20))
        try exports.write(from: store, at: minute(20))
        let text = try String(contentsOfFile: Exports.path(of: .decisions, in: folder.path), encoding: .utf8)
        let lines = try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let sequences: [Int] = lines.compactMap { $0["sequence"] as? Int }
        let hashes: [String] = lines.compactMap { $0["hash"] as? String }
        let written: [String] = try store.audit().map(\.hash.description)
        #expect(sequences == Array(0..<10))
        #expect(hashes == written)
        #expect((lines[3]["payload"] as? [String: Any])?["title"] as? String == "3")
        let queue = try String(contentsOfFile: Exports.queue(in: folder.path), encoding: .utf8)
        #expect(queue == "[\n\n]\n")
    }
}
