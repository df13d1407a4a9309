// SPDX-License-Identifier: MIT

/// What a model can be asked for.
package enum ModelCapability: String, Hashable, Sendable, CaseIterable, Codable {
    case chat, tools, thinking, vision, embedding
}

/// What is known of a model before the first call.
package struct ModelDescription: Hashable, Sendable {
    /// Where ``context`` comes from.
    package enum ContextSource: String, Hashable, Sendable, Codable {
        /// The server told what it has allocated.
        case allocated
        /// The server did not tell; this is what it is asked for.
        case requested
        /// The server does not tell; the configuration's `context` is believed.
        case configured
        /// The server neither tells nor takes a wish, and nobody wrote it down: 4,096 at most.
        case assumed
    }

    /// The server's program and version, as far as it tells: `Ollama 0.32.9`.
    package var server: String
    /// Tokens of prompt and answer together in one call.
    package var context: Int
    package var contextSource: ContextSource
    /// Tokens the model was trained for.
    package var trainedContext: Int?
    /// What the server says the model can or cannot do. A capability that is missing here is not known.
    package var capabilities: [ModelCapability: Bool]
    /// As the server writes them: `8.0B`, `Q4_K_M`; empty when unknown.
    package var parameters: String
    package var quantization: String
    /// Length of its embeddings.
    package var embeddingLength: Int?
    /// Requests the server works on at once, where it tells.
    package var slots: Int?
    /// Most tokens of an answer, where a person wrote it down.
    package var answerLimit: Int?

    package init(
        server: String, context: Int, contextSource: ContextSource, trainedContext: Int? = nil,
        capabilities: [ModelCapability: Bool] = [:], parameters: String = "", quantization: String = "",
        embeddingLength: Int? = nil, slots: Int? = nil
    ) {
        self.server = server
        self.context = context
        self.contextSource = contextSource
        self.trainedContext = trainedContext
        self.capabilities = capabilities
        self.parameters = parameters
        self.quantization = quantization
        self.embeddingLength = embeddingLength
        self.slots = slots
    }

    /// Not known counts as possible: the server's refusal is an error of its own.
    package func mayDo(_ capability: ModelCapability) -> Bool { capabilities[capability] ?? true }
}
