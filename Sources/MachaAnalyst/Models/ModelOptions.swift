// SPDX-License-Identifier: MIT
package import HTTP
package import MachaInventory

/// How a model is asked, whatever serves it.
package struct ModelOptions: Hashable, Sendable {
    /// Tokens of prompt and answer to ask for, where the server takes a wish. Never changed between calls: each change
    /// makes Ollama load the model again.
    package var context: Int
    /// Whether a person wrote ``context`` down, so that it is believed where the server does not tell.
    package var isContextConfigured: Bool
    /// How long Ollama keeps the model loaded after a call.
    package var keepAlive: String
    package var deadlines: HTTPDeadlines
    /// Whether the model shall think before it answers; `nil` leaves it to the server where that cannot be told for sure.
    package var thinking: ModelThinking?
    /// Most tokens of an answer, where a person wrote it down.
    package var answerLimit: Int?
    package var key: APIKey?
    /// A file of certificates (PEM) instead of the system's.
    package var certificates: String?

    /// Deadlines for local models, which may have to be loaded before the first byte comes.
    package static let deadlines = HTTPDeadlines(
        connect: .seconds(5), firstByte: .seconds(300), betweenPieces: .seconds(120), total: .seconds(1_200))

    /// The context of a server that neither tells nor takes a wish. Unless a person wrote it down, 4,096 at most: what
    /// small servers start with.
    package var assumedContext: Int { isContextConfigured ? context : min(context, 4_096) }

    package init(
        context: Int = 8_192, isContextConfigured: Bool = false, keepAlive: String = "15m",
        deadlines: HTTPDeadlines = Self.deadlines,
        thinking: ModelThinking? = nil, key: APIKey? = nil,
        certificates: String? = nil
    ) {
        self.context = context
        self.isContextConfigured = isContextConfigured
        self.keepAlive = keepAlive
        self.deadlines = deadlines
        self.thinking = thinking
        self.key = key
        self.certificates = certificates
    }
}
