// SPDX-License-Identifier: MIT
import MachaCore

/// The body of `/v1/chat/completions` and the events that come back.
enum OpenAIChat {
    static func body(_ request: ChatRequest, model: String, _ server: OpenAIServer) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("model", .string(model)), .init("messages", .array(request.messages.map(message))),
            .init("stream", true), .init("stream_options", ["include_usage": true]),
            .init("max_tokens", .integer(request.answerLimit)), .init("temperature", .number(request.temperature)),
            .init("seed", .integer(request.seed)),
        ]
        if let schema = request.schema {
            // The schema must stand inside of "json_schema": beside it llama.cpp takes it and does not enforce it.
            members.append(
                .init(
                    "response_format",
                    [
                        "type": "json_schema",
                        "json_schema": ["name": "answer", "strict": true, "schema": schema.document],
                    ]
                ))
        }
        if !request.tools.isEmpty { members.append(.init("tools", .array(request.tools.map(\.document)))) }
        if server.isLlamaCpp {
            members.append(.init("chat_template_kwargs", ["enable_thinking": .bool(request.thinks)]))
        }
        return .object(members)
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

    /// Reads the answer event by event (html.spec.whatwg.org, server-sent events: one line each here).
    struct Stream {
        private struct PartialCall {
            var id = ""
            var name = ""
            var arguments = ""
        }

        private let wire: ModelWire
        private var builder: AnswerBuilder
        private var calls: [Int: PartialCall] = [:]
        private var finishReason: String?
        private var usage = ModelUsage()

        init(_ wire: ModelWire, _ request: ChatRequest) {
            self.wire = wire
            builder = AnswerBuilder(wire.name, request)
        }

        /// Takes one line. Answers false after the last.
        mutating func take(_ line: [UInt8], _ onPiece: (ChatPiece) -> Void) throws(ModelError) -> Bool {
            // Blank lines part events; a colon at the beginning is a sign of life.
            guard line.starts(with: "data:".utf8) else {
                guard line.first == UInt8(ascii: "{") else { return true }
                throw wire.malformed("it answered with a document where a stream was asked for")
            }
            let data = line.dropFirst(5).drop { $0 == 0x20 }
            if data.elementsEqual("[DONE]".utf8) { return false }
            let event: JSONValue
            do throws(JSONError) {
                event = try JSONValue.parse(Array(data))
            } catch {
                throw wire.malformed("an event of its answer is not JSON: \(error.message)")
            }
            if let error = event["error"] { throw wire.refusal(error["code"]?.integer ?? 500, event.text) }
            if event["object"]?.string == "error" { throw wire.refusal(event["code"]?.integer ?? 500, event.text) }
            try take(event, onPiece)
            return true
        }

        private mutating func take(_ event: JSONValue, _ onPiece: (ChatPiece) -> Void) throws(ModelError) {
            if let usage = event["usage"], usage.members != nil { note(usage, event["timings"]) }
            guard let choices = event["choices"]?.array else {
                throw wire.malformed("an event of its answer has no choices")
            }
            guard let choice = choices.first else { return }
            let delta = choice["delta"]
            // vLLM says "reasoning", older ones and llama.cpp "reasoning_content".
            let thought = delta?["reasoning_content"]?.string ?? delta?["reasoning"]?.string ?? ""
            try builder.take(.thinking(thought), onPiece)
            try builder.take(.text(delta?["content"]?.string ?? ""), onPiece)
            for call in delta?["tool_calls"]?.array ?? [] {
                var partial = calls[call["index"]?.integer ?? 0] ?? PartialCall()
                partial.id += call["id"]?.string ?? ""
                partial.name += call["function"]?["name"]?.string ?? ""
                partial.arguments += call["function"]?["arguments"]?.string ?? ""
                guard partial.arguments.utf8.count < 1 << 20 else {
                    throw wire.malformed("the arguments of a tool call do not end")
                }
                calls[call["index"]?.integer ?? 0] = partial
            }
            if let reason = choice["finish_reason"]?.string { finishReason = reason }
        }

        private mutating func note(_ usage: JSONValue, _ timings: JSONValue?) {
            func milliseconds(_ key: String) -> Duration? { timings?[key]?.number.map { .milliseconds($0) } }
            self.usage = ModelUsage(
                promptTokens: usage["prompt_tokens"]?.integer, answerTokens: usage["completion_tokens"]?.integer,
                prompt: milliseconds("prompt_ms"), answer: milliseconds("predicted_ms"))
        }

        func finish() throws(ModelError) -> ChatAnswer {
            guard let finishReason else { throw wire.stopped() }
            let calls = calls.sorted { $0.key < $1.key }.map { _, call in
                // Arguments of a tool that takes none may be left empty.
                let document = try? JSONValue.parse(call.arguments.isEmpty ? "{}" : call.arguments)
                return (id: call.id, name: call.name, arguments: document)
            }
            return try builder.answer(calls: calls, finish: finishReason == "length" ? .length : .stop, usage: usage)
        }
    }
}
