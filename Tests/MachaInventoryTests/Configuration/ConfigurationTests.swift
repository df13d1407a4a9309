// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@Suite struct ConfigurationTests {
    private func read(_ text: String) throws(InventoryError) -> Configuration {
        try Configuration.parse(text, file: "config.yaml", home: "/home/me")
    }

    private func complaints(_ text: String) -> [String] {
        do throws(InventoryError) {
            _ = try read(text)
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test func `an empty file is an empty configuration`() throws {
        #expect(try read("") == Configuration())
        #expect(try read("model-endpoints:\n") == Configuration())
    }

    @Test func `every key of an endpoint counts`() throws {
        let text = """
            model-endpoints:
              desk:
                kind: ollama
                url: http://192.168.1.20:11434
                models: [qwen3:8b, nomic-embed-text]
              rack:
                kind: openai
                url: https://rack.lan/v1
                models: llama
                concurrency: 4
                context: 32768
                answer-limit: 3000
                thinking: low
                api-key-file: ~/keys/rack
                certificate-file: /etc/ssl/rack.pem
                first-byte-timeout: 30s
                timeout: 2m
            """
        let endpoints = try read(text).modelEndpoints
        #expect(endpoints.map(\.name) == ["desk", "rack"])
        #expect(
            endpoints[0]
                == ModelEndpoint(
                    name: "desk", kind: .ollama, url: "http://192.168.1.20:11434",
                    models: ["qwen3:8b", "nomic-embed-text"], concurrency: 1, context: nil, answerLimit: nil,
                    thinking: nil, firstByteTimeout: 300,
                    timeout: 1_200))
        #expect(
            endpoints[1]
                == ModelEndpoint(
                    name: "rack", kind: .openai, url: "https://rack.lan/v1", models: ["llama"], concurrency: 4,
                    apiKeyFile: "/home/me/keys/rack", certificateFile: "/etc/ssl/rack.pem", context: 32_768,
                    answerLimit: 3_000, thinking: .low, firstByteTimeout: 30, timeout: 120))
    }

    @Test func `a JSON configuration is read like a YAML one`() throws {
        let text =
            #"{"model-endpoints": {"desk": {"kind": "ollama", "url": "http://127.0.0.1:11434", "models": ["a"]}}}"#
        #expect(try read(text).modelEndpoints.first?.models == ["a"])
    }

    private func endpoint(_ lines: String) -> String {
        "model-endpoints:\n  desk:\n    kind: ollama\n    url: http://a\n    models: [m]\n    \(lines)\n"
    }

    @Test(arguments: [
        ("concurency: 2", "config.yaml:6:5: unknown key 'concurency' in endpoint 'desk'; did you mean 'concurrency'?"),
        ("concurrency: 0", "config.yaml:6:18: 'concurrency' of endpoint 'desk': '0' is not a valid count"),
        ("concurrency: 65", "more than 64"), ("context: 512", "from 2048 to"), ("context: [8192]", "a single value"),
        ("context: 32k", "from 2048 to"), ("answer-limit: 2k", "from 256 to"),
        ("api-key: sk-1", "did you mean 'api-key-file'?"),
        ("answer-limit: 100", "from 256 to"), ("thinking: maybe", "not one of off, low and on"),
        ("timeout: 5", "not a valid interval"), ("api-key-file: keys/desk", "must begin with '/' or '~/'"),
    ])
    func `a mistake names its place and the remedy`(line: String, message: String) {
        let found = complaints(endpoint(line))
        #expect(found.count == 1)
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test(arguments: ["lmstudio", "vllm", "llama.cpp"])
    func `the name of a program as the kind says which kind it is`(name: String) {
        let found = complaints("model-endpoints: { desk: { kind: \(name), url: http://desk, models: [m] } }")
        #expect(found.contains { $0.contains("openai for llama.cpp, vLLM, LM Studio") }, "\(found)")
    }

    @Test func `an endpoint without what it needs says what to write`() {
        let found = complaints("model-endpoints: { desk: { concurrency: 2 } }").joined(separator: "\n")
        for hint in ["write ollama, or openai", "url: \"http://127.0.0.1:11434\"", "models: [\"qwen3:8b\"]"] {
            #expect(found.contains(hint), "\(found)")
        }
    }

    @Test(arguments: [
        ("url: desk:11434", "is not a valid URL"), ("url: http:///x", "is not a valid URL"),
        ("url: ftp://desk", "is not a valid URL"),
        ("url: http://me:secret@desk", "leave user and password out"), ("url: http://desk?key=1", "contain '?'"),
    ])
    func `a URL is one that can be shown`(line: String, message: String) {
        let text = "model-endpoints: { desk: { kind: ollama, models: [m], \(line) } }"
        #expect(complaints(text).contains { $0.contains(message) })
    }

    @Test func `all mistakes are reported at once`() {
        let text = """
            endpoints: {}
            model-endpoints:
              "-a": { kind: olama, models: [] }
              b: [x]
            """
        let found = complaints(text)
        #expect(found.contains { $0.contains("unknown key 'endpoints'") && $0.contains("known here: model-endpoints") })
        #expect(found.contains { $0.contains("endpoint name") })
        #expect(found.contains { $0.contains("did you mean 'ollama'") })
        #expect(found.contains { $0.contains("name at least one model") })
        #expect(found.contains { $0.contains("has no 'url'") })
        #expect(found.contains { $0.contains("endpoint 'b' must be a mapping") })
    }
}
