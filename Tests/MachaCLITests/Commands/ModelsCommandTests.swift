// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// `macha models` as a person meets it, with an Ollama double behind it.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(10)))
struct ModelsCommandTests {
    private func macha(
        _ configuration: String?, _ words: [String], libraries: [String: String] = [:]
    ) async throws -> (status: Int32, output: String, errors: String) {
        let scratch = try Scratch()
        var words = words
        if let configuration {
            words += ["--config", try scratch.write(configuration, to: "config.yaml")]
        }
        var environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "80",
        ])
        for (name, contents) in libraries {
            try scratch.write(contents, to: "lib/\(name)")
            let others = environment["LD_LIBRARY_PATH"].map { ":\($0)" } ?? ""
            environment["LD_LIBRARY_PATH"] = scratch.path("lib") + others
        }
        let child = try ChildProcess(
            BuiltMacha.path, words, environment: environment, output: scratch.path("out"),
            errors: scratch.path("err"))
        return (await child.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    private func endpoint(_ name: String, _ url: String, _ models: String, _ more: String = "")
        -> String
    {
        "  \(name): { kind: ollama, url: \"\(url)\", models: [\(models)]\(more) }\n"
    }

    @Test func `a missing configuration is reported with an example`() async throws {
        let (status, output, errors) = try await macha(nil, ["models"])
        #expect(status == 78)
        #expect(errors.contains(".config/macha/config.yaml"))
        // What is to be pasted comes without anything to remove, and is a configuration.
        #expect(!output.contains("error:") && output.contains("kind: ollama"))
        let pasted = try await macha(output, ["models", "--json"])
        #expect(pasted.status == 69 || pasted.status == 0, "\(pasted.errors)")
        #expect(try await macha(nil, ["models", "--json"]).output.isEmpty)
    }

    /// libcurl is loaded for the first request, so it may be missing where no model is asked.
    @Test func `a libcurl that cannot be loaded is reported`() async throws {
        let broken = ["libcurl.so.4": "no library", "libcurl-gnutls.so.4": "no library"]
        let (status, output, _) = try await macha(
            "model-endpoints:\n" + endpoint("desk", "http://127.0.0.1:1", "tiny"), ["models"],
            libraries: broken)
        #expect(status == 69)
        for word in ["libcurl cannot be loaded", "libcurl.so.4", "install libcurl"] {
            #expect(output.contains(word), "\(word)")
        }
        let version = try await macha(nil, ["--version"], libraries: broken)
        #expect(version.status == 0)
    }

    @Test func `an error in the configuration is reported with its position`() async throws {
        let (status, _, errors) = try await macha(
            "model-endpoints:\n  desk: { kind: olama }\n", ["models"])
        #expect(status == 78)
        #expect(errors.contains("config.yaml:2:17"))
        #expect(errors.contains("'ollama'"))
    }

    @Test func `each model is listed with its context and what it can do`() async throws {
        let double = try await OllamaDouble()
        let (status, output, _) = try await macha(
            "model-endpoints:\n" + endpoint("desk", double.url, "tiny, embed", ", context: 4096"),
            ["models"])
        #expect(status == 0)
        let rows = output.split(separator: "\n")
        #expect(
            rows.contains {
                $0.hasPrefix("desk/tiny") && $0.contains("4096") && $0.contains("chat, tools")
            })
        #expect(
            rows.contains {
                $0.hasPrefix("desk/embed") && $0.contains("~2048") && $0.contains("embedding")
            })
    }

    @Test func `an endpoint that is down does not hide the others`() async throws {
        let double = try await OllamaDouble()
        let down = "http://127.0.0.1:\(try Loopback.freePort())"
        let (status, output, _) = try await macha(
            "model-endpoints:\n" + endpoint("attic", down, "qwen3:8b")
                + endpoint("desk", double.url, "tiny, other")
                + endpoint("vault", double.url, "tiny", ", api-key-file: /nonexistent/key"), ["models"])
        #expect(status == 69)
        for word in [
            "unreachable", "ok", "model-not-found", "ollama pull other", "refused", "/nonexistent/key",
        ] {
            #expect(output.contains(word), "\(word)")
        }
    }

    /// Finds the planted line, and sends two of five questions to the right tool.
    private static let able = """
        {"rules": [
          {"user": "This is a test", "reply": {"evidence": ["fqdse"], "severity": "critical", "explanation": "A disk fails."}},
          {"system": "You choose the tool", "user": "nas", "reply": {"tool": "host_status", "host": "nas"}},
          {"system": "You choose the tool", "user": "Thank you", "reply": {"tool": "none"}},
          {"system": "You choose the tool", "reply": {"tool": "host_status", "host": "gw"}}],
         "default": {"reply": "I do not know."}}
        """

    @Test func `a model test sends a prompt as long as an analysis, and five for tools`() async throws {
        let double = try await OllamaDouble(rules: Self.able)
        let (status, output, _) = try await macha(
            "model-endpoints:\n" + endpoint("desk", double.url, "tiny"), ["models", "test"])
        #expect(status == 0, "\(output)")
        let words = output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("routed 2/5 · native 1/5"), "\(output)")
        #expect(words.contains("an analysis takes up to"))
        let asked = try double.requests(to: "/api/chat").filter { $0.contains("This is a test") }
        #expect((asked.first?.utf8.count ?? 0) > 8_000)
    }

    @Test func `a model that misses the planted line is not called well`() async throws {
        let blind = Self.able.replacingOccurrences(of: "fqdse", with: "zzzzz")
        let double = try await OllamaDouble(rules: blind)
        let (status, output, _) = try await macha(
            "model-endpoints:\n" + endpoint("desk", double.url, "tiny"), ["models", "test"])
        #expect(status == 69)
        #expect(output.contains("unfit"))
        #expect(output.contains("larger model"))
    }

    @Test func `a test measures tokens per second`() async throws {
        let double = try await OllamaDouble(rules: Self.able, ["--ms-per-token", "1"])
        let (status, output, _) = try await macha(
            "model-endpoints:\n" + endpoint("desk", double.url, "tiny, embed"),
            ["models", "test", "desk/tiny", "--json"])
        #expect(status == 0)
        let reports = try #require(
            JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
        let report = try #require(reports.first)
        #expect(reports.count == 1)
        #expect(report["model"] as? String == "tiny")
        #expect(report["failure"] == nil)
        let speed = try #require(report["speed"] as? [String: Any])
        #expect(try #require(speed["answerTokensPerSecond"] as? Double) > 0)
        #expect(try #require(speed["totalSeconds"] as? Double) > 0)
    }

    @Test func `an unknown model name is a usage error`() async throws {
        let (status, _, errors) = try await macha(
            "model-endpoints:\n" + endpoint("desk", "http://127.0.0.1:1", "tiny"),
            ["models", "test", "rack"])
        #expect(status == 64)
        #expect(errors.contains("desk/tiny"))
    }
}
