// SPDX-License-Identifier: MIT
package import HTTP
import MachaInventory
import Synchronization

/// How one kind of server is spoken to. It remembers nothing; ``ServedModel`` does.
package protocol ModelDialect: Sendable {
    /// What is known of a server and its model before the first call.
    associatedtype Server: Sendable

    /// `url` is the endpoint's, as the configuration has it.
    init(_ name: ModelName, url: String, client: HTTPClient, options: ModelOptions)

    /// Asks the server what it has.
    func learn() async throws(ModelError) -> Server

    /// What callers are told of it.
    func description(of server: Server) -> ModelDescription

    /// Sends a conversation that fits, and reads the answer to its end.
    func exchange(
        _ request: ChatRequest, with server: Server, _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer

    /// The vectors of a few texts, in order.
    func vectors(of texts: [String]) async throws(ModelError) -> [[Float]]

    /// The server's own count; `nil` where it has none. `server` is what is known of it, asked only when needed.
    func countTokens(in text: String, at server: () async -> Server?) async -> Int?
}

extension ModelDialect {
    package func countTokens(in text: String, at server: () async -> Server?) async -> Int? { nil }
}

/// A model behind a server: waits for its place, learns once what the server has, and lets nothing pass that was not read
/// whole. The dialect says how the server is spoken to.
package final class ServedModel<Dialect: ModelDialect>: LanguageModel {
    package let name: ModelName
    private let dialect: Dialect
    private let places: AsyncSemaphore
    private let thinking: ModelThinking?
    private let answerLimit: Int?
    private let known = Mutex<Dialect.Server?>(nil)

    /// Tokens that a model may think beside its answer, where the configuration lets it.
    private static var thinkingBudget: Int { 4_096 }

    /// `places` is shared by all models of one endpoint.
    package init(
        _ name: ModelName, url: String, client: HTTPClient, options: ModelOptions = ModelOptions(),
        places: AsyncSemaphore
    ) {
        self.name = name
        self.places = places
        thinking = options.thinking
        answerLimit = options.answerLimit
        dialect = Dialect(name, url: url, client: client, options: options)
    }

    package func describe() async throws(ModelError) -> ModelDescription {
        if let server = known.withLock({ $0 }) { return description(of: server) }
        return try await holdingPlace { () async throws(ModelError) in description(of: try await learn()) }
    }

    private func description(of server: Dialect.Server) -> ModelDescription {
        var description = dialect.description(of: server)
        description.answerLimit = answerLimit
        return description
    }

    package func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        try await holdingPlace { () async throws(ModelError) in
            let server = try await knownOrLearned()
            let description = dialect.description(of: server)
            var request = request
            if thinking?.isOn == true {
                request.thinks = description.capabilities[.thinking] ?? request.thinks
                request.answerLimit += min(Self.thinkingBudget, description.context / 4)
            }
            try request.check(name, description)
            let watch = ContextWatch(name: name, description)
            try watch.admit(request)
            do throws(ModelError) {
                let answer = try await dialect.exchange(request, with: server, onPiece)
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
            let description = dialect.description(of: try await knownOrLearned())
            guard description.mayDo(.embedding) else { throw .unsupported(.embedding, name) }
            var vectors: [[Float]] = []
            for batch in EmbeddingBatch.batches(of: texts) {
                vectors += try await EmbeddingBatch.shrinking(batch, context: description.context) {
                    texts throws(ModelError) in try await dialect.vectors(of: texts)
                }
            }
            return vectors
        }
    }

    package func countTokens(in text: String) async -> Int {
        let counted = await dialect.countTokens(in: text) { try? await knownOrLearned() }
        return counted ?? TokenEstimate.tokens(in: text)
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

    private func knownOrLearned() async throws(ModelError) -> Dialect.Server {
        if let server = known.withLock({ $0 }) { return server }
        return try await learn()
    }

    private func learn() async throws(ModelError) -> Dialect.Server {
        let server = try await dialect.learn()
        known.withLock { $0 = server }
        return server
    }

    /// What we took for known may be why it went wrong: another context, another model of the same name.
    private func forget(after error: ModelError) {
        switch error.code {
        case .promptTooLong, .modelNotFound, .unsupported, .unusable(.promptTruncated): known.withLock { $0 = nil }
        default: break
        }
    }
}
