// SPDX-License-Identifier: MIT
package import HTTP
import MachaModel

/// A model served by Ollama.
package typealias OllamaModel = ServedModel<OllamaDialect>

/// Ollama's own API (`/v1` ignores the wish for a context).
package struct OllamaDialect: ModelDialect {
    private let name: ModelName
    private let wire: ModelWire
    private let options: ModelOptions

    package init(_ name: ModelName, url: String, client: HTTPClient, options: ModelOptions) {
        self.name = name
        self.options = options
        wire = ModelWire(
            name: name, client: client, base: url.withoutSlash, options: options,
            refusal: { OllamaRefusal.error(name, status: $0, body: $1) })
    }

    package func learn() async throws(ModelError) -> ModelDescription {
        let version = try await wire.get("/api/version")["version"]?.string ?? ""
        let shown = try await wire.post("/api/show", ["model": .string(name.model)])
        var description = OllamaShow.description(shown, version: version, wish: options.context)
        if description.mayDo(.chat) { try await load(&description) }
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
                // Ollama finds a model whatever the case of its name, and lists it as it was pulled.
                [entry["name"], entry["model"]].contains { listed in
                    listed?.string?.lowercased() == OllamaShow.fullName(name.model).lowercased()
                }
            }), let allocated = entry["context_length"]?.integer, allocated > 0
        else { return }  // before 0.10, or unloaded again at once: what we send counts
        description.context = min(description.context, allocated)
        description.contextSource = .allocated
    }

    package func description(of server: ModelDescription) -> ModelDescription { server }

    package func exchange(
        _ request: ChatRequest, with description: ModelDescription, _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        let body = OllamaChat.body(request, model: name.model, description, options)
        var stream = OllamaChat.Stream(wire, request)
        try await wire.stream("/api/chat", body, into: &stream, onPiece)
        return try stream.finish()
    }

    package func vectors(of texts: [String]) async throws(ModelError) -> [[Float]] {
        let answer = try await wire.post(
            "/api/embed",
            [
                "model": .string(name.model), "input": .array(texts.map { .string($0) }), "truncate": true,
                "keep_alive": .string(options.keepAlive),
            ])
        return try EmbeddingBatch.vectors(answer["embeddings"]?.array, count: texts.count, wire)
    }
}

extension String {
    /// A base URL, to which paths are added.
    var withoutSlash: String { String(reversed().drop { $0 == "/" }.reversed()) }
}
