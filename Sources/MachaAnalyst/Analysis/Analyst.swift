// SPDX-License-Identifier: MIT
package import MachaActions
import MachaInventory
package import MachaModel
package import struct Foundation.Date

/// Asks one model about hosts. Every prompt is sure to fit the model's context, whatever its input.
package struct Analyst: Sendable {
    package let model: any LanguageModel
    private let limits: Limits
    private let told: @Sendable (AnalystStep) -> Void

    /// Names the prompts and shapes of this program: another one may get other answers.
    package static var promptVersion: String { PromptText.version }

    package struct Limits: Hashable, Sendable {
        /// Tokens of the answer to an analysis.
        package var analysis: Int
        /// Tokens of the notes on a chunk.
        package var notes: Int
        /// Most tokens of a prompt, however large the context is: time to read it is what a person waits for.
        package var prompt: Int

        package init(analysis: Int = 1_400, notes: Int = 900, prompt: Int = 24_000) {
            self.analysis = analysis
            self.notes = notes
            self.prompt = prompt
        }
    }

    /// `told` hears what the model does with each prompt.
    package init(
        _ model: any LanguageModel, limits: Limits = Limits(),
        told: @escaping @Sendable (AnalystStep) -> Void = { _ in }
    ) {
        self.model = model
        self.limits = limits
        self.told = told
    }

    /// An answer and what it cost.
    package struct Conclusion: Sendable {
        package var analysis: Analysis
        /// What the model wants to see before it decides; read-only questions of the catalogue.
        package var questions: [Diagnosis]
        package var prompt: Prompt
    }

    // MARK: one prompt

    /// The prompt about `material`, exactly as it would be sent, but for the random marks.
    package func prompt(
        _ material: AnalysisMaterial, _ playbooks: PlaybookOffer, mayAsk: Bool = true,
        using random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Prompt {
        Prompt(
            system: PromptText.analysis, sections: sections(material, playbooks),
            closing: Self.closing(material.host.name, mayAsk: mayAsk),
            budget: try await room(answer: try await analysisLimit()), fence: PromptFence(using: &random))
    }

    /// Asks about `material`; `mayAsk` lets the model put questions instead of guessing.
    package func conclude(
        _ material: AnalysisMaterial, _ playbooks: PlaybookOffer, mayAsk: Bool, now: Date,
        using random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Conclusion {
        let prompt = try await prompt(material, playbooks, mayAsk: mayAsk, using: &random)
        let shape = AnswerShape.analysis(vocabulary(material, playbooks, prompt, mayAsk: mayAsk))
        let answer = try await ask(prompt, answerLimit: try await analysisLimit(), as: shape, salvages: true)
        var cost = Self.cost(answer, prompt)
        (cost.journalLines, cost.shownLines) = material.journal.counts
        var grounding = Grounding(material, prompt, playbooks)
        let analysis = grounding.analysis(
            of: answer.value, model: model.name, cost: cost, cutAt: answer.cutAt, now: now)
        // Of an answer that was cut short before it said anything, nothing is left to show.
        if let limit = answer.cutAt, analysis.statements.isEmpty, analysis.rootCause == nil {
            throw ModelError.cutShort(model.name, at: limit)
        }
        return Conclusion(analysis: analysis, questions: questions(answer.value, material), prompt: prompt)
    }

    // MARK: more than one prompt

    /// The parts of the journal that have to be read one by one; `nil` when the whole fits one prompt.
    ///
    /// The journal gets what the rest leaves, and at least half of the prompt.
    package func chunks(
        of material: AnalysisMaterial, _ playbooks: PlaybookOffer
    ) async throws(ModelError) -> [DigestChunk]? {
        guard case .digest(let lines, _, _) = material.journal else { return nil }
        let cost = lines.reduce(0) { $0 + TokenEstimate.tokens(in: $1.line) + 1 }
        guard cost > (try await journalRoom(material, playbooks)) else { return nil }
        let chunks = DigestChunk.cut(lines, tokens: try await partRoom())
        return chunks.count > 1 ? chunks : nil
    }

    /// Whether these notes can stand for the journal in the last prompt.
    package func fits(
        _ notes: [Note], _ material: AnalysisMaterial, _ playbooks: PlaybookOffer
    ) async throws(ModelError) -> Bool {
        NoteMerge.tokens(notes) <= (try await journalRoom(material, playbooks))
    }

    /// Notes cut into batches that each fit a prompt.
    package func batches(_ notes: [Note]) async throws(ModelError) -> [[Note]] {
        NoteMerge.batches(notes, tokens: try await partRoom())
    }

    /// Reads one chunk.
    package func read(
        _ chunk: DigestChunk, using random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Notes {
        try await notes(PromptText.map, [PromptSection("journal", chunk.lines, .essential)], &random)
    }

    /// Merges one batch: at most half as many notes come out, by the model or else by severity.
    package func merge(
        _ batch: [Note], using random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Notes {
        guard batch.count > 1 else { return Notes(notes: batch, dropped: 0, cost: AnalysisCost()) }
        var seen: Set<String> = []
        let texts = batch.map { note in
            EvidenceLine(
                "-", "\(note.severity.rawValue): \(note.text) [\(note.evidence.map(\.id).joined(separator: " "))]")
        }
        let cited = batch.flatMap(\.evidence).filter { seen.insert($0.id).inserted }
        var merged = try await notes(
            PromptText.reduce,
            [
                PromptSection("notes", texts, .essential, isEvidence: false),
                PromptSection("cited lines", cited, .primary),
            ], &random)
        if merged.notes.isEmpty { merged.notes = NoteMerge.half(of: batch) }
        while merged.notes.count > max(1, batch.count / 2) { merged.notes = NoteMerge.half(of: merged.notes) }
        return merged
    }

    /// The prompt about one chunk, exactly as it would be sent, but for the random marks.
    package func prompt(
        _ chunk: DigestChunk, using random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Prompt {
        try await notesPrompt(PromptText.map, [PromptSection("journal", chunk.lines, .essential)], &random)
    }

    private func notesPrompt(
        _ system: String, _ sections: [PromptSection], _ random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Prompt {
        Prompt(
            system: system, sections: sections, closing: Self.closing,
            budget: try await room(answer: limits.notes), fence: PromptFence(using: &random))
    }

    private func notes(
        _ system: String, _ sections: [PromptSection], _ random: inout some RandomNumberGenerator
    ) async throws(ModelError) -> Notes {
        let prompt = try await notesPrompt(system, sections, &random)
        let answer = try await ask(
            prompt, answerLimit: limits.notes, as: AnswerShape.notes(prompt.evidence.keys.sorted()), salvages: false)
        return Notes(answer.value, evidence: prompt.evidence, cost: Self.cost(answer, prompt))
    }

    private func ask(
        _ prompt: Prompt, answerLimit: Int, as shape: JSONSchema, salvages: Bool
    ) async throws(ModelError) -> StructuredAnswer {
        told(.reading(tokens: prompt.tokens))
        let meter = AnswerMeter(limit: answerLimit)
        return try await model.answer(
            ChatRequest(prompt.messages, answerLimit: answerLimit), as: shape, salvages: salvages
        ) { told(meter.take($0)) }
    }

    // MARK: room

    private static let closing = "Answer with one JSON document.\n"

    private static func closing(_ host: String, mayAsk: Bool) -> String {
        "Host: \(host). " + (mayAsk ? "" : "No more questions can be put; leave them out. ") + closing
    }

    /// Tokens of the answer to an analysis: what the endpoint's `answer-limit` says, else our own bound.
    private func analysisLimit() async throws(ModelError) -> Int {
        try await model.describe().answerLimit ?? limits.analysis
    }

    /// Tokens a prompt may have when its answer needs `answer`. A context too small for any prompt leaves little, and
    /// the request is refused before it is sent.
    private func room(answer: Int) async throws(ModelError) -> Int {
        let context = try await model.describe().context
        return max(0, min(limits.prompt, context - answer - TokenEstimate.margin(in: context) - 32))
    }

    /// Tokens of data in a prompt about a part.
    private func partRoom() async throws(ModelError) -> Int {
        max(
            200,
            try await room(answer: limits.notes)
                - Prompt.frame(PromptText.map, ["journal", "cited lines"], Self.closing))
    }

    /// Tokens of journal that one prompt about `material` holds: what the rest leaves, and at least half of it.
    package func journalRoom(
        _ material: AnalysisMaterial, _ playbooks: PlaybookOffer
    ) async throws(ModelError) -> Int {
        var rest = material
        rest.journal = .none("")
        let sections = sections(rest, playbooks)
        let others = sections.flatMap(\.lines).reduce(0) { $0 + TokenEstimate.tokens(in: $1.line) + 1 }
        let frame = Prompt.frame(
            PromptText.analysis, sections.map(\.title) + ["journal"],
            Self.closing(material.host.name, mayAsk: false))
        let room = try await room(answer: try await analysisLimit()) - frame - 16
        return max(room / 2, room - others)
    }

    /// Our own list first: what is the same for many hosts can be read once by the server.
    private func sections(_ material: AnalysisMaterial, _ playbooks: PlaybookOffer) -> [PromptSection] {
        let lines = PlaybookOffer.lines(playbooks.listed(for: material.findings))
        guard !lines.isEmpty else { return material.sections }
        return [PromptSection("playbooks", lines, .supporting, isUntrusted: false, isEvidence: false)]
            + material.sections
    }

    /// What the answer to `prompt` may name.
    private func vocabulary(
        _ material: AnalysisMaterial, _ playbooks: PlaybookOffer, _ prompt: Prompt, mayAsk: Bool
    ) -> AnswerShape.Vocabulary {
        let listed = playbooks.listed(for: material.findings).map { playbook in
            AnswerShape.Vocabulary.Playbook(
                id: playbook.id, parameters: playbook.parameters.map { ($0.name, $0.kind == .unit) })
        }
        return AnswerShape.Vocabulary(
            ids: prompt.evidence.keys.sorted(), units: Citations.units(in: prompt.evidence), playbooks: listed,
            questions: mayAsk ? Diagnosis.Kind.allCases : [])
    }

    /// Only questions of the catalogue, only about units that were seen.
    private func questions(_ answer: JSONValue, _ material: AnalysisMaterial) -> [Diagnosis] {
        var questions: [Diagnosis] = []
        for item in answer["questions"]?.array ?? [] {
            guard let kind = item["look"]?.string.flatMap(Diagnosis.Kind.init(rawValue:)) else { continue }
            let unit = item["unit"]?.string.flatMap { try? UnitName($0) }
            guard let question = try? Diagnosis(kind, unit: kind.takesUnit ? unit : nil),
                !questions.contains(question)
            else { continue }
            questions.append(question)
        }
        return questions
    }

    private static func cost(_ answer: StructuredAnswer, _ prompt: Prompt) -> AnalysisCost {
        AnalysisCost(
            calls: 1 + answer.repaired.count, promptTokens: answer.answer.usage.promptTokens ?? prompt.tokens,
            answerTokens: answer.answer.usage.answerTokens ?? TokenEstimate.tokens(in: answer.answer.text),
            seconds: answer.answer.usage.seconds)
    }
}
