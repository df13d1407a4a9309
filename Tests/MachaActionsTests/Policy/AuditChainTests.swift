// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel
import Testing

@Suite struct AuditChainTests {
    private func chain(_ count: Int = 8) -> [AuditEntry] {
        var entries: [AuditEntry] = []
        for number in 0..<count {
            entries.append(
                AuditEntry(
                    after: entries.last, at: Date(timeIntervalSince1970: 1_790_000_000.1234 + Double(number)),
                    kind: number.isMultiple(of: 2) ? .started : .finished, host: number == 3 ? nil : "web",
                    payload: "{\"n\":\(number)}"))
        }
        return entries
    }

    private func edited(_ entry: AuditEntry, payload: String) -> AuditEntry {
        AuditEntry(
            sequence: entry.sequence, at: entry.at, kind: entry.kind, host: entry.host, payload: payload,
            previous: entry.previous, hash: entry.hash)
    }

    @Test func `an untouched chain verifies, also after storing`() throws {
        let entries = chain()
        #expect(AuditChain.verify(entries, head: entries.last.map { AuditChain.Head($0) }).isEmpty)
        let data = try CanonicalJSON.encoder.encode(entries)
        #expect(AuditChain.verify(try CanonicalJSON.decoder.decode([AuditEntry].self, from: data)).isEmpty)
        #expect(AuditChain.verify([]).isEmpty)
    }

    @Test(arguments: 0..<8)
    func `an edited entry is named`(number: Int) {
        var entries = chain()
        entries[number] = edited(entries[number], payload: "{}")
        #expect(AuditChain.verify(entries) == [.edited(sequence: number)])
    }

    @Test(arguments: 0..<7)
    func `a removed entry is named`(number: Int) {
        var entries = chain()
        entries.remove(at: number)
        #expect(AuditChain.verify(entries) == [.removed(from: number, through: number)])
    }

    @Test func `entries cut off at the end are missed when the head is known`() {
        let entries = chain()
        let head = entries.last.map { AuditChain.Head($0) }
        #expect(AuditChain.verify(Array(entries.dropLast(3)), head: head) == [.removed(from: 5, through: 7)])
        #expect(AuditChain.verify([], head: head) == [.removed(from: 0, through: 7)])
    }

    @Test func `entries in another order are named`() {
        var entries = chain()
        entries.swapAt(2, 5)
        #expect(AuditChain.verify(entries) == [.moved(sequence: 3), .moved(sequence: 4), .moved(sequence: 2)])
    }

    @Test func `an entry that was put in twice is named`() {
        var entries = chain()
        entries.insert(entries[4], at: 5)
        #expect(AuditChain.verify(entries) == [.moved(sequence: 4)])
    }

    @Test func `a rewritten entry with its own hash does not fit the next one`() {
        var entries = chain()
        entries[3] = AuditEntry(after: entries[2], at: entries[3].at, kind: .finished, host: "web", payload: "{}")
        #expect(AuditChain.verify(entries) == [.relinked(sequence: 4)])
    }

    @Test func `a rewritten chain does not fit the head`() {
        let head = chain().last.map { AuditChain.Head($0) }
        var entries: [AuditEntry] = []
        for entry in chain() {
            entries.append(
                AuditEntry(after: entries.last, at: entry.at, kind: entry.kind, host: "db", payload: entry.payload))
        }
        #expect(AuditChain.verify(entries, head: head) == [.relinked(sequence: 7)])
    }
}
