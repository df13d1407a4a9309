// SPDX-License-Identifier: MIT
import MachaModel

extension ChatMessage {
    /// Who says what, as both Ollama and OpenAI take it.
    var spoken: [JSONValue.Member] {
        [.init("role", .string(role.rawValue)), .init("content", .string(text))]
    }
}

extension ToolOffer {
    /// As both Ollama and OpenAI take it.
    var document: JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(name), "description": .string(explanation), "parameters": parameters.document,
            ],
        ]
    }
}
