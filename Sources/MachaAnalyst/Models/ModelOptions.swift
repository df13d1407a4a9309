// SPDX-License-Identifier: MIT
package import HTTP

/// How a model is asked, whatever serves it.
package struct ModelOptions: Hashable, Sendable {
    /// Tokens of prompt and answer to ask for, where the server takes a wish. Never changed between calls: each change
    /// makes Ollama load the model anew.
    package var context: Int
    /// How long Ollama keeps the model loaded after a call.
    package var keepAlive: String
    package var deadlines: HTTPDeadlines
    package var key: APIKey?
    /// A file of certificates (PEM) instead of the system's.
    package var certificates: String?

    /// Deadlines for local models, which may have to be loaded before the first byte comes.
    package static let deadlines = HTTPDeadlines(
        connect: .seconds(5), firstByte: .seconds(300), betweenPieces: .seconds(120), total: .seconds(1_200))

    package init(
        context: Int = 8_192, keepAlive: String = "15m", deadlines: HTTPDeadlines = Self.deadlines, key: APIKey? = nil,
        certificates: String? = nil
    ) {
        self.context = context
        self.keepAlive = keepAlive
        self.deadlines = deadlines
        self.key = key
        self.certificates = certificates
    }
}
