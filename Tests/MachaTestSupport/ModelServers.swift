// SPDX-License-Identifier: MIT
import Foundation

/// A scripted Ollama server with faults, for one test. `Tests/Lab/llm/README.md` describes rules and faults.
package struct OllamaDouble: Sendable {
    package let server: PythonServer
    private let log: String

    /// `rules` is the rules file; further `options` as the program takes them.
    package init(rules: String? = nil, _ options: [String] = []) async throws {
        let scratch = try Scratch("macha-ollama")
        log = scratch.path("requests.jsonl")
        var arguments = ["--log", log] + options
        if let rules { arguments += ["--rules", try scratch.write(rules, to: "rules.json")] }
        server = try await PythonServer("llm/ollama_double.py", arguments, scratch: scratch)
    }

    package var url: String { server.url }

    /// What was asked so far, one JSON document a request; answered ones only.
    package func requests(to path: String? = nil) throws -> [String] {
        guard FileManager.default.fileExists(atPath: log) else { return [] }
        return try server.scratch.read("requests.jsonl").split(separator: "\n").map(String.init)
            .filter { line in path.map { line.contains("\"path\": \"\($0)\"") } ?? true }
    }
}

/// llama.cpp's own server with a tiny model of random weights: its words are nonsense, its wire is real.
package struct LlamaServer: Sendable {
    package let server: PythonServer

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let python = root.appending(path: ".venv/bin/python").path

    /// Whether `script/bootstrap` has installed the server's wheel.
    package static let isAvailable: Bool = {
        let library = root.appending(path: ".venv/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: library.path)) ?? []
        return versions.contains { version in
            FileManager.default.fileExists(
                atPath: library.appending(path: "\(version)/site-packages/xllamacpp").path)
        }
    }()

    package init(_ options: [String] = []) async throws {
        let scratch = try Scratch("macha-llama")
        let model = scratch.path("tiny.gguf")
        try run(Self.python, [PythonServer.path(of: "llm/make_tiny_gguf.py"), model])
        server = try await PythonServer("llm/real_server.py", [model] + options, python: Self.python, scratch: scratch)
    }

    package var url: String { server.url }
}

/// A server that answers to the byte what it was told, for one test. `Tests/Lab/llm/canned_server.py` describes how.
package struct CannedServer: Sendable {
    package let server: PythonServer

    /// `answers` is the JSON document of the answers.
    package init(_ answers: String) async throws {
        let scratch = try Scratch("macha-canned")
        server = try await PythonServer(
            "llm/canned_server.py", [try scratch.write(answers, to: "answers.json")], scratch: scratch)
    }

    package var url: String { server.url }
}
