// SPDX-License-Identifier: MIT
package import MachaJournal
import MachaModel

extension AnalysisMaterial {
    /// What the journal said since the last analysis.
    package enum Journal: Sendable {
        /// Lines of a digest, most unusual first, and how many lines of journal they stand for.
        case digest([EvidenceLine], read: Int, shown: Int)
        /// What models wrote about its parts.
        case notes([Note], read: Int, shown: Int)
        /// Nothing could be read, for this reason.
        case none(String)

        package init(_ digest: Digest) {
            self = .digest(
                digest.lines.map { EvidenceLine($0) }, read: digest.countedLines, shown: digest.shownLines)
        }

        /// Lines of journal that were read, and those that stand in it alone or as one of a group.
        package var counts: (read: Int, shown: Int) {
            switch self {
            case .digest(_, let read, let shown), .notes(_, let read, let shown): (read, shown)
            case .none: (0, 0)
            }
        }
    }
}

extension EvidenceLine {
    /// A line of the log keeps the id of its statement; bursts and remarks on the whole digest cannot be cited.
    package init(_ line: DigestLine) {
        self.init(line.id ?? Self.uncitable, PromptFence.clean(line.text, limit: 700))
    }
}

extension AnalysisMaterial.Journal {
    var sections: [PromptSection] {
        switch self {
        case .digest(let lines, _, _): return [PromptSection("journal", lines, .primary)]
        case .notes(let notes, _, _):
            var seen: Set<String> = []
            let cited = notes.flatMap(\.evidence).filter { seen.insert($0.id).inserted }
            let texts = notes.map { note in
                EvidenceLine(
                    "-", "\(note.severity.rawValue): \(note.text) [\(note.evidence.map(\.id).joined(separator: " "))]")
            }
            return [
                PromptSection("notes on the journal", texts, .primary, isEvidence: false),
                PromptSection("journal, the lines that the notes cite", cited, .primary),
            ]
        case .none(let reason):
            return [PromptSection("journal", [EvidenceLine("-", reason)], .supporting, isEvidence: false)]
        }
    }
}
