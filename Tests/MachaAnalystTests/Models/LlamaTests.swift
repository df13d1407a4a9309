// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaTestSupport
import Testing

/// llama.cpp's own server with random weights: real tokens, a real grammar, real refusals, and words without sense.
@Suite(.enabled(if: LlamaServer.isAvailable, "needs the wheel of llama.cpp's server: script/bootstrap"))
struct LlamaTests {
    @Test func `every answer fits its schema or is called unusable`() async throws {
        let llama = try await LlamaServer(["--ctx", "4096", "--parallel", "2"])
        let model = At.openAI(llama.url)
        let outcomes = await withTaskGroup(of: Ending.self) { group in
            for seed in 0..<60 {
                group.addTask {
                    var request = ChatRequest.ask("What is wrong with host \(seed)?", answerLimit: 384)
                    request.seed = seed
                    request.temperature = 1
                    do throws(ModelError) {
                        let answer = try await model.answer(request, as: diagnosis)
                        return diagnosis.mistakes(in: answer.value).isEmpty ? .answer : .error(.malformed)
                    } catch {
                        return .error(error.code)
                    }
                }
            }
            return await group.reduce(into: [Ending]()) { $0.append($1) }
        }
        #expect(outcomes.count == 60)
        for outcome in outcomes where outcome != .answer {
            guard case .error(.unusable) = outcome else {
                Issue.record("ended as \(outcome)")
                continue
            }
        }
        #expect(outcomes.contains(.answer))
    }

    @Test func `a llama.cpp server describes its allocated context`() async throws {
        let llama = try await LlamaServer(["--ctx", "2048", "--parallel", "2"])
        let description = try await At.openAI(llama.url).describe()
        #expect(description.context == 2_048)
        #expect(description.contextSource == .allocated)
        #expect(description.slots == 2)
        #expect(description.capabilities[.tools] == true)
        #expect(description.server.hasPrefix("llama.cpp"))
    }

    @Test func `the server's own tokenizer is used`() async throws {
        let llama = try await LlamaServer()
        // The tiny vocabulary knows no capitals in pairs: every letter is a token.
        #expect(await At.openAI(llama.url).countTokens(in: "QXZQXZQXZQXZ") == 12)
    }

    @Test func `the server's refusal of a long prompt is understood`() async throws {
        let llama = try await LlamaServer(["--ctx", "2048"])
        let error = try await failure { () async throws(ModelError) in
            try await At.openAI(llama.url).chat(.ask(String(repeating: "QXZ ", count: 1_300)))
        }
        guard case .promptTooLong(let tokens, 2_048) = error.code else {
            Issue.record("\(error)")
            return
        }
        #expect(tokens ?? 0 > 3_900)
    }

    @Test func `tools are called, or the call is called broken`() async throws {
        let llama = try await LlamaServer()
        let model = At.openAI(llama.url)
        let offer = ToolOffer(
            "read_log", "Reads a journal.", parameters: .object([.init("unit", .string(atMost: 40))]))
        var calls = 0
        for seed in 0..<12 {
            var request = ChatRequest([.user("look")], tools: [offer], answerLimit: 96, temperature: 1, seed: seed)
            do throws(ModelError) {
                let answer = try await model.chat(request)
                guard let call = answer.toolCalls.first else { continue }
                calls += 1
                request.messages += [
                    .assistant(answer.text, calling: answer.toolCalls), .tool("failed", answering: call),
                ]
                _ = try await model.chat(request)
            } catch {
                guard case .unusable = error.code else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        #expect(calls > 0)
    }

    @Test func `a key opens it, and nothing else does`() async throws {
        let llama = try await LlamaServer(["--api-key", "sesame"])
        let stranger = try await failure { () async throws(ModelError) in try await At.openAI(llama.url).chat(.ask()) }
        #expect(stranger.code == .refused)
        _ = try await At.openAI(llama.url) { $0.key = APIKey("sesame\n") }.chat(.ask(answerLimit: 16))
    }
}
