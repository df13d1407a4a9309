// SPDX-License-Identifier: MIT

/// One model behind one endpoint: the seam between the analyst and whatever answers it.
///
/// Every implementation passes `LanguageModelConformance`. What an answer may be used for is decided before it is handed
/// over: a prompt the server did not read whole, a call of a tool nobody offered or a wire that broke is thrown, never
/// returned.
package protocol LanguageModel: Sendable {
    var name: ModelName { get }

    /// What the server says of the model and of the context it really gives it. Asked once, then remembered until an
    /// answer contradicts it.
    func describe() async throws(ModelError) -> ModelDescription

    /// Sends one conversation and hands its answer over piece by piece, then as a whole.
    ///
    /// The prompt is refused before it is sent when it does not fit (`ModelError.Code.promptTooLong`), or the
    /// model cannot do what is asked. Cancelling the task closes the connection, which stops the server's work.
    func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer

    /// One vector a text, in order, all of the same length. Texts longer than the model's context are cut.
    func embed(_ texts: [String]) async throws(ModelError) -> [[Float]]

    /// Tokens of a text: the server's own count where it has one to ask, else ``TokenEstimate``.
    func countTokens(in text: String) async -> Int
}

extension LanguageModel {
    package func chat(_ request: ChatRequest) async throws(ModelError) -> ChatAnswer {
        try await chat(request) { _ in }
    }

    package func countTokens(in text: String) async -> Int { TokenEstimate.tokens(in: text) }
}

/// A model and the endpoint it is asked at: the key of caches and of the audit.
package struct ModelName: Hashable, Sendable, CustomStringConvertible {
    package var endpoint: String
    package var model: String

    package init(endpoint: String, model: String) {
        self.endpoint = endpoint
        self.model = model
    }

    /// `desktop/qwen3:8b`.
    package var description: String { "\(endpoint)/\(model)" }
}
