// SPDX-License-Identifier: MIT

/// How much a digest may say, and to whom.
package struct DigestOptions: Sendable {
    /// Smallest budget that still holds a header and some lines.
    package static let leastTokens = 500
    package static let mostTokens = 1_000_000

    /// What the digest may cost; it never costs more.
    package var tokens: Int
    package var bytesPerToken: Double
    package var hints: Hints
    /// Names for hosts, users and addresses instead of the real ones.
    package var usesPseudonyms: Bool

    package init(tokens: Int = 8000, bytesPerToken: Double = 4, hints: Hints = Hints(), usesPseudonyms: Bool = false) {
        self.tokens = min(Self.mostTokens, max(Self.leastTokens, tokens))
        self.bytesPerToken = bytesPerToken
        self.hints = hints
        self.usesPseudonyms = usesPseudonyms
    }

    /// The budget in bytes of UTF-8.
    var bytes: Int { Int(Double(tokens) * bytesPerToken) }

    /// How much of one line is shown: short lines leave room for more of them.
    var lineLimit: Int {
        switch tokens {
        case ..<1500: 170
        case ..<3000: 200
        case ..<6000: 260
        case ..<20_000: 330
        default: 640
        }
    }
}

/// A digest, ready to be read by a person or a model.
package struct Digest: Sendable {
    package let text: String
    /// Lines of input that the shown groups stand for, and all that were counted.
    package let shownLines: Int
    package let countedLines: Int
    package let shownGroups: Int
    /// Lines were read, and none of them held any text: they were not understood, or there is nothing in them.
    package let isBlank: Bool
    package let secretsHidden: Int
    /// The way back from the names used in the text, when it has any.
    package let pseudonyms: Pseudonyms?

    /// Tokens by the rule of four bytes each.
    package var tokens: Int { (text.utf8.count + 3) / 4 }
}
