// SPDX-License-Identifier: MIT
package import HTTP
import Synchronization

/// A model served by anything that speaks OpenAI's chat API: llama.cpp's server and vLLM are known well, others served
/// as far as they keep to it.
package final class OpenAIModel: LanguageModel {
    package let name: ModelName
    let wire: ModelWire
    let options: ModelOptions
    private let places: Places
    private let known = Mutex<OpenAIServer?>(nil)

    /// `url` may end in `/v1` or not. `places` is shared by all models of one endpoint.
    package init(
        _ name: ModelName, url: String, client: HTTPClient, options: ModelOptions = ModelOptions(), places: Places
    ) {
        self.name = name
        self.options = options
        self.places = places
        let base = url.withoutSlash
        wire = ModelWire(
            name: name, client: client, base: base.hasSuffix("/v1") ? String(base.dropLast(3)) : base,
            options: options, refusal: { OpenAIRefusal.error(name, status: $0, body: $1) })
    }

    package func describe() async throws(ModelError) -> ModelDescription {
        if let server = known.withLock({ $0 }) { return server.description }
        return try await holdingPlace { () async throws(ModelError) in try await learn().description }
    }

    package func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        try await holdingPlace { () async throws(ModelError) in
            let server = try await knownOrLearned()
            try request.check(name, server.description)
            let watch = ContextWatch(name: name, context: server.description.context)
            try watch.admit(request)
            do throws(ModelError) {
                let body = OpenAIChat.body(request, model: name.model, server)
                var stream = OpenAIChat.Stream(wire, request)
                try await wire.stream("/v1/chat/completions", body) { line throws(ModelError) in
                    try stream.take(line, onPiece)
                }
                let answer = try stream.finish()
                try watch.confirm(request, read: answer.usage.promptTokens)
                return answer
            } catch {
                forget(after: error)
                throw error
            }
        }
    }

    package func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        try await holdingPlace { () async throws(ModelError) in
            let server = try await knownOrLearned()
            var vectors: [[Float]] = []
            for batch in EmbeddingBatch.batches(of: texts) {
                vectors += try await EmbeddingBatch.shrinking(batch, context: server.description.context) {
                    texts throws(ModelError) in try await self.vectors(of: texts)
                }
            }
            return vectors
        }
    }

    package func countTokens(in text: String) async -> Int {
        let estimate = TokenEstimate.tokens(in: text)
        guard let server = try? await describeQuietly(), server.isLlamaCpp,
            let answer = try? await wire.post("/tokenize", ["content": .string(text)])
        else { return estimate }
        return answer["tokens"]?.array?.count ?? estimate
    }

    private func vectors(of texts: [String]) async throws(ModelError) -> [[Float]] {
        // An empty text is refused by servers that would embed any other.
        let input = texts.map { JSONValue.string($0.isEmpty ? " " : $0) }
        let answer = try await wire.post(
            "/v1/embeddings",
            ["model": .string(name.model), "input": .array(input), "encoding_format": "float"])
        let items = answer["data"]?.array ?? []
        let ordered = items.enumerated().sorted {
            ($0.element["index"]?.integer ?? $0.offset) < ($1.element["index"]?.integer ?? $1.offset)
        }
        return try EmbeddingBatch.vectors(ordered.compactMap { $0.element["embedding"] }, count: texts.count, wire)
    }

    // MARK: What the server has

    private func holdingPlace<Value>(
        _ work: () async throws(ModelError) -> Value
    ) async throws(ModelError) -> Value {
        guard let value = try await places.hold(work) else {
            throw ModelError(.cancelled, name, "\(name): the request was cancelled before its turn")
        }
        return value
    }

    private func knownOrLearned() async throws(ModelError) -> OpenAIServer {
        if let server = known.withLock({ $0 }) { return server }
        return try await learn()
    }

    private func describeQuietly() async throws(ModelError) -> OpenAIServer { try await knownOrLearned() }

    private func forget(after error: ModelError) {
        switch error.code {
        case .promptTooLong, .modelNotFound, .unsupported, .unusable(.promptTruncated): known.withLock { $0 = nil }
        default: break
        }
    }

    private func learn() async throws(ModelError) -> OpenAIServer {
        let models = try await wire.get("/v1/models")
        // Only llama.cpp has this page; any error but a lost server says that it is another.
        var properties: JSONValue?
        do throws(ModelError) {
            properties = try await wire.get("/props")
        } catch {
            if case .cancelled = error.code { throw error }
        }
        let server = try OpenAIServer(name, models: models, properties: properties, options, wire)
        known.withLock { $0 = server }
        return server
    }
}
