// SPDX-License-Identifier: MIT
package import HTTP
import Synchronization

/// A model served by Ollama, through its own API (`/v1` ignores the wish for a context).
package final class OllamaModel: LanguageModel {
    package let name: ModelName
    let wire: ModelWire
    let options: ModelOptions
    private let places: Places
    private let known = Mutex<ModelDescription?>(nil)

    /// `places` is shared by all models of one endpoint.
    package init(
        _ name: ModelName, url: String, client: HTTPClient, options: ModelOptions = ModelOptions(), places: Places
    ) {
        self.name = name
        self.options = options
        self.places = places
        wire = ModelWire(
            name: name, client: client, base: url.withoutSlash, options: options,
            refusal: { OllamaRefusal.error(name, status: $0, body: $1) })
    }

    package func describe() async throws(ModelError) -> ModelDescription {
        if let description = known.withLock({ $0 }) { return description }
        return try await holdingPlace { () async throws(ModelError) in try await learn() }
    }

    package func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        try await holdingPlace { () async throws(ModelError) in
            let description = try await knownOrLearned()
            try request.check(name, description)
            let watch = ContextWatch(name: name, context: description.context)
            try watch.admit(request)
            do throws(ModelError) {
                let answer = try await exchange(request, description, onPiece)
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
            let description = try await knownOrLearned()
            guard description.mayDo(.embedding) else { throw .unsupported(.embedding, name) }
            var vectors: [[Float]] = []
            for batch in EmbeddingBatch.batches(of: texts) {
                vectors += try await EmbeddingBatch.shrinking(batch, context: description.context) {
                    texts throws(ModelError) in
                    let answer = try await wire.post(
                        "/api/embed",
                        [
                            "model": .string(name.model), "input": .array(texts.map { .string($0) }), "truncate": true,
                            "keep_alive": .string(options.keepAlive),
                        ])
                    return try EmbeddingBatch.vectors(answer["embeddings"]?.array, count: texts.count, wire)
                }
            }
            return vectors
        }
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

    private func knownOrLearned() async throws(ModelError) -> ModelDescription {
        if let description = known.withLock({ $0 }) { return description }
        return try await learn()
    }

    /// What we took for known may be why it went wrong: another context, another model of the same name.
    private func forget(after error: ModelError) {
        switch error.code {
        case .promptTooLong, .modelNotFound, .unsupported, .unusable(.promptTruncated): known.withLock { $0 = nil }
        default: break
        }
    }

    private func learn() async throws(ModelError) -> ModelDescription {
        let version = try await wire.get("/api/version")["version"]?.string ?? ""
        let shown = try await wire.post("/api/show", ["model": .string(name.model)])
        var description = OllamaShow.description(shown, version: version, wish: options.context)
        if description.mayDo(.chat) { try await load(&description) }
        known.withLock { $0 = description }
        return description
    }

    /// Loads the model with the context we shall always ask for, and looks at what was allocated for it.
    private func load(_ description: inout ModelDescription) async throws(ModelError) {
        _ = try await wire.post(
            "/api/chat",
            [
                "model": .string(name.model), "messages": [], "stream": false,
                "options": ["num_ctx": .integer(description.context)], "keep_alive": .string(options.keepAlive),
            ])
        let running = try await wire.get("/api/ps")["models"]?.array ?? []
        guard
            let entry = running.first(where: { entry in
                [entry["name"]?.string, entry["model"]?.string].contains(OllamaShow.fullName(name.model))
            }), let allocated = entry["context_length"]?.integer, allocated > 0
        else { return }  // before 0.10, or unloaded again at once: what we send counts
        description.context = min(description.context, allocated)
        description.contextSource = .allocated
    }

    // MARK: One exchange

    private func exchange(
        _ request: ChatRequest, _ description: ModelDescription, _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        let body = OllamaChat.body(request, model: name.model, description, options)
        var stream = OllamaChat.Stream(wire, request)
        try await wire.stream("/api/chat", body) { line throws(ModelError) in try stream.take(line, onPiece) }
        return try stream.finish()
    }
}

extension String {
    /// A base URL, to which paths are added.
    var withoutSlash: String { String(reversed().drop { $0 == "/" }.reversed()) }
}
