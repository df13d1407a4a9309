// SPDX-License-Identifier: MIT
import MachaModel

extension OpenAIChat {
    /// Puts an answer together from what a server sends: a stream of events, or a whole document.
    ///
    /// What is accepted beside OpenAI's own form, and from which server it was seen, is listed in docs/models.md.
    struct Stream: AnswerReader {
        private let wire: ModelWire
        private let answerLimit: Int
        private var builder: AnswerBuilder
        private var reader = EventStreamReader()
        private var calls = OpenAIToolCalls()
        private var finishReason: String?
        private var hasEnded = false
        private var hasEvents = false
        private var hasChoices = false
        private var usage = ModelUsage()

        init(_ wire: ModelWire, _ request: ChatRequest) {
            self.wire = wire
            answerLimit = request.answerLimit
            builder = AnswerBuilder(wire.name, request)
        }

        /// Takes one line. Returns false after the last.
        mutating func take(_ line: [UInt8], _ onPiece: (ChatPiece) -> Void) throws(ModelError) -> Bool {
            let wire = wire
            let item = try Self.reading(wire) { () throws(EventStreamReader.Malformed) in try reader.take(line) }
            guard let item else { return true }
            try take(item, onPiece)
            return !hasEnded
        }

        /// The answer, once the server has nothing more to say.
        mutating func finish(_ onPiece: (ChatPiece) -> Void) throws(ModelError) -> ChatAnswer {
            let wire = wire
            let rest = try Self.reading(wire) { () throws(EventStreamReader.Malformed) in try reader.finish() }
            if !hasEnded, let rest { try take(rest, onPiece) }
            guard hasChoices else {
                throw hasEvents ? wire.malformed("no event of its answer has choices") : wire.stopped()
            }
            let finish = try ending()
            return try builder.answer(calls: try calls.finished(wire), finish: finish, usage: usage)
        }

        private static func reading<Value>(
            _ wire: ModelWire, _ work: () throws(EventStreamReader.Malformed) -> Value
        ) throws(ModelError) -> Value {
            do throws(EventStreamReader.Malformed) {
                return try work()
            } catch {
                throw wire.malformed(error.message)
            }
        }

        private mutating func take(
            _ item: EventStreamReader.Item, _ onPiece: (ChatPiece) -> Void
        ) throws(ModelError) {
            switch item {
            case .done: hasEnded = true
            case .failure(let text): throw wire.refusal(Self.status(try? JSONValue.parse(text)), text)
            case .foreign(let text): throw wire.foreign(text)
            case .document(let document):
                try take(document, named: "", onPiece)
                guard document["choices"]?.array?.isEmpty == false else {
                    let start = document.text.printable(limit: 200)
                    throw wire.malformed("it answered with a document without choices: \(start)")
                }
                hasEnded = true
            case .event(let name, let event): try take(event, named: name, onPiece)
            }
        }

        private mutating func take(
            _ event: JSONValue, named name: String, _ onPiece: (ChatPiece) -> Void
        ) throws(ModelError) {
            hasEvents = true
            if Self.isFailure(event, named: name) { throw wire.refusal(Self.status(event), event.text) }
            if let usage = event["usage"], usage.members != nil { note(usage, event["timings"]) }
            // Usage, timings and pings come in events without choices, too.
            guard let choices = event["choices"]?.array else { return }
            hasChoices = true
            guard let choice = choices.first else { return }
            let said = choice["delta"].flatMap { $0.members } == nil ? choice["message"] : choice["delta"]
            // vLLM says "reasoning", older ones and llama.cpp "reasoning_content".
            let thought = said?["reasoning_content"] ?? said?["reasoning"]
            try builder.take(.thinking(thought?.string ?? ""), onPiece)
            for piece in Self.pieces(said?["content"] ?? choice["text"]) { try builder.take(piece, onPiece) }
            for call in said?["tool_calls"]?.array ?? [] { try calls.take(call, wire) }
            if let reason = choice["finish_reason"]?.string, !reason.isEmpty { finishReason = reason }
        }

        /// Content is a text, or a list of parts: `{"type": "text", "text": …}`, `{"type": "thinking", "thinking": …}`.
        private static func pieces(_ content: JSONValue?) -> [ChatPiece] {
            switch content {
            case .string(let text): [.text(text)]
            case .array(let parts):
                parts.flatMap { part -> [ChatPiece] in
                    guard let thought = part["thinking"] else {
                        return [.text(part["text"]?.string ?? part.string ?? "")]
                    }
                    return pieces(thought).map { .thinking($0.content) }
                }
            default: []
            }
        }

        // MARK: errors and endings

        /// `"error": null` and `"error": ""` are written by servers that serialise every member they know.
        private static func isFailure(_ event: JSONValue, named name: String) -> Bool {
            if name == "error" || event["object"] == "error" || event["type"] == "error" { return true }
            return event["error"].map { $0 != .null && $0 != "" && $0 != false } ?? false
        }

        /// The status that an error in the body stands for.
        private static func status(_ event: JSONValue?) -> Int {
            let fault = event?["error"]?.members == nil ? event : event?["error"]
            return fault?["code"].flatMap(Self.count) ?? fault?["status"].flatMap(Self.count) ?? 500
        }

        private func ending() throws(ModelError) -> ChatAnswer.Finish {
            switch finishReason?.lowercased() {
            case "length", "max_tokens", "max_output_tokens", "model_length": return .length
            case "error", "failed", "abort", "aborted", "cancelled", "canceled":
                throw ModelError(
                    .serverFailed, wire.name, "\(wire.name) broke off its answer (\(finishReason?.quoted ?? ""))",
                    remedy: "check the server's log")
            case "content_filter", "safety", "recitation", "prohibited_content", "blocklist":
                throw ModelError(
                    .unusable(.filtered), wire.name,
                    "a content filter of \(wire.name.endpoint.quoted) stopped the answer of \(wire.name)",
                    remedy: "switch the filter off for this endpoint, or name another model")
            case .some: return .stop
            // Without a reason only [DONE] proves that the answer is whole, and a full budget that it is not.
            case nil where !hasEnded: throw wire.stopped()
            case nil: return usage.answerTokens.map { $0 >= answerLimit } == true ? .length : .stop
            }
        }

        // MARK: usage

        private mutating func note(_ usage: JSONValue, _ timings: JSONValue?) {
            func milliseconds(_ key: String) -> Duration? { timings?[key]?.number.map { .milliseconds($0) } }
            let read = usage["prompt_tokens"].flatMap(Self.count)
            self.usage = ModelUsage(
                promptTokens: read == 0 ? nil : read, answerTokens: usage["completion_tokens"].flatMap(Self.count),
                prompt: milliseconds("prompt_ms"), answer: milliseconds("predicted_ms"))
        }

        /// A number, also where a gateway writes it as text.
        private static func count(_ value: JSONValue) -> Int? { value.integer ?? value.string.flatMap { Int($0) } }
    }
}

/// Calls of tools, which arrive in pieces.
private struct OpenAIToolCalls {
    private struct Call {
        var index: Int?
        var id = ""
        var name = ""
        var arguments = ""
    }

    private var calls: [Call] = []

    /// Bytes of arguments beyond which a call is taken for endless.
    private static let longest = 1 << 20

    /// Takes one piece. A piece without an index begins a call when it has a name, and continues the last one otherwise.
    mutating func take(_ piece: JSONValue, _ wire: ModelWire) throws(ModelError) {
        let index = piece["index"]?.integer
        let name = piece["function"]?["name"]?.string ?? ""
        let known = index.flatMap { index in calls.firstIndex { $0.index == index } }
        let continued = index == nil && name.isEmpty ? calls.indices.last : nil
        let place = known ?? continued ?? calls.endIndex
        if place == calls.endIndex { calls.append(Call(index: index)) }
        calls[place].id += piece["id"]?.string ?? ""
        calls[place].name += name
        // llama.cpp #20198: an object where a text was promised.
        let arguments = piece["function"]?["arguments"]
        calls[place].arguments += arguments?.string ?? (arguments?.members == nil ? "" : arguments?.text ?? "")
        guard calls[place].arguments.utf8.count < Self.longest else {
            throw wire.malformed("the arguments of a tool call do not end")
        }
    }

    /// The calls in their order; arguments that are no JSON are `nil`.
    func finished(_ wire: ModelWire) throws(ModelError) -> [(id: String, name: String, arguments: JSONValue?)] {
        calls.enumerated().sorted { ($0.element.index ?? $0.offset) < ($1.element.index ?? $1.offset) }
            .map { _, call in
                // Arguments of a tool that takes none may be left empty.
                (call.id, call.name, try? JSONValue.parse(call.arguments.isEmpty ? "{}" : call.arguments))
            }
    }
}

extension ChatPiece {
    fileprivate var content: String {
        switch self {
        case .text(let text), .thinking(let text): text
        }
    }
}
