// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaTestSupport
import Testing

/// A prompt the server has shortened without a word, in each of the ways there are.
///
/// The double counts a token for two bytes, as tokenizers do with hexadecimal text: what our estimate lets pass does not
/// fit there.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct TruncationTests {
    private static let dense = ["--bytes-per-token", "2", "--ctx", "4096"]
    /// 10,800 bytes, 5,400 tokens there.
    private static let prompt = String(repeating: "9f86d081 884c7d65\n", count: 600)

    @Test(arguments: [
        // A server before 0.12.6 does not know `truncate`, so it shortens.
        ("0.9.6", "legacy", ModelError.Code.unusable(.promptTruncated)),
        ("0.12.0", "rendered", .unusable(.promptTruncated)),
        ("0.12.0", "native", .promptTooLong(tokens: 5_411, context: 4_096)),
        // A newer one is told not to.
        ("0.32.9", "legacy", .promptTooLong(tokens: 5_411, context: 4_096)),
        ("0.32.9", "rendered", .promptTooLong(tokens: 5_411, context: 4_096)),
    ])
    func `a prompt too long for the server is an error`(
        version: String, engine: String, code: ModelError.Code
    ) async throws {
        let double = try await OllamaDouble(Self.dense + ["--version", version, "--engine", engine])
        let error = try await failure { () async throws(ModelError) in
            try await At.ollama(double.url).chat(.ask(Self.prompt))
        }
        #expect(error.code.word == code.word, "\(error)")
        #expect(!error.isTransient)
        if case .promptTooLong(let tokens, let context) = error.code {
            #expect(context == 4_096)
            #expect(tokens ?? 0 > 5_000)
        }
    }

    @Test func `messages dropped from a conversation are noticed`() async throws {
        let double = try await OllamaDouble(Self.dense + ["--version", "0.9.6", "--engine", "rendered"])
        let model = At.ollama(double.url)
        let half = String(Self.prompt.prefix(5_400))
        let first = try await model.chat(.ask(half))
        let turns: [ChatMessage] =
            ChatRequest.ask(half).messages + [.assistant(first.text), .user(String(half.prefix(3_000)))]
        let request = ChatRequest(turns, answerLimit: 256, promptFloor: first.usage.promptTokens ?? 0)
        let error = try await failure { () async throws(ModelError) in try await model.chat(request) }
        #expect(error.code == .unusable(.promptTruncated))
    }

    @Test func `the context is the one the server has allocated`() async throws {
        let double = try await OllamaDouble(
            rules: """
                {"models": [{"name": "tiny:latest", "context_length": 2048, "capabilities": ["completion"]}]}
                """)
        let description = try await At.ollama(double.url, context: 8_192).describe()
        #expect(description.context == 2_048)
        #expect(description.contextSource == .allocated)
        #expect(description.server == "Ollama 0.32.9")
    }

    @Test func `every request names the same context and a limit of its answer`() async throws {
        let double = try await OllamaDouble()
        let model = At.ollama(double.url)
        for limit in [16, 64] { _ = try await model.chat(.ask(answerLimit: limit)) }
        let asked = try double.requests(to: "/api/chat")
        #expect(asked.count == 3)  // the first loads the model
        #expect(asked.allSatisfy { $0.contains("\"num_ctx\": 4096") })
        #expect(asked[1].contains("\"num_predict\": 16") && asked[2].contains("\"num_predict\": 64"))
    }

    @Test(arguments: [
        // bytes sent, tokens read, floor, is the context known, is believed
        (1_000, 300, 0, false, true), (1_000, nil, 0, false, true), (20_000, 4_096, 0, true, false),
        (20_000, 2_050, 0, true, false), (20_000, 2_051, 0, true, false), (20_000, 1_200, 0, true, false),
        (20_000, nil, 0, true, false), (12_000, 3_400, 0, true, true), (12_000, 3_400, 3_401, true, false),
        (1_000, 300, 301, true, false),
        // No count, or one of the new tokens only: believed where the prompt cannot have been too long.
        (6_000, nil, 0, true, true), (6_000, nil, 0, false, false), (6_000, 40, 0, true, true),
        (6_000, 40, 0, false, false), (6_000, 2_050, 0, true, false), (9_000, nil, 0, true, false),
    ])
    func `the server's count decides what is believed`(
        bytes: Int, read: Int?, floor: Int, isKnown: Bool, isBelieved: Bool
    ) throws {
        let watch = ContextWatch(
            name: ModelName(endpoint: "desk", model: "tiny"), context: 4_096, isKnown: isKnown)
        let request = ChatRequest([.user(String(repeating: "x", count: bytes))], promptFloor: floor)
        if isBelieved {
            try watch.confirm(request, read: read)
        } else {
            #expect(throws: ModelError.self) { try watch.confirm(request, read: read) }
        }
    }
}
