// SPDX-License-Identifier: MIT

/// One line of a prompt that can be cited.
package struct EvidenceLine: Hashable, Codable, Sendable {
    /// The id of a line about others: a heading, an account. No answer can cite it.
    package static let uncitable = "#"

    /// What an answer cites: `F1`, `S3`, or a statement of the journal, `qkpwr`.
    package var id: String
    /// Clean already, without the id.
    package var text: String

    package init(_ id: String, _ text: String) {
        self.id = id
        self.text = text
    }

    var line: String { "\(id) \(text)" }
    var isCitable: Bool { id != Self.uncitable }
}

/// A part of a prompt that can shrink.
package struct PromptSection: Hashable, Sendable {
    package enum Importance: Int, Comparable, Sendable {
        /// Goes first when room is short.
        case background, supporting, primary, essential

        package static func < (left: Importance, right: Importance) -> Bool { left.rawValue < right.rawValue }
    }

    /// Ours; what stands in the marks around it.
    package var title: String
    /// The most important first.
    package var lines: [EvidenceLine]
    package var importance: Importance
    /// Whether others wrote it.
    package var isUntrusted: Bool
    /// Whether its lines can be cited. Our own instructions and lists cannot.
    package var isEvidence: Bool

    package init(
        _ title: String, _ lines: [EvidenceLine], _ importance: Importance, isUntrusted: Bool = true,
        isEvidence: Bool = true
    ) {
        self.title = title
        self.lines = lines
        self.importance = importance
        self.isUntrusted = isUntrusted
        self.isEvidence = isEvidence
    }
}

/// How much of a section found room.
package struct SectionAccount: Hashable, Codable, Sendable {
    package var title: String
    package var lines: Int
    /// Lines that found no room.
    package var leftOut: Int
    /// Estimated tokens of what is in.
    package var tokens: Int

    package init(title: String, lines: Int, leftOut: Int, tokens: Int) {
        self.title = title
        self.lines = lines
        self.leftOut = leftOut
        self.tokens = tokens
    }
}
