// SPDX-License-Identifier: MIT
import MachaActions
package import MachaAnalyst
package import MachaInventory
import MachaModel
import MachaProbes
package import MachaStore
import struct Foundation.Date

/// The work of one job on the way from a host's state to its analysis:
///
///     facts, findings, journal ─▶ fits one prompt? ─ yes ─▶ answer ─▶ looks things up, at most twice ─▶ outcome
///                                        └─ no ─▶ map-chunk … map-chunk ─▶ reduce … ─▶ notes that fit ─┘
///
/// A part that no model could read is still there by its most unusual lines.
package struct HostAnalysis: Sendable {
    /// Rounds of looking things up before the last answer.
    private static let rounds = 2
    /// Levels of merging after which the rest is merged without a model.
    private static let levels = 6

    let inquiry: HostContextBuilder
    let queue: JobQueue
    private let inventory: Inventory
    /// All models; what one of them has read need not be read by another.
    private let names: [ModelName]

    package init(_ inquiry: HostContextBuilder, queue: JobQueue, inventory: Inventory, models: [ModelName]) {
        self.inquiry = inquiry
        self.queue = queue
        self.inventory = inventory
        names = models
    }

    /// What a job has come to.
    enum Work: Sendable {
        /// The analysis is over.
        case record(AnalysisRecord)
        /// It goes on when these have ended.
        case split([JobRequest], payload: String)
        /// A part is read. Under `key` its notes are kept for others; `nil` when they came from there.
        case notes(Notes, key: String?)
        case failed(ModelError)
        /// It can never be done.
        case impossible(String)
    }

    /// `told` is called with its progress.
    func work(
        _ job: Job, _ model: any LanguageModel, told: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(StoreError) -> Work {
        do {
            let name = model.name.description
            let tell = { @Sendable (stage: AnalysisStep.Stage) in
                told(AnalysisStep(host: job.host ?? "", model: name, stage: stage))
            }
            let analyst = Analyst(model) { tell(.model($0)) }
            switch job.kind {
            case .mapChunk, .reduce: return try await read(job, analyst)
            case .analysis: return try await analyse(job, analyst, tell)
            case .question, .reflection, .embedding:
                return .impossible("this version cannot do jobs of kind \(job.kind.rawValue)")
            }
        } catch let error as StoreError {
            throw error
        } catch let error as ModelError {
            return .failed(error)
        } catch {
            return .impossible("\(error)")
        }
    }

    /// The problems that the host of `job` has now, as ``Finding/state(of:)``.
    func state(of job: Job) throws(StoreError) -> String {
        guard let host = job.host.flatMap({ inventory[$0] }) else { return "" }
        return try inquiry.open(host)?.state ?? ""
    }

    // MARK: Parts

    private func read(_ job: Job, _ analyst: Analyst) async throws -> Work {
        let model = analyst.model
        guard let part = JobDocument.value(AnalysisPart.self, job.payload) else {
            return .impossible("the job was written by another version of macha")
        }
        for name in [model.name] + names {
            guard let body = try queue.partial(part.key(for: name), now: inquiry.now()),
                var notes = JobDocument.value(Notes.self, body)
            else { continue }
            notes.cost = AnalysisCost(reused: 1)
            return .notes(notes, key: nil)
        }
        var random = SystemRandomNumberGenerator()
        let notes =
            switch part {
            case .chunk(let chunk): try await analyst.read(chunk, using: &random)
            case .batch(let batch): try await analyst.merge(batch, using: &random)
            }
        return .notes(notes, key: part.key(for: model.name))
    }

    // MARK: The whole

    private func analyse(
        _ job: Job, _ analyst: Analyst, _ tell: @Sendable (AnalysisStep.Stage) -> Void
    ) async throws -> Work {
        guard let host = job.host.flatMap({ inventory[$0] }) else {
            return .impossible("\(job.host ?? "the host") is not in the inventory")
        }
        guard let inquiry = try self.inquiry.open(host), inquiry.snapshot.contact == .reached else {
            return .impossible("\(host.name) has not been reached; run: macha check \(host.name)")
        }
        var state = JobDocument.value(AnalysisState.self, job.payload) ?? AnalysisState()
        var material = try self.inquiry.material(inquiry)
        switch state.journal {
        case nil:
            tell(.journal)
            let tokens = try await self.inquiry.digestTokens(analyst, material, inquiry)
            (material.journal, state.coversUntil) = try await self.inquiry.journal(inquiry, tokens: tokens)
            if let chunks = try await analyst.chunks(of: material, inquiry.offer) {
                let (read, shown) = material.journal.counts
                state.journal = .parts(read: read, shown: shown)
                return split(job, .mapChunk, chunks.map { .chunk($0) }, state)
            }
        case .parts(let read, let shown):
            var notes = try notes(of: job, &state)
            if try await !analyst.fits(notes, material, inquiry.offer) {
                let batches = try await analyst.batches(notes)
                if state.level < Self.levels, batches.count < notes.count {
                    state.level += 1
                    return split(job, .reduce, batches.map { .batch($0) }, state)
                }
                while notes.count > 1, try await !analyst.fits(notes, material, inquiry.offer) {
                    notes = NoteMerge.half(of: notes)
                }
            }
            material.journal = .notes(notes, read: read, shown: shown)
        }
        return .record(try await conclude(material, inquiry, analyst, state, tell))
    }

    private func split(
        _ job: Job, _ kind: JobKind, _ parts: [AnalysisPart], _ state: AnalysisState
    ) -> Work {
        let requests = parts.map {
            JobRequest(
                kind, host: job.host, priority: job.priority, payload: JobDocument.text($0), models: job.models,
                deadline: job.deadline)
        }
        return .split(requests, payload: JobDocument.text(state))
    }

    /// The notes on all parts, in order, and what they cost.
    private func notes(of job: Job, _ state: inout AnalysisState) throws(StoreError) -> [Note] {
        var notes: [Note] = []
        for part in try queue.parts(of: job.id) {
            if part.state == .done, let read = part.result.flatMap({ JobDocument.value(Notes.self, $0) }) {
                notes += read.notes
                state.spent = state.spent + read.cost
                state.dropped += read.dropped
            } else if let unread = JobDocument.value(AnalysisPart.self, part.payload) {
                notes += unread.unread(because: part.reason ?? part.state.rawValue).notes
            }
        }
        return notes
    }

    private func conclude(
        _ material: AnalysisMaterial, _ inquiry: HostContextBuilder.Case, _ analyst: Analyst, _ state: AnalysisState,
        _ tell: @Sendable (AnalysisStep.Stage) -> Void
    ) async throws -> AnalysisRecord {
        var material = material
        var asked: [PromptNote] = []
        var best: Analysis?
        var spent = state.spent
        var random = SystemRandomNumberGenerator()
        for round in 0...Self.rounds {
            let conclusion: Analyst.Conclusion
            do throws(ModelError) {
                conclusion = try await analyst.conclude(
                    material, inquiry.offer, mayAsk: round < Self.rounds, now: self.inquiry.now(), using: &random)
            } catch {
                // Its reply from before the query results is still useful.
                guard best != nil, error.code != .cancelled else { throw error }
                break
            }
            asked.append(PromptNote(conclusion.prompt))
            let cost = conclusion.analysis.cost
            spent.calls += cost.calls
            spent.promptTokens += cost.promptTokens
            spent.answerTokens += cost.answerTokens
            (spent.journalLines, spent.shownLines) = (cost.journalLines, cost.shownLines)
            best = conclusion.analysis
            let known = Set(material.lookups.map(\.question))
            let questions = conclusion.questions.filter { !known.contains($0.description) }
            guard round < Self.rounds, !questions.isEmpty else { break }
            tell(.lookingUp)
            material.lookups += try await self.inquiry.lookUp(questions, inquiry, model: analyst.model.name)
        }
        guard var analysis = best else {
            throw ModelError(.cancelled, analyst.model.name, "\(analyst.model.name) was not asked")
        }
        analysis.cost = spent
        if state.dropped > 0 {
            let detail = "\(state.dropped) notes on parts of the journal cited nothing real"
            analysis.dropped.append(DroppedStatement(text: "", reason: .noEvidence, detail: UntrustedText(detail)))
        }
        return AnalysisRecord(
            .usable(analysis), state: inquiry.state, coversUntil: state.coversUntil, asked: asked,
            lookups: material.lookups.map(\.question))
    }
}
