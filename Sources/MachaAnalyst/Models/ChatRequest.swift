// SPDX-License-Identifier: MIT
package import MachaModel

/// One conversation, and what the answer to it must be.
package struct ChatRequest: Hashable, Sendable {
    /// In order; the last one is the user's or a tool's.
    package var messages: [ChatMessage]
    /// The shape of the answer. It is sent to the server, and whoever reads the answer checks it all the same.
    package var schema: JSONSchema?
    /// Never together with a schema: servers then leave out the calls.
    package var tools: [ToolOffer]
    /// Most tokens of the answer. There always is a limit: models have written 49,000 tokens for one sentence.
    package var answerLimit: Int
    package var temperature: Double
    /// For answers that can be repeated, as far as the server can.
    package var seed: Int
    /// Whether a model that can think aloud shall.
    package var thinks: Bool
    /// Tokens the server has counted for a beginning of this conversation. If it now reads fewer, it has dropped some.
    package var promptFloor: Int

    package init(
        _ messages: [ChatMessage], schema: JSONSchema? = nil, tools: [ToolOffer] = [], answerLimit: Int = 1_024,
        temperature: Double = 0, seed: Int = 1, thinks: Bool = false, promptFloor: Int = 0
    ) {
        self.messages = messages
        self.schema = schema
        self.tools = tools
        self.answerLimit = answerLimit
        self.temperature = temperature
        self.seed = seed
        self.thinks = thinks
        self.promptFloor = promptFloor
    }
}

/// One turn of a conversation.
package struct ChatMessage: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable { case system, user, assistant, tool }

    package var role: Role
    package var text: String
    /// What the assistant called.
    package var toolCalls: [ToolCall]
    /// Which call a tool's message answers.
    package var answered: ToolCall?

    package static func system(_ text: String) -> ChatMessage { ChatMessage(.system, text) }
    package static func user(_ text: String) -> ChatMessage { ChatMessage(.user, text) }
    package static func assistant(_ text: String, calling calls: [ToolCall] = []) -> ChatMessage {
        ChatMessage(.assistant, text, toolCalls: calls)
    }
    package static func tool(_ text: String, answering call: ToolCall) -> ChatMessage {
        ChatMessage(.tool, text, answered: call)
    }

    private init(_ role: Role, _ text: String, toolCalls: [ToolCall] = [], answered: ToolCall? = nil) {
        self.role = role
        self.text = text
        self.toolCalls = toolCalls
        self.answered = answered
    }
}

/// A tool the model may call.
package struct ToolOffer: Hashable, Sendable {
    package var name: String
    package var explanation: String
    package var parameters: JSONSchema

    package init(_ name: String, _ explanation: String, parameters: JSONSchema) {
        self.name = name
        self.explanation = explanation
        self.parameters = parameters
    }
}

/// A call the model asks for. Its arguments are an object and fit the tool's parameters.
package struct ToolCall: Hashable, Sendable {
    /// As the server wrote it; empty with servers that have none.
    package var id: String
    package var name: String
    package var arguments: JSONValue

    package init(id: String = "", name: String, arguments: JSONValue) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
