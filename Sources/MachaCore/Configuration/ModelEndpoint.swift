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
    /// Tokens of prompt and answer to ask for. What the server then gives may be less.
    package var context: Int
    /// Seconds until the first byte of an answer, which may include loading the model.
    package var firstByteTimeout: Int
    /// Seconds for a whole answer.
    package var timeout: Int

    package init(
        name: String, kind: Kind, url: String, models: [String], concurrency: Int = 1, apiKeyFile: String? = nil,
        certificateFile: String? = nil, context: Int = 8_192, firstByteTimeout: Int = 300, timeout: Int = 1_200
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.models = models
        self.concurrency = concurrency
        self.apiKeyFile = apiKeyFile
        self.certificateFile = certificateFile
        self.context = context
        self.firstByteTimeout = firstByteTimeout
        self.timeout = timeout
    }
}
