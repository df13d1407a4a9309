// SPDX-License-Identifier: MIT

/// A digest of a journal: its lines, and the sums that belong to them. Its text and its document are views of it.
package struct Digest: Sendable {
    /// What was read; lines of the log, most unusual first; bursts; how much was left out.
    package let lines: [DigestLine]
    /// What the lines take as text, in UTF-8.
    let bytes: Int
    /// Lines of input that the shown groups stand for, and all that were counted.
    package let shownLines: Int
    package let countedLines: Int
    package let shownGroups: Int
    package let secretsHidden: Int
    /// The way back from the names used in the text, when it has any.
    package let pseudonyms: Pseudonyms?

    /// The digest for a person, a line each.
    package var text: String {
        var text = ""
        text.reserveCapacity(bytes)
        for line in lines { line.write(to: &text) }
        return text
    }

    /// Tokens by the rule of four bytes each.
    package var tokens: Int { (bytes + 3) / 4 }

    /// Lines were read, and none of them held any text: they were not understood, or there is nothing in them.
    package var isBlank: Bool { countedLines > 0 && lines.allSatisfy { $0.id == nil } }
}
