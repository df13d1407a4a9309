// SPDX-License-Identifier: MIT
package import HTTP
import MachaCore

/// A model served by anything that speaks OpenAI's chat API.
package typealias OpenAIModel = ServedModel<OpenAIDialect>

/// OpenAI's chat API: llama.cpp's server and vLLM are known well, others served as far as they keep to it.
package struct OpenAIDialect: ModelDialect {
    private let name: ModelName
    private let wire: ModelWire
    private let options: ModelOptions

    /// `url` may end in `/v1` or not.
    package init(_ name: ModelName, url: String, client: HTTPClient, options: ModelOptions) {
        self.name = name
        self.options = options
        let base = url.withoutSlash
        wire = ModelWire(
            name: name, client: client, base: base.hasSuffix("/v1") ? String(base.dropLast(3)) : base,
            options: options, refusal: { OpenAIRefusal.error(name, status: $0, body: $1) })
    }

    package func learn() async throws(ModelError) -> OpenAIServer {
        let models = try await wire.get("/v1/models")
        // Only llama.cpp has this page; any error but a lost server says that it is another.
        var properties: JSONValue?
        do throws(ModelError) {
            properties = try await wire.get("/props")
        } catch {
            if case .cancelled = error.code { throw error }
        }
        return try OpenAIServer(name, models: models, properties: properties, options, wire)
    }

    package func description(of server: OpenAIServer) -> ModelDescription { server.description }

    package func exchange(
        _ request: ChatRequest, with server: OpenAIServer, _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        let body = OpenAIChat.body(request, model: name.model, server)
        var stream = OpenAIChat.Stream(wire, request)
        try await wire.stream("/v1/chat/completions", body) { line throws(ModelError) in
            try stream.take(line, onPiece)
        }
        return try stream.finish()
    }

    package func vectors(of texts: [String]) async throws(ModelError) -> [[Float]] {
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

    package func countTokens(in text: String, at server: () async -> OpenAIServer?) async -> Int? {
        guard await server()?.isLlamaCpp == true,
            let answer = try? await wire.post("/tokenize", ["content": .string(text)])
        else { return nil }
        return answer["tokens"]?.array?.count
    }
}
