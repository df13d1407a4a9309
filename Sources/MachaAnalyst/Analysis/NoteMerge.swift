// SPDX-License-Identifier: MIT

/// Makes fewer notes of many, in steps that each fit a prompt and that always end.
package enum NoteMerge {
    /// Estimated tokens of notes with the lines they cite, as they stand in a prompt.
    package static func tokens(_ notes: [Note]) -> Int { notes.reduce(0) { $0 + tokens($1) } }

    static func tokens(_ note: Note) -> Int {
        let lines = note.evidence.reduce(0) { $0 + TokenEstimate.tokens(in: $1.line) + 1 }
        return TokenEstimate.tokens(in: note.text) + 6 + 2 * note.evidence.count + lines
    }

    /// Batches of at most `tokens`, in order. A note alone in its batch stays as it is.
    package static func batches(_ notes: [Note], tokens limit: Int) -> [[Note]] {
        var batches: [[Note]] = []
        var current: [Note] = []
        var used = 0
        for note in notes {
            let cost = tokens(note)
            if used + cost > limit, !current.isEmpty {
                batches.append(current)
                (current, used) = ([], 0)
            }
            current.append(note)
            used += cost
        }
        return current.isEmpty ? batches : batches + [current]
    }

    /// The most severe half of `notes`, in order: what is left when no model can merge them, or it kept too many.
    package static func half(of notes: [Note]) -> [Note] {
        let order = notes.indices.sorted { (notes[$1].severity, $0) < (notes[$0].severity, $1) }
        let kept = Set(order.prefix(max(1, notes.count / 2)))
        return notes.indices.filter { kept.contains($0) }.map { notes[$0] }
    }
}
