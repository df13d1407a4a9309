// SPDX-License-Identifier: MIT
package import MachaModel

/// An answer that has the shape that was asked for.
package struct StructuredAnswer: Hashable, Sendable {
    package var value: JSONValue
    /// The answer it was read from, the last of all attempts.
    package var answer: ChatAnswer
    /// Why earlier attempts could not be used, in order.
    package var repaired: [ModelError.Reason]
    /// The limit in tokens that cut it short, when `value` is only what was complete by then.
    package var cutAt: Int?
}

extension LanguageModel {
    /// Asks for an answer of the request's schema and checks it, whatever the server promised.
    ///
    /// An answer that is no JSON or has another shape goes back to the model with what is wrong with it, at most `repairs`
    /// times and only if that still fits the context. An answer that was cut short is not asked for again, which would end at
    /// the same place. It is read only by who `salvages`: what is complete of it is the answer then.
    ///
    /// - Throws: the reason why the last attempt cannot be used, or why there was none.
    package func answer(
        _ request: ChatRequest, as schema: JSONSchema, repairs: Int = 2, salvages: Bool = false,
        onPiece: @Sendable (ChatPiece) -> Void = { _ in }
    ) async throws(ModelError) -> StructuredAnswer {
        var request = request
        request.schema = schema
        let first = request.messages
        var repaired: [ModelError.Reason] = []
        while true {
            let answer = try await chat(request, onPiece: onPiece)
            guard answer.finish == .stop else {
                guard salvages, let part = JSONExtract.completed(answer.text) else {
                    throw .cutShort(name, at: request.answerLimit)
                }
                return StructuredAnswer(
                    value: schema.salvage(part), answer: answer, repaired: repaired, cutAt: request.answerLimit)
            }
            let complaint: StructuredComplaint
            do throws(StructuredComplaint) {
                let value = try StructuredComplaint.read(answer.text, schema)
                return StructuredAnswer(value: value, answer: answer, repaired: repaired)
            } catch {
                complaint = error
            }
            guard repaired.count < repairs else { throw complaint.error(name, attempts: repaired.count + 1) }
            repaired.append(complaint.reason)
            // Only the last attempt goes back: the prompt must not grow with each of them.
            request.messages = first + [.assistant(answer.text), .user(complaint.instruction)]
            request.promptFloor = repaired.count == 1 ? answer.usage.promptTokens ?? 0 : request.promptFloor
            do throws(ModelError) {
                try await admit(request)
            } catch {
                throw complaint.error(name, attempts: repaired.count)
            }
        }
    }

    private func admit(_ request: ChatRequest) async throws(ModelError) {
        try ContextWatch(name: name, try await describe()).admit(request)
    }
}

extension ModelError {
    static func cutShort(_ name: ModelName, at limit: Int) -> ModelError {
        ModelError(
            .unusable(.cutShort), name,
            "the answer of \(name) ended at its limit of \(limit) tokens, or at the context's end",
            remedy:
                "raise answer-limit or context of the endpoint \(name.endpoint.quoted), or set its thinking to off")
    }
}

/// Why an answer does not have its shape.
private struct StructuredComplaint: Error {
    var reason: ModelError.Reason
    /// Each starts lower case or with a path.
    var mistakes: [String]
    /// The schema in a line: a server that ignores the schema has not shown it to the model.
    var shape: String

    static func read(_ text: String, _ schema: JSONSchema) throws(StructuredComplaint) -> JSONValue {
        let value: JSONValue
        do throws(JSONError) {
            value = schema.conforming(try JSONExtract.document(in: text))
        } catch {
            let mistake = "\(error.message) (byte \(error.offset))"
            throw StructuredComplaint(reason: .notJSON, mistakes: [mistake], shape: schema.sketch)
        }
        let mistakes = schema.mistakes(in: value)
        guard mistakes.isEmpty else {
            throw StructuredComplaint(reason: .wrongSchema, mistakes: mistakes, shape: schema.sketch)
        }
        return value
    }

    var instruction: String {
        "That answer cannot be used:\n" + mistakes.prefix(8).map { "- \($0)\n" }.joined()
            + "Answer again with one JSON document of this shape and nothing else:\n\(shape)"
    }

    func error(_ name: ModelName, attempts: Int) -> ModelError {
        let what = reason == .notJSON ? "is not JSON" : "has another shape than was asked for"
        return ModelError(
            .unusable(reason), name,
            "the answer of \(name) \(what), in \(attempts) attempts: \(mistakes.prefix(3).joined(separator: "; "))",
            remedy: "try a larger model, or one that follows schemas")
    }
}
