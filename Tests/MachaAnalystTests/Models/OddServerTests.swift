// SPDX-License-Identifier: MIT
import HTTP
import MachaAnalyst
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

@Suite(.serialized, .enabled(if: PythonServer.isAvailable, "needs python3")) struct OddServerTests {
    @Test func `the table of odd servers has a hundred rows with names of their own`() {
        #expect(OddServers.all.count >= 100)
        #expect(Set(OddServers.all.map(\.title)).count == OddServers.all.count)
    }

    @Test(arguments: OddServers.all)
    func `an odd server's answer is used, or its own words and a remedy are shown`(row: OddServer) async throws {
        let server = try await CannedServer(
            JSONValue.object(row.pages.map { .init($0.key, .array($0.value)) }).text)
        defer { server.server.stop() }
        let model = At.openAI(server.url, model: row.model)
        do throws(ModelError) {
            let answer = try await model.answer(.ask(), as: diagnosis)
            guard case .answer = row.sees else { return #expect(Bool(false), "got an answer: \(answer.value.text)") }
            #expect(answer.value["severity"] == "critical")
        } catch {
            guard case .error(let code, let words) = row.sees else { return #expect(Bool(false), "\(error)") }
            #expect(error.code.word == code, "\(error)")
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test func `a parameter the server refused is left out of every later request`() async throws {
        let pages: JSONValue = [
            "GET /v1/models": [OddServers.body(OddServers.listed)],
            "POST /v1/chat/completions": [
                OddServers.refusing("unknown parameter: seed"), OddServers.saying(OddServers.document.text),
            ],
        ]
        let server = try await CannedServer(pages.text)
        defer { server.server.stop() }
        let model = At.openAI(server.url)
        for _ in 1...2 { _ = try await model.answer(.ask(), as: diagnosis) }
        let asked = try await server.posted()
        #expect(asked.map { $0["seed"] == nil } == [false, true, true])
    }

    @Test func `the prompt describes the shape when the server takes no schema`() async throws {
        let pages: JSONValue = [
            "GET /v1/models": [OddServers.body(OddServers.listed)],
            "POST /v1/chat/completions": [
                OddServers.refusing("json_schema is not supported"), OddServers.saying(OddServers.document.text),
            ],
        ]
        let server = try await CannedServer(pages.text)
        defer { server.server.stop() }
        _ = try await At.openAI(server.url).answer(.ask(), as: diagnosis)
        let last = try await server.posted().last
        #expect(last?["response_format"]?["type"] == "json_object")
        #expect(last?["messages"]?.array?.last?["content"]?.string?.contains(diagnosis.sketch) == true)
    }

    @Test(arguments: ["/v1", "/v1/", "/v1/chat/completions", "/v1/models", ""])
    func `an endpoint's URL may end in any page of the API`(path: String) async throws {
        let pages: JSONValue = [
            "GET /v1/models": [OddServers.body(OddServers.listed)],
            "POST /v1/chat/completions": [OddServers.saying(OddServers.document.text)],
        ]
        let server = try await CannedServer(pages.text)
        defer { server.server.stop() }
        _ = try await At.openAI(server.url + path).answer(.ask(), as: diagnosis)
    }

    @Test(arguments: [(nil, 4_096), (32_768, 32_768), (2_048, 2_048)] as [(Int?, Int)])
    func `a configured context is believed where the server does not tell`(written: Int?, context: Int) async throws {
        let pages: JSONValue = ["GET /v1/models": [OddServers.body(["data": [["id": "tiny"]]])]]
        let server = try await CannedServer(pages.text)
        defer { server.server.stop() }
        let model = At.openAI(server.url) {
            ($0.context, $0.isContextConfigured) = (written ?? 8_192, written != nil)
        }
        let description = try await model.describe()
        #expect(description.context == context)
        #expect(description.contextSource == (written == nil ? .assumed : .configured))
    }

    @Test(
        arguments: [
            (ModelThinking.off, "none", false), (.low, "low", true), (.on, nil, true),
        ] as [(ModelThinking, String?, Bool)])
    func `thinking is asked for as it is configured`(thinking: ModelThinking, effort: String?, isOn: Bool) async throws
    {
        let pages: JSONValue = [
            "GET /v1/models": [OddServers.body(OddServers.listed)],
            "POST /v1/chat/completions": [OddServers.saying(OddServers.document.text)],
        ]
        let server = try await CannedServer(pages.text)
        defer { server.server.stop() }
        _ = try await At.openAI(server.url) { $0.thinking = thinking }.answer(.ask(), as: diagnosis)
        let asked = try await server.posted().first
        #expect(asked?["chat_template_kwargs"]?["enable_thinking"]?.bool == isOn)
        #expect(asked?["reasoning_effort"]?.string == effort)
        // What it thinks does not eat its answer.
        #expect((asked?["max_tokens"]?.integer ?? 0) >= (isOn ? 1_000 : 256))
    }
}

extension CannedServer {
    /// The bodies that were posted, in order.
    func posted() async throws -> [JSONValue] {
        try JSONValue.parse(try await HTTPClient().fetch(HTTPRequest(.get, url + "/requests")).body).array ?? []
    }
}
