// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// The body of `/v1/chat/completions` and the events that come back.
enum OpenAIChat {
    /// The body of a request. `thinking` is what the configuration says, `nil` for nothing; `made` what this server has
    /// refused before.
    static func body(
        _ request: ChatRequest, model: String, _ server: OpenAIServer, _ thinking: ModelThinking?,
        without made: Set<OpenAIAccommodation>
    ) -> JSONValue {
        let limit = made.contains(.maxCompletionTokens) ? "max_completion_tokens" : "max_tokens"
        var members: [JSONValue.Member] = [
            .init("model", .string(model)), .init("messages", .array(messages(request, made).map(message))),
            .init("stream", true), .init(limit, .integer(request.answerLimit)),
        ]
        if !made.contains(.noStreamOptions) { members.append(.init("stream_options", ["include_usage": true])) }
        if !made.contains(.noTemperature) { members.append(.init("temperature", .number(request.temperature))) }
        if !made.contains(.noSeed) { members.append(.init("seed", .integer(request.seed))) }
        if let format = format(request, made) { members.append(.init("response_format", format)) }
        if !request.tools.isEmpty { members.append(.init("tools", .array(request.tools.map(\.document)))) }
        if !made.contains(.noThinkingControls) { members += controls(request, server, thinking) }
        return .object(members)
    }

    private static func format(_ request: ChatRequest, _ made: Set<OpenAIAccommodation>) -> JSONValue? {
        guard let schema = request.schema, !made.contains(.noResponseFormat) else { return nil }
        guard !made.contains(.jsonObject) else { return ["type": "json_object"] }
        // The schema must stand inside of "json_schema": beside it llama.cpp takes it and does not enforce it.
        return [
            "type": "json_schema",
            "json_schema": ["name": "answer", "strict": true, "schema": schema.document],
        ]
    }

    /// llama.cpp is always told; other servers only what a person has configured, as some refuse members they do not know.
    private static func controls(
        _ request: ChatRequest, _ server: OpenAIServer, _ thinking: ModelThinking?
    ) -> [JSONValue.Member] {
        guard server.isLlamaCpp || thinking != nil else { return [] }
        var members = [
            JSONValue.Member(
                "chat_template_kwargs", ["enable_thinking": .bool(request.thinks || thinking?.isOn == true)])
        ]
        if let effort = thinking?.effort { members.append(.init("reasoning_effort", .string(effort))) }
        return members
    }

    /// The conversation, with the shape in the prompt and without a system role where the server needs it so.
    private static func messages(_ request: ChatRequest, _ made: Set<OpenAIAccommodation>) -> [ChatMessage] {
        var messages = request.messages
        if let schema = request.schema, made.contains(.jsonObject), let last = messages.indices.last {
            messages[last].text += "\nAnswer with one JSON document of this shape and nothing else:\n\(schema.sketch)\n"
        }
        if made.contains(.noSystemRole), let first = messages.first, first.role == .system, messages.count > 1 {
            messages.removeFirst()
            messages[0].text = first.text + "\n\n" + messages[0].text
        }
        return messages
    }

    private static func message(_ message: ChatMessage) -> JSONValue {
        var members = message.spoken
        if !message.toolCalls.isEmpty {
            // Arguments go back only as they parsed: broken ones would fail every further request (llama.cpp #25510).
            let calls = message.toolCalls.map { call -> JSONValue in
                [
                    "id": .string(call.id), "type": "function",
                    "function": ["name": .string(call.name), "arguments": .string(call.arguments.text)],
                ]
            }
            members.append(.init("tool_calls", .array(calls)))
        }
        if let call = message.answered { members.append(.init("tool_call_id", .string(call.id))) }
        return .object(members)
    }
}
