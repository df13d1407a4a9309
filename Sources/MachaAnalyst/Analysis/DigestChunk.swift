// SPDX-License-Identifier: MIT
import MachaModel

/// A part of a digest that fits a prompt of its own. Lines are never cut.
package struct DigestChunk: Hashable, Codable, Sendable {
    package var lines: [EvidenceLine]

    package init(lines: [EvidenceLine]) { self.lines = lines }

    /// Names its content, what is asked about it and who is asked: a result under this key need not be paid for again.
    package func key(for model: ModelName) -> String {
        let parts = [PromptText.version, model.description] + lines.map(\.line)
        return ContentHash(of: parts.joined(separator: "\n").utf8).description
    }

    /// Cuts `lines` into chunks of at most `tokens`. Heads and accounts go nowhere: they say nothing a note could cite.
    /// Episodes of one statement (`qkpwr`, `qkpwr.2`) stay together where they fit.
    package static func cut(_ lines: [EvidenceLine], tokens: Int) -> [DigestChunk] {
        var groups: [[EvidenceLine]] = []
        var places: [Substring: Int] = [:]
        for line in lines where line.isCitable {
            let stem = line.id.prefix { $0 != "." }
            if let place = places[stem] {
                groups[place].append(line)
            } else {
                places[stem] = groups.count
                groups.append([line])
            }
        }
        var chunks: [DigestChunk] = []
        var current: [EvidenceLine] = []
        var used = 0
        for line in groups.flatMap({ fits($0, tokens) ? [$0] : $0.map { [$0] } }) {
            let cost = line.reduce(0) { $0 + TokenEstimate.tokens(in: $1.line) + 1 }
            if used + cost > tokens, !current.isEmpty {
                chunks.append(DigestChunk(lines: current))
                (current, used) = ([], 0)
            }
            current += line
            used += cost
        }
        if !current.isEmpty { chunks.append(DigestChunk(lines: current)) }
        return chunks
    }

    private static func fits(_ lines: [EvidenceLine], _ tokens: Int) -> Bool {
        lines.reduce(0) { $0 + TokenEstimate.tokens(in: $1.line) + 1 } <= tokens
    }

    /// What can be said of it without a model: its most unusual lines, so that no needle is lost with an answer.
    package func unread(because reason: String) -> Notes {
        let notes = lines.prefix(4).map { line in
            Note(
                text: "not read by a model (\(reason)): \(line.text.prefix(160))", severity: .warning, evidence: [line])
        }
        return Notes(notes: notes, dropped: 0, cost: AnalysisCost())
    }
}
