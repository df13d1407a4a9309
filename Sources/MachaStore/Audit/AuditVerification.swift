// SPDX-License-Identifier: MIT
package import MachaActions
import MachaModel

/// What `audit verify` found, what it compared, and what it cannot see.
package struct AuditVerification: Sendable {
    /// Empty when everything that can be compared agrees.
    package var faults: [AuditFault]
    /// Entries in the database.
    package var count: Int
    /// The end of the chain; `nil` without entries, or when the last one cannot be read.
    package var head: AuditChain.Head?
    /// Entries, whole as they are, that say nothing this version understands.
    var unread: [Int]
    /// Entries that were also compared with a copy outside of the database.
    package var compared = 0
    /// Tamperings that these comparisons could not have noticed, each as a sentence with what would.
    package var blind: [String] = []
}

/// One thing that is not as it was written, in words.
package struct AuditFault: Hashable, Sendable, CustomStringConvertible {
    /// Starts lower case; names the entry, table or file. Safe to print.
    package let description: String

    init(_ description: String) { self.description = description.printable(limit: 400) }

    init(_ fault: AuditChain.Fault) {
        switch fault {
        case .edited(let sequence): self.init("entry \(sequence) was edited")
        case .removed(let from, let through):
            self.init(
                from == through ? "entry \(from) was removed" : "entries \(from) to \(through) were removed")
        case .moved(let sequence): self.init("entry \(sequence) was moved or duplicated")
        case .relinked(let sequence): self.init("entry \(sequence) does not follow the one before it")
        }
    }
}

/// Numbers as the ranges they form: thousands of entries that are gone are one fault.
struct SequenceRanges {
    private var ranges: [ClosedRange<Int>] = []

    init(_ sequences: some Sequence<Int>) {
        for sequence in Set(sequences).sorted() {
            if let last = ranges.last, last.upperBound == sequence - 1 {
                ranges[ranges.count - 1] = last.lowerBound...sequence
            } else {
                ranges.append(sequence...sequence)
            }
        }
    }

    /// `entry 4`, `entries 4 to 9`.
    var words: [String] {
        ranges.map { $0.count == 1 ? "entry \($0.lowerBound)" : "entries \($0.lowerBound) to \($0.upperBound)" }
    }
}
