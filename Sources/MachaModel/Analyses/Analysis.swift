// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What a model made of one host, after everything in it that cites nothing real was taken out.
///
/// It adds to what detectors found; nothing in it takes a finding away or makes one milder.
package struct Analysis: Hashable, Codable, Sendable {
    /// How the host is, all in all. Never milder than the findings of the same snapshot.
    package enum Verdict: String, Codable, CaseIterable, Comparable, Sendable {
        case healthy
        /// Somebody should look at it soon.
        case attention
        /// Something has to be done.
        case intervention

        package static func < (left: Verdict, right: Verdict) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    package var host: String
    /// When the snapshot was taken that it speaks of.
    package var takenAt: Date
    package var madeAt: Date
    /// Endpoint and model, `desktop/qwen3:8b`.
    package var model: String
    /// Of the prompts; another version may answer otherwise.
    package var promptVersion: String
    package var verdict: Verdict
    /// Two or three sentences for a person.
    package var summary: UntrustedText
    package var statements: [GroundedStatement]
    package var rootCause: RootCause?
    /// Playbooks of the library with parameters that fit them. Policy has not seen them yet.
    package var proposals: [ModelProposal]
    /// Changes of configuration for a person to make.
    package var suggestions: [ConfigurationSuggestion]
    /// What the model said and nobody may rely on, with the reason.
    package var dropped: [DroppedStatement]
    /// The lines that are cited, by id.
    package var evidence: [String: UntrustedText]
    package var cost: AnalysisCost
    /// The host had no finding of our own that matters: what the model calls critical is then a suspicion. Unknown, and
    /// `nil`, of analyses of earlier versions.
    package var isAlone: Bool?

    package init(
        host: String, takenAt: Date, madeAt: Date, model: String, promptVersion: String, verdict: Verdict,
        summary: UntrustedText, statements: [GroundedStatement], rootCause: RootCause?, proposals: [ModelProposal],
        suggestions: [ConfigurationSuggestion], dropped: [DroppedStatement], evidence: [String: UntrustedText],
        cost: AnalysisCost, isAlone: Bool?
    ) {
        self.host = host
        self.takenAt = takenAt
        self.madeAt = madeAt
        self.model = model
        self.promptVersion = promptVersion
        self.verdict = verdict
        self.summary = summary
        self.statements = statements
        self.rootCause = rootCause
        self.proposals = proposals
        self.suggestions = suggestions
        self.dropped = dropped
        self.evidence = evidence
        self.cost = cost
        self.isAlone = isAlone
    }

    /// Nothing of what the model said may be relied on.
    package var isEmptyHanded: Bool {
        statements.isEmpty && rootCause == nil && proposals.isEmpty && suggestions.isEmpty && summary.raw.isEmpty
            && !dropped.isEmpty
    }
}

/// What became of an analysis.
package enum AnalysisOutcome: Hashable, Codable, Sendable {
    case usable(Analysis)
    /// There is no answer that may be used. The model's part of the host is unknown; everything else goes on.
    case unusable(AnalysisFailure)
}

/// Why there is no analysis.
package struct AnalysisFailure: Hashable, Codable, Sendable {
    /// The ``code`` of an endpoint that is left alone because of an earlier failure.
    package static let setAside = "set-aside"

    package var host: String
    package var madeAt: Date
    /// Endpoint and model; empty when none was asked.
    package var model: String
    /// A word for programs: `unreachable`, `prompt-truncated`, `wrong-schema`.
    package var code: String
    package var message: String
    package var remedy: String
    /// Names what was asked of whom: prompts, model and its settings. `nil` when nothing was, or by earlier versions.
    package var question: String?

    package init(
        host: String, madeAt: Date, model: String, code: String, message: String, remedy: String, question: String?
    ) {
        self.host = host
        self.madeAt = madeAt
        self.model = model
        self.code = code
        self.message = message
        self.remedy = remedy
        self.question = question
    }

    /// What happened, as the end of a sentence, when the same question would end in the same way; `nil` when it may well end
    /// otherwise. Models are asked without randomness.
    package var lastingWords: String? {
        guard question != nil else { return nil }
        return switch code {
        case "cut-short": "was cut short"
        case "not-json": "was not JSON"
        case "wrong-schema": "had another shape"
        case "empty": "was empty"
        case "filtered": "was filtered by the server"
        case "unknown-tool", "broken-tool-call": "called an unknown tool"
        case "prompt-too-long": "was not given: the prompt is too long"
        case "prompt-truncated", "uncounted": "was for a prompt that may have been truncated"
        case "invalid-request", "unsupported": "was refused"
        default: nil
        }
    }

    /// Seconds for which a lasting failure keeps the same question from being asked again.
    package static let lasts = 86_400.0
}

/// What an analysis took.
package struct AnalysisCost: Hashable, Codable, Sendable {
    /// Calls of a model that were made for it.
    package var calls: Int
    /// Results that had been paid for before.
    package var reused: Int
    /// As the servers counted, or estimated where they did not tell.
    package var promptTokens: Int
    package var answerTokens: Int
    /// Seconds that models worked, where their servers told; `nil` where none did.
    package var seconds: Double?
    /// Lines of journal it speaks of, and how many of them stood in a prompt word for word or as one of a group.
    package var journalLines: Int
    package var shownLines: Int

    package init(
        calls: Int = 0, reused: Int = 0, promptTokens: Int = 0, answerTokens: Int = 0, seconds: Double? = nil,
        journalLines: Int = 0, shownLines: Int = 0
    ) {
        self.calls = calls
        self.reused = reused
        self.promptTokens = promptTokens
        self.answerTokens = answerTokens
        self.seconds = seconds
        self.journalLines = journalLines
        self.shownLines = shownLines
    }

    package static func + (left: AnalysisCost, right: AnalysisCost) -> AnalysisCost {
        AnalysisCost(
            calls: left.calls + right.calls, reused: left.reused + right.reused,
            promptTokens: left.promptTokens + right.promptTokens,
            answerTokens: left.answerTokens + right.answerTokens,
            seconds: left.seconds.map { $0 + (right.seconds ?? 0) } ?? right.seconds,
            journalLines: left.journalLines + right.journalLines, shownLines: left.shownLines + right.shownLines)
    }
}
