// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaModel
import MachaTestSupport
import Synchronization
import Testing

@Suite(.enabled(if: PythonServer.isAvailable, "needs python3")) struct OllamaWireTests {
    private let look = ToolOffer(
        "read_log", "Reads the journal of a unit.",
        parameters: .object([.init("unit", .string(atMost: 80)), .init("lines", .integer(1...200), isRequired: false)]))

    @Test(arguments: ["rendered", "native"])
    func `tools are called and answered`(engine: String) async throws {
        let double = try await OllamaDouble(
            rules: """
                {"rules": [{"user": "look", "steps": [
                    {"tool_calls": [{"name": "read_log", "arguments": {"unit": "nginx.service", "lines": 20}}]},
                    {"reply": "It crashed."}]}]}
                """, ["--engine", engine])
        let model = At.ollama(double.url)
        var request = ChatRequest([.user("look into it")], tools: [look])
        let first = try await model.chat(request)
        let call = try #require(first.toolCalls.first)
        #expect(call.name == "read_log")
        #expect(call.arguments["unit"] == "nginx.service")
        request.messages += [.assistant(first.text, calling: first.toolCalls), .tool("exit code 1", answering: call)]
        #expect(try await model.chat(request).text == "It crashed.")
    }

    @Test func `arguments that do not fit the tool make a broken call`() async throws {
        let double = try await OllamaDouble(
            rules: """
                {"default": {"tool_calls": [{"name": "read_log", "arguments": {"unit": 7, "command": "rm"}}]}}
                """)
        let error = try await failure { () async throws(ModelError) in
            try await At.ollama(double.url).chat(ChatRequest([.user("look")], tools: [look]))
        }
        #expect(error.code == .unusable(.brokenToolCall))
    }

    @Test func `thoughts come apart from the answer`() async throws {
        let double = try await OllamaDouble(rules: #"{"default": {"thinking": "hm, the disk", "reply": "full"}}"#)
        let model = At.ollama(double.url)
        var request = ChatRequest.ask()
        request.thinks = true
        let thoughts = Mutex("")
        let answer = try await model.chat(request) { piece in
            if case .thinking(let text) = piece { thoughts.withLock { $0 += text } }
        }
        #expect(answer.text == "full")
        #expect(answer.thinking == "hm, the disk")
        #expect(thoughts.withLock { $0 } == answer.thinking)
        #expect(try await model.chat(.ask()).thinking.isEmpty)
    }

    @Test func `thoughts a server leaves in the text are taken out`() async throws {
        let double = try await OllamaDouble(rules: #"{"default": {"reply": "<think>hm</think>\n\nfull"}}"#)
        let answer = try await At.ollama(double.url).chat(.ask())
        #expect(answer.text == "full")
        #expect(answer.thinking == "hm")
    }

    @Test func `embeddings of related texts lie near each other`() async throws {
        let double = try await OllamaDouble()
        let model = At.ollama(double.url, model: "embed")
        let vectors = try await model.embed(
            ["disk full on nas", "the disk of nas is full", "certificate expired"] + (0..<70).map { "note \($0)" })
        func likeness(_ left: Int, _ right: Int) -> Float {
            zip(vectors[left], vectors[right]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(vectors.count == 73)
        #expect(likeness(0, 1) > likeness(0, 2))
    }

    @Test func `a text longer than the context is cut, not refused`() async throws {
        let double = try await OllamaDouble()
        let model = At.ollama(double.url, model: "embed")
        #expect(try await model.embed([String(repeating: "wörd ", count: 20_000)]).count == 1)
    }

    @Test func `an endpoint with one slot gets one call at a time`() async throws {
        let double = try await OllamaDouble(["--parallel", "4", "--ms-per-token", "2"])
        let model = At.ollama(double.url)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await model.chat(.ask()) } }
            try await group.waitForAll()
        }
        let stats = try await HTTPClient().fetch(HTTPRequest(.get, double.url + "/stats"))
        #expect(try JSONValue.parse(stats.body)["peak_active"] == 1)
    }

    @Test func `a cancelled call frees the server`() async throws {
        let double = try await OllamaDouble(
            rules: #"{"rules": [{"user": "long", "reply": "word word word word word word", "ms_per_token": 600000}]}"#)
        let model = At.ollama(double.url)
        _ = try await model.describe()
        let task = Task { try await model.chat(.ask("long")) }
        let client = HTTPClient()
        func active() async throws -> JSONValue? {
            try JSONValue.parse(try await client.fetch(HTTPRequest(.get, double.url + "/stats")).body)["active"]
        }
        while try await active() != 1 {}
        task.cancel()
        await #expect(throws: ModelError.self) { try await task.value }
        while try await active() != 0 {}
        #expect(try await model.chat(.ask("short")).text == "ok")
    }
}
