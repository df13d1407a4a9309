// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaModel
import MachaTestSupport
import Testing

/// OpenAI-compatible servers: faults by what they send, byte for byte.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct OpenAITests {
    struct Row: Sendable, CustomTestStringConvertible {
        var title: String
        /// What the server answers to a chat, as `canned_server.py` takes it.
        var answer: String
        var ending: Ending
        var testDescription: String { title }

        init(_ title: String, _ answer: String, _ ending: Ending) {
            self.title = title
            self.answer = answer
            self.ending = ending
        }
    }

    private static let models = #"[{"body": {"data": [{"id": "tiny", "owned_by": "vllm", "max_model_len": 4096}]}}]"#

    private func model(_ chat: String) async throws -> (OpenAIModel, CannedServer) {
        let server = try await CannedServer(
            #"{"GET /v1/models": \#(Self.models), "POST /v1/chat/completions": [\#(chat)]}"#)
        return (At.openAI(server.url + "/v1/"), server)
    }

    static func refusal(_ status: Int, _ body: String) -> String { #"{"status": \#(status), "body": \#(body)}"# }

    /// A stream of these events; each is JSON, in which quotes need no escape here.
    static func stream(_ events: [String], end: String = "") -> String {
        let pieces = events.map { JSONValue.string("data: \($0)\n\n").text }.joined(separator: ", ")
        return #"{"pieces": [\#(pieces)]\#(end)}"#
    }

    static let said = #"{"choices":[{"delta":{"content":"full"}}]}"#
    static let stopped = #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#
    static let counted = #"{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":1}}"#

    static let rows = [
        Row("a plain answer", stream([said, stopped, counted, "[DONE]"]), .answer),
        Row("pings and an end without [DONE]", stream([said, stopped], end: ""), .answer),
        Row("the end is missing", stream([said]), .error(.connectionLost)),
        Row("the connection breaks", stream([said], end: #", "end": "close""#), .error(.connectionLost)),
        Row("an event is no JSON", stream([said, "{\"choices\":"]), .error(.malformed)),
        Row("an event has no choices", stream(["{}"]), .error(.malformed)),
        Row("a document instead of a stream", #"{"body": {"choices": []}}"#, .error(.malformed)),
        Row(
            "an error in the stream",
            stream([said, #"{"error":{"code":500,"message":"CUDA error","type":"server_error"}}"#]),
            .error(.serverFailed)),
        Row(
            "a flat error in the stream", stream([#"{"object":"error","message":"gone","code":400}"#]),
            .error(.invalidRequest)),
        Row(
            "llama.cpp: too long",
            refusal(
                400,
                #"{"error":{"code":400,"message":"request (2418 tokens) exceeds the available context size (2048 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":2418,"n_ctx":2048}}"#
            ), .error(.promptTooLong(tokens: 2_418, context: 2_048))),
        Row(
            "OpenAI: too long",
            refusal(
                400,
                #"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#),
            .error(.promptTooLong(tokens: nil, context: nil))),
        Row(
            "vLLM: too long",
            refusal(
                400, #"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#),
            .error(.promptTooLong(tokens: nil, context: nil))),
        Row(
            "a wrong key",
            refusal(401, #"{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}"#),
            .error(.refused)),
        Row(
            "vLLM: no such model",
            refusal(
                404, #"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}"#),
            .error(.modelNotFound)),
        Row(
            "no such page",
            refusal(404, #"{"error":{"message":"File Not Found","type":"not_found_error","code":404}}"#),
            .error(.wrongServer)),
        Row(
            "still loading",
            refusal(503, #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#),
            .error(.loading)),
        Row("overloaded", refusal(429, #"{"error":{"message":"slow down","type":"rate_limit"}}"#), .error(.busy)),
        Row("a proxy without a server", refusal(502, #""<html>Bad Gateway</html>""#), .error(.busy)),
        Row("a crash", refusal(500, #"{"detail":"Internal Server Error"}"#), .error(.serverFailed)),
        Row("an unknown option", refusal(400, #"{"error":{"message":"unknown"}}"#), .error(.invalidRequest)),
        Row("an empty answer", stream([stopped, counted, "[DONE]"]), .error(.unusable(.empty))),
        Row(
            "a call of a tool nobody offered",
            stream([
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"rm","arguments":"{}"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]",
            ]), .error(.unusable(.unknownTool))),
        Row(
            "arguments that are no JSON",
            stream([
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"unit\":"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]",
            ]), .error(.unusable(.brokenToolCall))),
        Row(
            "arguments cut by the limit are no call",
            stream([
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"unit\":"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"length"}]}"#, "[DONE]",
            ]), .answer),
    ]

    @Test(arguments: rows) func `each way to answer is a value of its own`(row: Row) async throws {
        let (model, server) = try await model(row.answer)
        defer { server.server.stop() }
        let request = ChatRequest(
            [.user("What is wrong?")],
            tools: [ToolOffer("look", "", parameters: .object([.init("unit", .string(atMost: 9))]))])
        do throws(ModelError) {
            let answer = try await model.chat(request)
            #expect(row.ending == .answer)
            #expect(answer.toolCalls.isEmpty)
        } catch {
            #expect(row.ending == .error(error.code), "\(error)")
        }
    }

    @Test func `a call in pieces is put together`() async throws {
        let pieces = [
            #"{"index":0,"id":"a","type":"function","function":{"name":"look","arguments":""}}"#,
            #"{"index":0,"function":{"arguments":"{\"unit\":"}}"#,
            #"{"index":1,"id":"b","function":{"name":"look","arguments":"{\"unit\":\"b\"}"}}"#,
            #"{"index":0,"function":{"arguments":"\"a\"}"}}"#,
        ].map { #"{"choices":[{"delta":{"tool_calls":[\#($0)]}}]}"# }
        let (model, server) = try await model(
            Self.stream(pieces + [#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]"]))
        defer { server.server.stop() }
        let offer = ToolOffer("look", "", parameters: .object([.init("unit", .string(atMost: 9))]))
        let answer = try await model.chat(ChatRequest([.user("look")], tools: [offer]))
        #expect(answer.toolCalls.map(\.id) == ["a", "b"])
        #expect(answer.toolCalls.map { $0.arguments["unit"] } == ["a", "b"])
    }

    @Test func `a shortened prompt is noticed here as well`() async throws {
        let (model, server) = try await model(
            Self.stream([Self.said, Self.stopped, #"{"choices":[],"usage":{"prompt_tokens":2050}}"#, "[DONE]"]))
        defer { server.server.stop() }
        let error = try await failure { () async throws(ModelError) in
            try await model.chat(.ask(String(repeating: "word ", count: 2_000)))
        }
        #expect(error.code == .unusable(.promptTruncated))
    }

    @Test func `a missing model is reported before a chat request is sent`() async throws {
        let server = try await CannedServer(#"{"GET /v1/models": \#(Self.models)}"#)
        let error = try await failure { () async throws(ModelError) in
            try await At.openAI(server.url, model: "other").chat(.ask())
        }
        #expect(error.code == .modelNotFound)
        #expect(error.remedy.contains("tiny"))
    }

    @Test func `the schema is sent where it is enforced`() async throws {
        let (model, server) = try await model(Self.stream([Self.said, Self.stopped, "[DONE]"]))
        _ = try await failure { () async throws(ModelError) in try await model.answer(.ask(), as: diagnosis) }
        let asked = try JSONValue.parse(try await HTTPClient().fetch(HTTPRequest(.get, server.url + "/requests")).body)
        let format = asked.array?.first?["response_format"]
        #expect(format?["type"] == "json_schema")
        #expect(format?["json_schema"]?["schema"] == diagnosis.document)
        #expect(asked.array?.allSatisfy { $0["max_tokens"]?.integer == 256 } == true)
        #expect(asked.array?.count == 3)
    }
}
