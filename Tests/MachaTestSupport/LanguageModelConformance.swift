// SPDX-License-Identifier: MIT
package import MachaAnalyst
import Synchronization

/// What every ``LanguageModel`` does, whatever is behind it. Each behaviour throws ``Mismatch`` when the model lacks it.
///
/// None rests on what the model says: its words may be nonsense.
package enum LanguageModelConformance: String, CaseIterable, Sendable, CustomStringConvertible {
    case describesItself = "it describes itself, twice alike"
    case piecesMakeTheAnswer = "the pieces make up the answer"
    case usageIsCounted = "prompt and answer are counted"
    case answerLimitHolds = "the answer ends at its limit and says so"
    case structuredIsValid = "a structured answer fits its schema or is refused as unusable"
    case longPromptIsRefused = "a prompt beyond the context is refused, not shortened"
    case longAnswerIsRefused = "an answer that could not fit the context is refused"
    case shrunkPromptIsNoticed = "a server that reads less than before is not believed"
    case schemaExcludesTools = "a schema and tools exclude each other"
    case conversationEndsWithAQuestion = "a conversation must end with a question"
    case severalTurns = "a conversation has several turns"
    case sideBySide = "calls side by side all get their answers"
    case cancelledBefore = "a task cancelled before gets no answer"
    case cancelledInTheMiddle = "a task cancelled in the middle gets no answer, and the next one does"
    case embeddings = "embeddings are vectors of one length, or not supported"
    case countsTokens = "longer texts have more tokens"

    /// The model does not do what its protocol promises.
    package struct Mismatch: Error, CustomStringConvertible {
        package var description: String
    }

    package var description: String { rawValue }

    /// Tries this behaviour of `model`.
    package func check(_ model: any LanguageModel) async throws {
        switch self {
        case .describesItself:
            let description = try await model.describe()
            try expect(description.context > 0 && !description.server.isEmpty, "it says nothing of itself")
            try expect(try await model.describe() == description, "it describes itself differently the second time")
        case .piecesMakeTheAnswer, .usageIsCounted, .answerLimitHolds, .structuredIsValid: try await checkAnswer(model)
        case .longPromptIsRefused, .longAnswerIsRefused, .shrunkPromptIsNoticed, .schemaExcludesTools,
            .conversationEndsWithAQuestion:
            try await checkRefusal(model)
        case .severalTurns:
            let one = try await model.chat(Self.question())
            let turns: [ChatMessage] = Self.question().messages + [.assistant(one.text), .user("And then?")]
            let floor = try require(one.usage.promptTokens, "the prompt is not counted")
            let two = try await model.chat(ChatRequest(turns, answerLimit: 16, promptFloor: floor))
            try expect(two.usage.promptTokens ?? 0 > floor, "more turns are not more tokens")
        case .sideBySide:
            let count = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<5 {
                    group.addTask { try await model.chat(Self.question(seed: number)).usage.answerTokens ?? 0 }
                }
                return try await group.reduce(into: 0) { $0 += min($1, 1) }
            }
            try expect(count == 5, "only \(count) of 5 were answered")
        case .cancelledBefore, .cancelledInTheMiddle: try await checkCancellation(model)
        case .embeddings: try await checkEmbeddings(model)
        case .countsTokens:
            let short = await model.countTokens(in: "disk full")
            let long = await model.countTokens(in: String(repeating: "disk full on nas ", count: 100))
            try expect(short > 0 && long > 50 * short / 2, "\(short) and \(long) tokens")
        }
    }

    private static func question(limit: Int = 16, seed: Int = 1) -> ChatRequest {
        ChatRequest([.system("You are terse."), .user("What is wrong with the disk?")], answerLimit: limit, seed: seed)
    }

    private static let schema = JSONSchema.object([
        .init("cause", .string(atMost: 40)), .init("severity", .choice(["info", "warning", "critical"])),
        .init("confidence", .integer(0...100)),
    ])

    private func checkAnswer(_ model: any LanguageModel) async throws {
        switch self {
        case .piecesMakeTheAnswer:
            let pieces = Mutex("")
            let answer = try await model.chat(Self.question()) { piece in
                if case .text(let text) = piece { pieces.withLock { $0 += text } }
            }
            try expect(pieces.withLock { $0 } == answer.text, "the pieces differ from the answer")
        case .usageIsCounted:
            let usage = try await model.chat(Self.question()).usage
            try expect(usage.promptTokens ?? 0 > 0 && usage.answerTokens ?? 0 > 0, "\(usage)")
        case .answerLimitHolds:
            let answer = try await model.chat(Self.question(limit: 1))
            try expect(answer.usage.answerTokens ?? 99 <= 2, "\(answer.usage.answerTokens ?? -1) tokens of 1 allowed")
            try expect(answer.finish == .length, "a cut answer is not called one")
        default:
            do {
                let answer = try await model.answer(Self.question(limit: 256), as: Self.schema)
                try expect(Self.schema.mistakes(in: answer.value).isEmpty, "an answer of another shape was let through")
            } catch let error as ModelError {
                guard case .unusable = error.code else { throw error }
            }
        }
    }

    private func checkRefusal(_ model: any LanguageModel) async throws {
        let context = try await model.describe().context
        var request = Self.question()
        let expected: (ModelError.Code) -> Bool
        switch self {
        case .longPromptIsRefused:
            request.messages.append(.user(String(repeating: "disk full ", count: context)))
            expected = { if case .promptTooLong = $0 { true } else { false } }
        case .longAnswerIsRefused:
            request.answerLimit = context
            expected = { if case .promptTooLong = $0 { true } else { false } }
        case .shrunkPromptIsNoticed:
            request.promptFloor = context
            expected = { $0 == .unusable(.promptTruncated) }
        case .schemaExcludesTools:
            request.schema = Self.schema
            request.tools = [ToolOffer("look", "", parameters: .object([]))]
            expected = { $0 == .invalidRequest }
        default:
            request.messages.append(.assistant("The disk is full."))
            expected = { $0 == .invalidRequest }
        }
        let code = await failure { () async throws(ModelError) in _ = try await model.chat(request) }
        try expect(code.map(expected) ?? false, "it ended with \(code?.word ?? "an answer")")
    }

    private func checkCancellation(_ model: any LanguageModel) async throws {
        let isBefore = self == .cancelledBefore
        let task = Task { () -> ModelError.Code? in
            if isBefore { withUnsafeCurrentTask { $0?.cancel() } }
            do throws(ModelError) {
                _ = try await model.chat(Self.question(limit: 512)) { _ in withUnsafeCurrentTask { $0?.cancel() } }
                return nil
            } catch {
                return error.code
            }
        }
        let code = await task.value
        // An answer may have been whole before the task was cancelled in its middle.
        try expect(code == .cancelled || code == nil && !isBefore, "it ended with \(code?.word ?? "an answer")")
        _ = try await model.chat(Self.question())
    }

    private func checkEmbeddings(_ model: any LanguageModel) async throws {
        let texts = ["disk full", "", "Ärger mit dem Netz"]
        do {
            let vectors = try await model.embed(texts)
            try expect(vectors.count == texts.count && Set(vectors.map(\.count)).count == 1, "not one vector a text")
            let again = try await model.embed([texts[0]]) + (try await model.embed([texts[0]]))
            try expect(Self.likeness(again[0], again[1]) > 0.999, "equal texts have different vectors")
            try expect(try await model.embed([]).isEmpty, "no texts have vectors")
        } catch let error as ModelError {
            guard error.code == .unsupported(.embedding) else { throw error }
        }
    }

    /// The cosine of the angle between two vectors. Equal texts may differ a little, by what else is computed.
    private static func likeness(_ left: [Float], _ right: [Float]) -> Float {
        func product(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        return product(left, right) / (product(left, left) * product(right, right)).squareRoot()
    }

    private func failure(_ work: () async throws(ModelError) -> Void) async -> ModelError.Code? {
        do throws(ModelError) {
            try await work()
            return nil
        } catch {
            return error.code
        }
    }

    private func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) throws(Mismatch) {
        if !isTrue { throw Mismatch(description: what()) }
    }

    private func require<Value>(_ value: Value?, _ what: String) throws(Mismatch) -> Value {
        guard let value else { throw Mismatch(description: what) }
        return value
    }
}
