// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// One line of the record of what was decided and done. Written once; each holds the hash of the one before.
package struct AuditEntry: Hashable, Codable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// Policy decided.
        case decision
        /// A question to a person came up, was seen again, was answered, or ended.
        case approval
        /// About to act; written before the first byte leaves.
        case started
        /// How it ended: verified, failed, rolled back.
        case finished
        /// Found begun after a crash.
        case interrupted
        case paused
        case resumed
        /// A person's own command.
        case exec
        /// A model was asked about a host, or something was looked up because it asked.
        case analysis

        /// The log in which people and programs find it.
        package var log: Log {
            switch self {
            case .decision, .approval, .paused, .resumed, .analysis: .decisions
            case .started, .finished, .interrupted, .exec: .actions
            }
        }
    }

    /// The audit in two parts: what was decided, and what was done.
    package enum Log: String, Sendable, CaseIterable {
        case decisions, actions

        package var kinds: [Kind] { Kind.allCases.filter { $0.log == self } }
    }

    /// From 0, without gaps, and below ``AuditChain/limit``.
    package let sequence: Int
    /// To the millisecond.
    package let at: Date
    package let kind: Kind
    /// `nil` when the whole fleet is meant.
    package let host: String?
    /// A JSON document, kept as its very text; bounded and redacted by who writes it.
    package let payload: String
    package let previous: ContentHash
    package let hash: ContentHash

    /// The entry after `previous` (`nil`: the very first).
    package init(after previous: AuditEntry?, at: Date, kind: Kind, host: String?, payload: String) {
        let sequence = previous.map { $0.sequence &+ 1 } ?? 0
        let milliseconds = (at.timeIntervalSince1970 * 1000).rounded(.down)
        let link = previous?.hash ?? AuditChain.origin
        let body = AuditChain.Body(
            sequence: sequence, milliseconds: Int64(milliseconds), kind: kind, host: host, payload: payload)
        self.init(
            sequence: sequence, at: Date(timeIntervalSince1970: milliseconds / 1000), kind: kind, host: host,
            payload: payload, previous: link, hash: AuditChain.hash(previous: link, body))
    }

    /// An entry as it was stored; ``AuditChain/verify(_:head:)`` tells whether it is what was written.
    package init(
        sequence: Int, at: Date, kind: Kind, host: String?, payload: String, previous: ContentHash, hash: ContentHash
    ) {
        self.sequence = sequence
        self.at = at
        self.kind = kind
        self.host = host
        self.payload = payload
        self.previous = previous
        self.hash = hash
    }

    var body: AuditChain.Body {
        AuditChain.Body(
            // A time beyond every calendar was not written by us; no entry has this one.
            sequence: sequence, milliseconds: Int64(exactly: (at.timeIntervalSince1970 * 1000).rounded()) ?? .min,
            kind: kind, host: host, payload: payload)
    }
}

/// The rule that ties the entries together.
package enum AuditChain {
    /// No sequence is this great: at a thousand entries a second it would take 280,000 years.
    package static let limit = 1 << 53

    /// What the first entry follows.
    package static let origin = ContentHash(of: Array("macha audit 1".utf8))

    /// What of an entry is hashed, beside the hash of the one before.
    package struct Body: Hashable, Codable, Sendable {
        package var sequence: Int
        /// Since 1970.
        package var milliseconds: Int64
        package var kind: AuditEntry.Kind
        package var host: String?
        package var payload: String
    }

    /// The hash of an entry that follows one with the hash `previous`.
    package static func hash(previous: ContentHash, _ body: Body) -> ContentHash {
        ContentHash(of: Array(previous.description.utf8) + [0x0a] + CanonicalJSON.bytes(of: body))
    }

    /// The end of a chain, to be kept in another place: without it a cut-off end cannot be detected.
    package struct Head: Hashable, Codable, Sendable {
        package var sequence: Int
        package var hash: ContentHash

        package init(_ entry: AuditEntry) {
            sequence = entry.sequence
            hash = entry.hash
        }

        package init(sequence: Int, hash: ContentHash) {
            self.sequence = sequence
            self.hash = hash
        }
    }

    package enum Fault: Hashable, Sendable {
        /// The entry no longer has the hash it was written with.
        case edited(sequence: Int)
        /// Entries are missing; both ends are included.
        case removed(from: Int, through: Int)
        /// The entry is in another place than it was written, or twice.
        case moved(sequence: Int)
        /// The entry is whole and in its place, but was written after a different one than is before it.
        case relinked(sequence: Int)
    }

    /// Everything that is wrong with `entries`, in the order in which they stand; empty when they are what was written.
    /// Any number is taken for a sequence or a time, and costs no more than another.
    package static func verify(_ entries: [AuditEntry], head: Head? = nil) -> [Fault] {
        var faults: [Fault] = []
        var previous: AuditEntry?
        var greatest = -1
        var seen: Set<Int> = []
        for entry in entries {
            guard (0..<limit).contains(entry.sequence) else {
                faults.append(.edited(sequence: entry.sequence))
                continue
            }
            let isEdited = !verify(entry)
            if isEdited { faults.append(.edited(sequence: entry.sequence)) }
            if !seen.insert(entry.sequence).inserted || entry.sequence < greatest {
                faults.append(.moved(sequence: entry.sequence))
            } else if !isEdited, entry.sequence == (previous.map { $0.sequence + 1 } ?? 0),
                entry.previous != previous?.hash ?? origin
            {
                faults.append(.relinked(sequence: entry.sequence))
            }
            greatest = max(greatest, entry.sequence)
            previous = entry
        }
        if let head, !(0..<limit).contains(head.sequence) { faults.append(.relinked(sequence: head.sequence)) }
        let head = head.flatMap { (0..<limit).contains($0.sequence) ? $0 : nil }
        let last = max(greatest, head?.sequence ?? -1)
        faults += gaps(in: seen, through: last)
        if let head, let entry = entries.first(where: { $0.sequence == head.sequence }), entry.hash != head.hash,
            !faults.contains(.edited(sequence: head.sequence))
        {
            faults.append(.relinked(sequence: head.sequence))
        }
        return faults
    }

    /// Whether `entry` has the hash it was written with.
    package static func verify(_ entry: AuditEntry) -> Bool { hash(previous: entry.previous, entry.body) == entry.hash }

    /// Costs what there are entries, not what their numbers are: a number may be anything in an edited database.
    private static func gaps(in seen: Set<Int>, through last: Int) -> [Fault] {
        var faults: [Fault] = []
        var next = 0
        for sequence in seen.sorted() where sequence >= next {
            if sequence > next { faults.append(.removed(from: next, through: sequence - 1)) }
            next = sequence + 1
        }
        if next <= last { faults.append(.removed(from: next, through: last)) }
        return faults
    }
}
