// SPDX-License-Identifier: MIT
package import MachaModel

/// A prompt that is sure to fit, and the account of what stands in it.
package struct Prompt: Sendable {
    package let system: String
    package let user: String
    /// What an answer may cite, by id.
    package let evidence: [String: String]
    package let sections: [SectionAccount]
    /// Of all that is asked, without the random marks: the same content has the same hash.
    package let content: ContentHash

    package var messages: [ChatMessage] { [.system(system), .user(user)] }
    package var tokens: Int { TokenEstimate.tokens(in: ChatRequest(messages)) }

    /// Fills `budget` tokens with `sections`, in their order.
    ///
    /// When they do not fit, lines are taken from the end of the least important section that has any, until they do;
    /// the prompt says how many. A section that lost all its lines is still named.
    package init(
        system: String, sections: [PromptSection], closing: String, budget: Int, fence: PromptFence
    ) {
        var fence = fence
        let kept = Self.fit(sections, into: budget - Self.frame(system, sections.map(\.title), closing))
        var text = ""
        var accounts: [SectionAccount] = []
        var evidence: [String: String] = [:]
        for (section, count) in zip(sections, kept) {
            var lines = section.lines.prefix(count).map(\.line)
            let leftOut = section.lines.count - count
            if leftOut > 0 { lines.append("(\(leftOut) more lines found no room)") }
            if lines.isEmpty { lines.append("(none)") }
            if section.isEvidence {
                for line in section.lines.prefix(count) where line.isCitable {
                    evidence[line.id, default: ""] += line.text + "\n"
                }
            }
            text +=
                section.isUntrusted
                ? fence.wrap(UntrustedText(lines.joined(separator: "\n")), as: section.title) + "\n"
                : "# \(section.title)\n" + lines.map { $0 + "\n" }.joined()
            accounts.append(
                SectionAccount(
                    title: section.title, lines: count, leftOut: leftOut,
                    tokens: section.lines.prefix(count).reduce(0) { $0 + Self.tokens($1) }))
        }
        self.system = system + "\n\n" + fence.explanation
        user = text + closing
        self.evidence = evidence
        self.sections = accounts
        let shown = zip(sections, kept).flatMap { [$0.title] + $0.lines.prefix($1).map(\.line) }
        content = ContentHash(of: ([system, closing] + shown).joined(separator: "\n").utf8)
    }

    /// How many lines of each section fit into `room` tokens.
    private static func fit(_ sections: [PromptSection], into room: Int) -> [Int] {
        var kept = sections.map(\.lines.count)
        var used = sections.reduce(0) { $0 + $1.lines.reduce(0) { $0 + tokens($1) } }
        for importance in [PromptSection.Importance.background, .supporting, .primary, .essential] {
            for index in sections.indices.reversed() where sections[index].importance == importance {
                while used > room, kept[index] > 0 {
                    kept[index] -= 1
                    used -= tokens(sections[index].lines[kept[index]])
                }
            }
        }
        return kept
    }

    /// Tokens of everything that is there however short the sections are.
    static func frame(_ system: String, _ titles: [String], _ closing: String) -> Int {
        let explanation = PromptFence().explanation.utf8.count
        let marks = titles.reduce(0) { $0 + $1.utf8.count + 130 }
        return (system.utf8.count + explanation + closing.utf8.count + marks) / 4 + 64
    }

    /// Rounded up a line, so that the sum is never below the estimate of the whole.
    private static func tokens(_ line: EvidenceLine) -> Int { (line.id.utf8.count + line.text.utf8.count + 2 + 3) / 4 }
}
