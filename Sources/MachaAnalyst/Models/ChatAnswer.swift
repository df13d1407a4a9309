// SPDX-License-Identifier: MIT

/// A piece of an answer on its way.
package enum ChatPiece: Hashable, Sendable {
    case text(String)
    case thinking(String)
}

/// A whole answer, to a prompt that was read whole.
package struct ChatAnswer: Hashable, Sendable {
    package enum Finish: String, Hashable, Sendable {
        /// The model was done.
        case stop
        /// The answer's limit or the context was reached: the text breaks off, and must not be parsed.
        case length
    }

    package var text: String
    package var thinking: String
    package var toolCalls: [ToolCall]
    package var finish: Finish
    package var usage: ModelUsage

    package init(
        text: String, thinking: String = "", toolCalls: [ToolCall] = [], finish: Finish = .stop,
        usage: ModelUsage = ModelUsage()
    ) {
        self.text = text
        self.thinking = thinking
        self.toolCalls = toolCalls
        self.finish = finish
        self.usage = usage
    }
}

/// What an answer cost, as the server tells it. What it does not tell is `nil`, not zero.
package struct ModelUsage: Hashable, Sendable {
    package var promptTokens: Int?
    package var answerTokens: Int?
    /// For loading the model, reading the prompt and writing the answer.
    package var load: Duration?
    package var prompt: Duration?
    package var answer: Duration?

    package init(
        promptTokens: Int? = nil, answerTokens: Int? = nil, load: Duration? = nil, prompt: Duration? = nil,
        answer: Duration? = nil
    ) {
        self.promptTokens = promptTokens
        self.answerTokens = answerTokens
        self.load = load
        self.prompt = prompt
        self.answer = answer
    }

    /// Seconds that the model worked; `nil` when its server did not tell.
    package var seconds: Double? {
        let known = [load, prompt, answer].compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(.zero, +) / .seconds(1)
    }
}
