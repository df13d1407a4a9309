// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaTestSupport
import Testing

/// Models at test servers.
enum At {
    static func ollama(
        _ url: String, model: String = "tiny", context: Int = 4_096, _ change: (inout ModelOptions) -> Void = { _ in }
    ) -> OllamaModel {
        var options = ModelOptions(context: context)
        change(&options)
        return OllamaModel(
            ModelName(endpoint: "desk", model: model), url: url, client: HTTPClient(), options: options,
            places: AsyncSemaphore(1))
    }

    static func openAI(
        _ url: String, model: String = "tiny", _ change: (inout ModelOptions) -> Void = { _ in }
    ) -> OpenAIModel {
        var options = ModelOptions(context: 4_096)
        change(&options)
        return OpenAIModel(
            ModelName(endpoint: "desk", model: model), url: url, client: HTTPClient(), options: options,
            places: AsyncSemaphore(2))
    }
}

/// How a call ended.
enum Ending: Equatable, CustomStringConvertible {
    case answer
    case error(ModelError.Code)

    var description: String {
        switch self {
        case .answer: "an answer"
        case .error(let code): code.word
        }
    }
}

/// The error that `work` ends with; recorded as an issue when it does not.
func failure<Value>(
    of work: () async throws(ModelError) -> Value, _ location: SourceLocation = #_sourceLocation
) async throws -> ModelError {
    do throws(ModelError) {
        _ = try await work()
    } catch {
        return error
    }
    throw Answered()
}

struct Answered: Error {}

let diagnosis = JSONSchema.object([
    .init("summary", .string(atMost: 200), "one sentence"),
    .init("severity", .choice(["info", "warning", "critical"])),
    .init("evidence", .array(of: .string(atLeast: 1, atMost: 20), atMost: 5)),
    .init("confidence", .integer(0...100)),
])

extension ChatRequest {
    static func ask(_ text: String = "What is wrong?", answerLimit: Int = 256) -> ChatRequest {
        ChatRequest([.system("You are an analyst."), .user(text)], answerLimit: answerLimit)
    }
}
