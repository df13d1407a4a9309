// SPDX-License-Identifier: MIT
package import MachaModel

/// What a model wrote about one chunk of a digest. It cites lines of that chunk only.
package struct Note: Hashable, Codable, Sendable {
    package var text: String
    package var severity: Severity
    /// Ids with their lines, word for word.
    package var evidence: [EvidenceLine]

    package init(text: String, severity: Severity, evidence: [EvidenceLine]) {
        self.text = text
        self.severity = severity
        self.evidence = evidence
    }
}

/// The notes on a chunk, with what was not usable in them.
package struct Notes: Hashable, Codable, Sendable {
    package var notes: [Note]
    /// Notes that cited nothing real, or what does not carry them.
    package var dropped: Int
    package var cost: AnalysisCost

    package init(notes: [Note], dropped: Int, cost: AnalysisCost) {
        self.notes = notes
        self.dropped = dropped
        self.cost = cost
    }

    /// Reads an answer of the shape ``AnswerShape/notes``. `evidence` is what its prompt held.
    init(_ answer: JSONValue, evidence: [String: String], cost: AnalysisCost) {
        var notes: [Note] = []
        var dropped = 0
        let carrying = Carrying(evidence: evidence, subjects: [:], host: "")
        let seen = evidence.values.joined(separator: "\n")
        for item in answer["notes"]?.array ?? [] {
            let text = PromptFence.clean(item["text"]?.string ?? "", limit: 300)
            let cited = Citations.real(in: item, among: evidence)
            guard !cited.isEmpty, Citations.stranger(in: text, evidence: seen) == nil,
                carrying.objection(to: text, citing: cited, .statement) == nil
            else {
                dropped += 1
                continue
            }
            let severity = item["severity"]?.string.flatMap(Severity.init(rawValue:)) ?? .warning
            let lines = cited.map { EvidenceLine($0, String(evidence[$0]?.prefix { $0 != "\n" } ?? "")) }
            notes.append(Note(text: text, severity: severity, evidence: lines))
        }
        self.init(notes: notes, dropped: dropped, cost: cost)
    }
}
