// SPDX-License-Identifier: MIT
package import MachaModel

/// Puts an answer together from its pieces, and keeps it from growing beyond what was asked for.
package struct AnswerBuilder {
    package let name: ModelName
    package let request: ChatRequest
    package private(set) var text = ""
    package private(set) var thinking = ""

    package init(_ name: ModelName, _ request: ChatRequest) {
        self.name = name
        self.request = request
    }

    /// Takes a piece and hands it on, unless there is nothing in it.
    mutating func take(_ piece: ChatPiece, _ onPiece: (ChatPiece) -> Void) throws(ModelError) {
        switch piece {
        case .text(""), .thinking(""): return
        default:
            try take(piece)
            onPiece(piece)
        }
    }

    /// Takes a piece. A server that goes on far beyond the answer's limit does not know the limit, and is left.
    package mutating func take(_ piece: ChatPiece) throws(ModelError) {
        switch piece {
        case .text(let piece): text += piece
        case .thinking(let piece): thinking += piece
        }
        // No tokenizer has tokens of more than 32 bytes on average over a text of some length.
        guard text.utf8.count + thinking.utf8.count <= 4_096 + 32 * request.answerLimit else {
            throw ModelError(
                .unusable(.cutShort), name,
                "\(name) wrote far more than its limit of \(request.answerLimit) tokens and was interrupted",
                remedy: "check that the server honours the limit of new tokens")
        }
    }

    /// The answer, if its calls are ones that were offered.
    ///
    /// `calls` are names with what the server gave as arguments; `nil` stands for arguments that are no JSON. An answer
    /// that was cut short has no calls: theirs are cut as well.
    package func answer(
        calls: [(id: String, name: String, arguments: JSONValue?)], finish: ChatAnswer.Finish, usage: ModelUsage
    ) throws(ModelError) -> ChatAnswer {
        var accepted: [ToolCall] = []
        for call in finish == .length ? [] : calls {
            guard let tool = request.tools.first(where: { $0.name == call.name }) else {
                throw ModelError(
                    .unusable(.unknownTool), name, "\(name) called an unknown tool: \(call.name.quoted)")
            }
            guard let arguments = call.arguments, tool.parameters.mistakes(in: arguments).isEmpty else {
                throw ModelError(
                    .unusable(.brokenToolCall), name, "\(name) called \(tool.name) with arguments that do not fit it")
            }
            accepted.append(ToolCall(id: call.id, name: call.name, arguments: arguments))
        }
        let (spoken, thought) = Self.split(text)
        guard !spoken.isEmpty || !accepted.isEmpty || finish == .length else {
            throw ModelError(
                .unusable(.empty), name, "\(name) returned an empty answer",
                remedy: thinking.isEmpty
                    ? ""
                    : "it only thought: set thinking of the endpoint \(name.endpoint.quoted) to off, or raise its answer-limit"
            )
        }
        return ChatAnswer(
            text: spoken, thinking: thinking + thought, toolCalls: accepted, finish: finish, usage: usage)
    }

    /// Servers that do not know a model's way of thinking leave it in the text.
    private static func split(_ text: String) -> (spoken: String, thought: String) {
        let start = text.drop { $0.isWhitespace }
        guard start.hasPrefix("<think>"), let end = start.firstRange(of: "</think>") else { return (text, "") }
        let thought = start[..<end.lowerBound].dropFirst("<think>".count)
        return (String(start[end.upperBound...].drop { $0.isWhitespace }), String(thought))
    }
}

extension ChatRequest {
    /// Refuses what no server could answer, and what the model is known not to do.
    package func check(_ name: ModelName, _ description: ModelDescription) throws(ModelError) {
        func refuse(_ why: String) -> ModelError { ModelError(.invalidRequest, name, "\(name): \(why)") }
        guard let last = messages.last, last.role == .user || last.role == .tool else {
            throw refuse("a conversation must end with a message of the user or of a tool")
        }
        guard answerLimit > 0 else { throw refuse("an answer of \(answerLimit) tokens is not possible") }
        guard schema == nil || tools.isEmpty else { throw refuse("a schema and tools exclude each other") }
        let needs: [(ModelCapability, Bool)] = [(.chat, true), (.tools, !tools.isEmpty), (.thinking, thinks)]
        for (capability, isNeeded) in needs where isNeeded && !description.mayDo(capability) {
            throw .unsupported(capability, name)
        }
    }
}

extension ModelError {
    package static func unsupported(_ capability: ModelCapability, _ name: ModelName) -> ModelError {
        let what =
            switch capability {
            case .chat: "chat"
            case .tools: "call tools"
            case .thinking: "think"
            case .vision: "read images"
            case .embedding: "make embeddings"
            }
        return ModelError(
            .unsupported(capability), name, "the model \(name) cannot \(what)",
            remedy: "configure another model")
    }
}
