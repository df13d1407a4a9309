// SPDX-License-Identifier: MIT
package import MachaAnalyst
package import MachaInventory
package import MachaModel
import MachaStore

/// What would be sent to a model about a host now, word for word but for the random marks.
package struct PromptPreview: Sendable, Encodable {
    package struct Item: Sendable, Encodable {
        package var kind: JobKind
        /// Estimated, of the whole prompt.
        package var tokens: Int
        package var sections: [PromptNote.Section]
        package var system: String
        package var user: String

        init(_ kind: JobKind, _ prompt: Prompt) {
            let note = PromptNote(prompt)
            self.kind = kind
            tokens = note.tokens
            sections = note.sections
            system = prompt.system
            user = prompt.user
        }
    }

    package var host: String
    package var model: String
    /// Tokens of prompt and answer together.
    package var context: Int
    /// Lines of journal that were read.
    package var journalLines: Int
    /// The prompt; or one for each part, when the journal does not fit and is read in parts first.
    package var prompts: [Item]
}

extension HostContextBuilder {
    /// The prompts about `host` for `model`. With `journal`, that one replaces the host's own. `nil` for a host that was
    /// never asked. Throws ``StoreError`` or ``ModelError``.
    package func preview(
        _ host: FleetHost, _ model: any LanguageModel, journal intake: JournalDigester?
    ) async throws -> PromptPreview? {
        guard let inquiry = try open(host) else { return nil }
        let analyst = Analyst(model)
        var material = try material(inquiry)
        let tokens = try await digestTokens(analyst, material, inquiry)
        if let intake {
            let outcome = intake.finish(tokens: tokens, troubled: troubled(inquiry.findings), now: now())
            material.journal = AnalysisMaterial.Journal(outcome.digest)
        } else {
            material.journal = try await journal(inquiry, tokens: tokens, isKept: false).0
        }
        var random = SystemRandomNumberGenerator()
        var prompts: [PromptPreview.Item] = []
        if let chunks = try await analyst.chunks(of: material, inquiry.offer) {
            for chunk in chunks {
                prompts.append(.init(.mapChunk, try await analyst.prompt(chunk, using: &random)))
            }
        } else {
            prompts = [.init(.analysis, try await analyst.prompt(material, inquiry.offer, using: &random))]
        }
        return PromptPreview(
            host: host.name, model: model.name.description, context: try await model.describe().context,
            journalLines: material.journal.counts.read, prompts: prompts)
    }
}

/// A model that is never asked: only the size of its context is known.
package struct AssumedModel: LanguageModel {
    package let name = ModelName(endpoint: "none", model: "assumed")
    private let context: Int

    /// `context` is tokens of prompt and answer together.
    package init(context: Int) { self.context = context }

    package func describe() async throws(ModelError) -> ModelDescription {
        ModelDescription(server: "none", context: context, contextSource: .assumed)
    }

    package func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        throw ModelError(.invalidRequest, name, "there is no model to ask")
    }

    package func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        throw ModelError(.invalidRequest, name, "there is no model to ask")
    }
}
