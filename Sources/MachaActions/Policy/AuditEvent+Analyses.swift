// SPDX-License-Identifier: MIT
package import MachaModel

extension AuditEvent {
    /// An analysis: what was asked, what came back, what was dropped and why.
    package struct Analysed: Hashable, Codable, Sendable {
        package struct Proposed: Hashable, Codable, Sendable {
            package var playbook: String
            package var parameters: [String: String]
            package var claimedRisk: Risk
        }

        package struct Dropped: Hashable, Codable, Sendable {
            package var reason: DroppedStatement.Reason
            package var detail: String
        }

        /// `usable`, or the code of the failure.
        package var outcome: String
        package var model: String
        package var promptVersion: String?
        package var asked: [PromptNote]
        package var lookups: [String]
        package var verdict: Analysis.Verdict?
        package var rootCause: String?
        package var statements: Int?
        package var dropped: [Dropped]?
        package var proposals: [Proposed]?
        package var cost: AnalysisCost?
        /// Why there is none.
        package var why: String?

        package init(_ outcome: AnalysisOutcome, asked: [PromptNote], lookups: [String]) {
            self.asked = asked
            self.lookups = lookups
            switch outcome {
            case .usable(let analysis):
                self.outcome = "usable"
                model = analysis.model
                promptVersion = analysis.promptVersion
                verdict = analysis.verdict
                rootCause = analysis.rootCause?.statement.printable(limit: 400)
                statements = analysis.statements.count
                dropped = analysis.dropped.map { Dropped(reason: $0.reason, detail: $0.detail.printable(limit: 200)) }
                proposals = analysis.proposals.map {
                    Proposed(playbook: $0.playbook, parameters: $0.parameters, claimedRisk: $0.claimedRisk)
                }
                cost = analysis.cost
            case .unusable(let failure):
                self.outcome = failure.code
                model = failure.model
                why = failure.message.printable(limit: 600)
            }
        }
    }

    /// Something was looked up on a host because a model asked.
    package struct LookedUp: Hashable, Sendable {
        package var question: String
        package var model: String
        /// Of what the host said; the text itself is not kept.
        package var answer: ContentHash
        package var bytes: Int

        package init(_ question: String, answer: String, model: String) {
            self.question = question
            self.model = model
            self.answer = ContentHash(of: answer.utf8)
            bytes = answer.utf8.count
        }
    }
}

extension AuditEvent.LookedUp: Codable {
    private enum Key: String, CodingKey {
        case question, model, answer, bytes
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        question = try container.decode(String.self, forKey: .question)
        model = try container.decode(String.self, forKey: .model)
        answer = try container.decode(ContentHash.self, forKey: .answer)
        guard let bytes = Int(try container.decode(String.self, forKey: .bytes)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .bytes, in: container, debugDescription: "not a number of bytes")
        }
        self.bytes = bytes
    }

    /// The number is a string: so the first version wrote it.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(question, forKey: .question)
        try container.encode(model, forKey: .model)
        try container.encode(answer, forKey: .answer)
        try container.encode("\(bytes)", forKey: .bytes)
    }
}
