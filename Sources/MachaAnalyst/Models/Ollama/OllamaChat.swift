// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel

/// The body of `/api/chat` and the lines that come back.
enum OllamaChat {
    static func body(
        _ request: ChatRequest, model: String, _ description: ModelDescription, _ options: ModelOptions
    ) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("model", .string(model)), .init("messages", .array(request.messages.map(message))),
            .init("stream", true), .init("keep_alive", .string(options.keepAlive)),
            // Since 0.12.6 these turn silent loss into errors; older servers ignore them.
            .init("truncate", false), .init("shift", false),
            .init(
                "options",
                [
                    "num_ctx": .integer(description.context), "num_predict": .integer(request.answerLimit),
                    "temperature": .number(request.temperature), "seed": .integer(request.seed),
                ]),
        ]
        if let schema = request.schema { members.append(.init("format", schema.document)) }
        if !request.tools.isEmpty { members.append(.init("tools", .array(request.tools.map(\.document)))) }
        // A model that cannot think refuses the word.
        if description.capabilities[.thinking] == true {
            members.append(.init("think", request.thinks && options.thinking == .low ? "low" : .bool(request.thinks)))
        }
        return .object(members)
    }

    private static func message(_ message: ChatMessage) -> JSONValue {
        var members = message.spoken
        if !message.toolCalls.isEmpty {
            let calls = message.toolCalls.map { call -> JSONValue in
                ["id": .string(call.id), "function": ["name": .string(call.name), "arguments": call.arguments]]
            }
            members.append(.init("tool_calls", .array(calls)))
        }
        if let call = message.answered {
            members.append(.init("tool_name", .string(call.name)))
            if !call.id.isEmpty { members.append(.init("tool_call_id", .string(call.id))) }
        }
        return .object(members)
    }

    /// Reads the answer line by line.
    struct Stream: AnswerReader {
        private let wire: ModelWire
        private var builder: AnswerBuilder
        private var calls: [(id: String, name: String, arguments: JSONValue?)] = []
        private var last: JSONValue?

        init(_ wire: ModelWire, _ request: ChatRequest) {
            self.wire = wire
            builder = AnswerBuilder(wire.name, request)
        }

        /// Takes one line. Answers false after the last.
        mutating func take(_ line: [UInt8], _ onPiece: (ChatPiece) -> Void) throws(ModelError) -> Bool {
            guard !line.isEmpty else { return true }
            let piece: JSONValue
            do throws(JSONError) {
                piece = try JSONValue.parse(line)
            } catch {
                throw wire.malformed("a line of its answer is not JSON: \(error.message)")
            }
            // An error after the stream has begun comes under status 200.
            if let error = piece["error"], error != .null, error != "" { throw wire.refusal(500, piece.text) }
            guard let message = piece["message"] ?? (piece["done"] != nil ? .object([]) : nil) else {
                throw wire.malformed("a line of its answer has neither a message nor an end")
            }
            try builder.take(.thinking(message["thinking"]?.string ?? ""), onPiece)
            try builder.take(.text(message["content"]?.string ?? ""), onPiece)
            // In a piece of their own, or in the last one with servers from 0.30 on.
            for call in message["tool_calls"]?.array ?? [] {
                let function = call["function"]
                // A text where an object was promised comes from gateways that imitate OpenAI.
                let arguments = function?["arguments"].flatMap { value in
                    value.members == nil ? value.string.flatMap { try? JSONValue.parse($0) } : value
                }
                calls.append((call["id"]?.string ?? "", function?["name"]?.string ?? "", arguments))
            }
            guard piece["done"]?.bool == true else { return true }
            last = piece
            return false
        }

        func finish() throws(ModelError) -> ChatAnswer {
            guard let last else { throw wire.stopped() }
            func nanoseconds(_ key: String) -> Duration? { last[key]?.integer.map { .nanoseconds($0) } }
            let usage = ModelUsage(
                promptTokens: last["prompt_eval_count"]?.integer, answerTokens: last["eval_count"]?.integer,
                load: nanoseconds("load_duration"), prompt: nanoseconds("prompt_eval_duration"),
                answer: nanoseconds("eval_duration"))
            let finish: ChatAnswer.Finish = last["done_reason"]?.string == "length" ? .length : .stop
            return try builder.answer(calls: calls, finish: finish, usage: usage)
        }
    }
}
