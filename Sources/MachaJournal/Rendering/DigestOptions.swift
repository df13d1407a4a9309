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
