// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaModel

extension Exports {
    /// The audit against itself, against the exports beside the database, and against `heads` that were kept elsewhere, each
    /// with where it comes from.
    package func verify(
        _ store: Store, heads: [(origin: String, head: KeptHead)]
    ) throws(StoreError) -> AuditVerification {
        var verification = try store.verifyAudit()
        var exported = 0
        try store.read("cannot compare the database with its exports") { db in
            for (log, file) in logs {
                var lines: Set<Int> = []
                for path in file.files {
                    let (faults, sequences) = try Self.compare(path, db)
                    verification.faults += faults
                    lines.formUnion(sequences)
                }
                verification.faults += try Self.gaps(lines, log.kinds, file.path, db)
                exported += lines.count
            }
            verification.faults += try heads.compactMap { try Self.compare($0.head, from: $0.origin, db) }
        }
        verification.compared = exported
        verification.blind = Self.blind(exported: exported, heads: heads.count, unread: verification.unread)
        return verification
    }

    private static func compare(_ file: String, _ db: Database) throws -> (faults: [AuditFault], sequences: [Int]) {
        var (missing, different, foreign): ([Int], [Int], [Int]) = ([], [], [])
        var sequences: [Int] = []
        var started: [ExportedEntry] = []
        try ExportFile.each(file) { line, exported in
            guard let exported else { return foreign.append(line) }
            sequences.append(exported.sequence)
            guard let known = try? Store.entry(exported.sequence, db) else {
                missing.append(exported.sequence)
                if exported.kind == AuditEntry.Kind.started.rawValue { started.append(exported) }
                return
            }
            if !exported.isSame(as: known) { different.append(exported.sequence) }
        }
        let faults =
            SequenceRanges(missing).words.map {
                "\($0) of \(file): not in the database, which is an older copy, or was cut off or edited"
            } + started.suffix(20).map { "begun, and unknown to the database: \($0.words)" }
            + SequenceRanges(different).words.map { "\($0) of \(file): the database has another content" }
            + SequenceRanges(foreign).words.map {
                "\(file): line\($0.dropFirst($0.hasPrefix("entries") ? 7 : 5)) is not an audit entry"
            }
        return (faults.map { AuditFault($0) }, sequences)
    }

    /// Entries between the first and the last of an export that it lacks: lines that were taken out.
    private static func gaps(
        _ lines: Set<Int>, _ kinds: [AuditEntry.Kind], _ path: String, _ db: Database
    ) throws -> [AuditFault] {
        guard let first = lines.min(), let last = lines.max() else { return [] }
        let arguments = [first, last] + kinds.map { $0.rawValue as any DatabaseValueConvertible }
        let missing = try Int.fetchAll(
            db,
            sql: """
                SELECT sequence FROM audit WHERE sequence BETWEEN ? AND ? AND kind IN (\(Store.marks(kinds.count)))
                """, arguments: StatementArguments(arguments)
        ).filter { !lines.contains($0) }
        return SequenceRanges(missing).words.map { AuditFault("\($0): removed from \(path), or never written to it") }
    }

    private static func compare(_ head: KeptHead, from origin: String, _ db: Database) throws -> AuditFault? {
        guard let known = try? Store.entry(head.sequence, db) else {
            return AuditFault(
                "\(origin): entry \(head.sequence) is not in the database, which is an older copy or was cut off")
        }
        return known.hash.description.hasPrefix(head.digits)
            ? nil
            : AuditFault("\(origin): entry \(head.sequence) has another hash; the chain up to there was rewritten")
    }

    /// What could not have been noticed. Nothing that one hand can write can prove that this hand wrote nothing.
    private static func blind(exported: Int, heads: Int, unread: [Int]) -> [String] {
        var sentences = SequenceRanges(unread).words.map {
            "\($0) of the audit: written by another version or edited; what the tables hold of it was not compared"
        }
        if exported == 0, heads == 0 {
            sentences.append(
                "there are no exports to compare with: an older copy of the database, an end that was cut off with its "
                    + "head, and a rewritten chain cannot be detected")
        }
        if heads == 0 {
            sentences.append(
                "anyone who can write the database and its exports can rewrite both: keep a head elsewhere "
                    + "(audit-head-file, audit-head-syslog) and compare with --head SEQUENCE:HASH")
        }
        sentences.append("what happened after the newest head or export that was compared cannot be proved complete")
        sentences.append(
            "observations, open findings, figures over time, the model queue and its analyses are not part of the audit: an edit "
                + "there cannot be detected, and the next check asks the hosts again")
        return sentences
    }
}

/// The end of the chain as a person or a file kept it: the hash, or its first digits.
package struct KeptHead: Hashable, Sendable {
    package let sequence: Int
    /// 16 to 64 hex digits.
    package let digits: String

    /// Reads `SEQUENCE:HASH`, the hash in full or at least its first 16 digits.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int(parts[0]), (0..<AuditChain.limit).contains(sequence),
            (16...64).contains(parts[1].count), parts[1].allSatisfy({ $0.isHexDigit && $0.isASCII })
        else { return nil }
        self.sequence = sequence
        digits = parts[1].lowercased()
    }
}

extension AuditChain.Head {
    /// `57:ab12…`, as `--head` reads it.
    package var text: String { "\(sequence):\(hash)" }

    /// The same with 16 digits, for one calm line.
    package var shortText: String { "\(sequence):\(hash.description.prefix(16))" }
}
