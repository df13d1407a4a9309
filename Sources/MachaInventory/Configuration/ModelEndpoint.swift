// SPDX-License-Identifier: MIT

/// A server of language models, as the configuration names it below `model-endpoints`.
package struct ModelEndpoint: Hashable, Sendable {
    /// Which protocol it speaks.
    package enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        case ollama
        /// OpenAI's chat API: llama.cpp's server, vLLM and others.
        case openai
    }

    package var name: String
    package var kind: Kind
    /// `http` or `https`, without a path of its own as a rule.
    package var url: String
    /// Models that may be asked here, the preferred one first; never empty.
    package var models: [String]
    /// Calls at a time.
    package var concurrency: Int
    /// An absolute path. Its content is the key; white space around it does not count.
    package var apiKeyFile: String?
    /// A file of certificates (PEM) to trust instead of the system's, for a server with one of its own.
    package var certificateFile: String?
    /// Tokens of prompt and answer to ask for; ``defaultContext`` unless given. What the server says it has allocated
    /// counts more; a server that does not tell is believed to have what is given here.
    package var context: Int?
    /// Most tokens of an answer, without what the model thinks; the analyst's own bound (1,400) unless given. 256…65,536.
    package var answerLimit: Int?
    /// Whether a model that can think does; `nil` leaves it off where that can be told, and to the server elsewhere.
    package var thinking: ModelThinking?
    /// Seconds until the first byte of an answer, which may include loading the model.
    package var firstByteTimeout: Int
    /// Seconds for a whole answer.
    package var timeout: Int

    package static let defaultContext = 8_192

    package init(
        name: String, kind: Kind, url: String, models: [String], concurrency: Int = 1, apiKeyFile: String? = nil,
        certificateFile: String? = nil, context: Int? = nil, answerLimit: Int? = nil,
        thinking: ModelThinking? = nil, firstByteTimeout: Int = 300, timeout: Int = 1_200
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.models = models
        self.concurrency = concurrency
        self.apiKeyFile = apiKeyFile
        self.certificateFile = certificateFile
        self.context = context
        self.answerLimit = answerLimit
        self.thinking = thinking
        self.firstByteTimeout = firstByteTimeout
        self.timeout = timeout
    }
}

/// Whether a model thinks before it answers. Thinking has a budget of its own beside the answer's limit.
package enum ModelThinking: String, Hashable, Sendable, CaseIterable, Codable {
    case off, low, on

    package var isOn: Bool { self != .off }

    /// `reasoning_effort` of OpenAI's API; `nil` where the server's own choice is meant.
    package var effort: String? {
        switch self {
        case .off: "none"
        case .low: "low"
        case .on: nil
        }
    }
}
