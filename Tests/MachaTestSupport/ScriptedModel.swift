// SPDX-License-Identifier: MIT
package import MachaAnalyst
import Synchronization

/// A model that answers as a closure says, and keeps to all a ``LanguageModel`` promises.
package final class ScriptedModel: LanguageModel {
    /// What becomes of one request.
    package enum Reply: Sendable {
        case text(String)
        case calls([ToolCall])
        /// The answer ends at its limit in the middle of this text.
        case cut(String)
        case failure(ModelError.Code)
        /// Nothing, until the task is cancelled.
        case never
    }

    package let name: ModelName
    private let description: ModelDescription
    private let reply: @Sendable (ChatRequest) -> Reply
    private let asked = Mutex<[ChatRequest]>([])

    package init(
        _ name: String = "scripted", context: Int = 8_192, capabilities: [ModelCapability: Bool] = [:],
        reply: @escaping @Sendable (ChatRequest) -> Reply
    ) {
        self.name = ModelName(endpoint: "test", model: name)
        description = ModelDescription(
            server: "scripted", context: context, contextSource: .allocated, capabilities: capabilities)
        self.reply = reply
    }

    /// Gives these answers in turn, and the last one for ever.
    package convenience init(_ name: String = "scripted", context: Int = 8_192, answers: [String]) {
        let left = Answers(answers)
        self.init(name, context: context) { _ in .text(left.next()) }
    }

    /// Every request that was admitted, in order.
    package var requests: [ChatRequest] { asked.withLock { $0 } }

    package func describe() async throws(ModelError) -> ModelDescription { description }

    package func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        try checkCancellation()
        try request.check(name, description)
        let watch = ContextWatch(name: name, description)
        try watch.admit(request)
        asked.withLock { $0.append(request) }
        let answer = try await answer(reply(request), request, onPiece)
        try checkCancellation()
        try watch.confirm(request, read: answer.usage.promptTokens)
        return answer
    }

    private func answer(
        _ reply: Reply, _ request: ChatRequest, _ onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer {
        var text = ""
        var calls: [ToolCall] = []
        var finish = ChatAnswer.Finish.stop
        switch reply {
        case .text(let words): text = words
        case .cut(let words): (text, finish) = (words, .length)
        case .calls(let wanted): calls = wanted
        case .failure(let code): throw ModelError(code, name, "\(name): as the script says")
        case .never:
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
            try checkCancellation()
        }
        let room = 4 * request.answerLimit
        if text.utf8.count > room {
            (text, finish) = (String(decoding: text.utf8.prefix(room), as: UTF8.self), .length)
        }
        var builder = AnswerBuilder(name, request)
        for word in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let piece = (word.offset > 0 ? " " : "") + word.element
            guard !piece.isEmpty else { continue }
            try builder.take(.text(piece))
            onPiece(.text(piece))
        }
        return try builder.answer(
            calls: calls.map { ($0.id, $0.name, Optional($0.arguments)) }, finish: finish,
            usage: ModelUsage(
                promptTokens: TokenEstimate.tokens(in: request), answerTokens: TokenEstimate.tokens(in: text)))
    }

    package func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        guard description.mayDo(.embedding) else { throw ModelError.unsupported(.embedding, name) }
        return texts.map { text in
            var vector = [Float](repeating: 0, count: 16)
            for (index, byte) in text.utf8.enumerated() { vector[(index &+ Int(byte)) % 16] += 1 }
            return vector
        }
    }

    private func checkCancellation() throws(ModelError) {
        if Task.isCancelled { throw ModelError(.cancelled, name, "\(name): the request was cancelled") }
    }
}

private final class Answers: Sendable {
    private let left: Mutex<[String]>

    init(_ answers: [String]) { left = Mutex(answers) }

    func next() -> String { left.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? "" } }
}
