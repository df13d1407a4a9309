// SPDX-License-Identifier: MIT
package import HTTP
import MachaModel

/// A model served by anything that speaks OpenAI's chat API.
package typealias OpenAIModel = ServedModel<OpenAIDialect>

/// OpenAI's chat API: llama.cpp's server and vLLM are known well, others served as far as they keep to it.
package struct OpenAIDialect: ModelDialect {
    private let name: ModelName
    private let wire: ModelWire
    private let options: ModelOptions
    private let accommodations = OpenAIAccommodations()

    /// How long llama.cpp's own page is waited for; it is only useful.
    private static let propertiesLimit = Duration.seconds(10)

    /// `url` may end in `/v1`, in the path of a page (`/v1/chat/completions`), in another base (`/api`, `/v1beta/openai`),
    /// or in nothing.
    package init(_ name: ModelName, url: String, client: HTTPClient, options: ModelOptions) {
        self.name = name
        self.options = options
        wire = ModelWire(
            name: name, client: client, base: Self.base(of: url), options: options,
            refusal: { OpenAIRefusal.error(name, status: $0, body: $1) })
    }

    private static func base(of url: String) -> String {
        var base = url.withoutSlash
        for page in ["/chat/completions", "/models", "/v1"] where base.hasSuffix(page) {
            base = String(base.dropLast(page.count))
        }
        return base
    }

    /// The list of models, at the usual place or directly below the endpoint's URL.
    private func models() async throws(ModelError) -> JSONValue {
        let failure: ModelError
        do throws(ModelError) {
            return try await wire.get("/v1/models")
        } catch {
            failure = error
        }
        guard failure.code == .wrongServer || failure.code == .modelNotFound else { throw failure }
        do throws(ModelError) {
            let list = try await wire.get("/models")
            guard list["data"]?.array != nil else { throw failure }
            accommodations.prefix = ""
            return list
        } catch {
            // What the usual place said is what a person can do something about.
            throw error.code == .cancelled ? error : failure
        }
    }

    package func learn() async throws(ModelError) -> OpenAIServer {
        let models = try await models()
        // Only llama.cpp has this page; any error but a lost server says that it is another.
        var properties: JSONValue?
        do throws(ModelError) {
            properties = try await wire.get("/props", within: Self.propertiesLimit)
        } catch {
            if case .cancelled = error.code { throw error }
        }
        return try OpenAIServer(name, models: models, properties: properties, options, wire)
    }

    package func description(of server: OpenAIServer) -> ModelDescription { server.description }

    package func exchange(
        _ request: ChatRequest, with server: OpenAIServer, _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        while true {
            let made = accommodations.made
            do throws(ModelError) {
                return try await exchange(request, with: server, made, onPiece)
            } catch {
                guard let next = OpenAIAccommodation.next(after: error, made: made) else { throw error }
                accommodations.make(next)
            }
        }
    }

    private func exchange(
        _ request: ChatRequest, with server: OpenAIServer, _ made: Set<OpenAIAccommodation>,
        _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        let body = OpenAIChat.body(request, model: name.model, server, options.thinking, without: made)
        var stream = OpenAIChat.Stream(wire, request)
        try await wire.stream("\(accommodations.prefix)/chat/completions", body, into: &stream, onPiece)
        return try stream.finish(onPiece)
    }

    package func vectors(of texts: [String]) async throws(ModelError) -> [[Float]] {
        // An empty text is refused by servers that would embed any other.
        let input = texts.map { JSONValue.string($0.isEmpty ? " " : $0) }
        let answer = try await wire.post(
            "\(accommodations.prefix)/embeddings",
            ["model": .string(name.model), "input": .array(input), "encoding_format": "float"])
        let items = answer["data"]?.array ?? []
        let placed = items.enumerated().map { offset, item in
            (place: item["index"]?.integer ?? offset, vector: item["embedding"])
        }
        let ordered = placed.sorted { $0.place < $1.place }
        return try EmbeddingBatch.vectors(ordered.compactMap { $0.vector }, count: texts.count, wire)
    }

    package func countTokens(in text: String, at server: () async -> OpenAIServer?) async -> Int? {
        guard await server()?.isLlamaCpp == true,
            let answer = try? await wire.post("/tokenize", ["content": .string(text)])
        else { return nil }
        return answer["tokens"]?.array?.count
    }
}
