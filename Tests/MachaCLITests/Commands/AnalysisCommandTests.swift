// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// Analyses as a person meets them: `check`, `status` and `prompt show` on this machine, with an Ollama double.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(20))) struct AnalysisCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        _ = try scratch.write("hosts: { here: { connection: local } }\n", to: "inventory.yaml")
    }

    private func macha(_ words: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "100",
        ])
        let common = ["--inventory", scratch.path("inventory.yaml"), "--state-dir", scratch.path("state")]
        let child = try ChildProcess(
            BuiltMacha.path, words + common, environment: environment, output: scratch.path("out"),
            errors: scratch.path("err"))
        return (await child.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    private func configuration(_ url: String) throws -> [String] {
        let text = "model-endpoints: { desk: { kind: ollama, url: \"\(url)\", models: [tiny] } }\n"
        return ["--config", try scratch.write(text, to: "config.yaml")]
    }

    private static let rules = """
        {"rules": [{"system": "colleague", "reply": {"notes": []}}],
         "default": {"reply": {"observations": [], "root_cause": null, "suggestions": [], "proposals": [],
            "questions": [], "status": "attention", "summary": "It looks busy."}}}
        """

    @Test func `check shows what a model made of a host, and status shows it again`() async throws {
        let double = try await OllamaDouble(rules: Self.rules)
        let check = try await macha(["check", "--no-act"] + configuration(double.url))
        #expect(check.output.contains("It looks busy. (desk/tiny"))
        #expect(check.output.contains("tokens read"))
        let status = try await macha(["status"])
        #expect(status.output.contains("It looks busy."))
        let html = try await macha(["status", "--format", "html"])
        #expect(html.output.contains("It looks busy."))
        let log = try await macha(["logs", "decisions"])
        #expect(log.output.contains("analysed usable"))
        let asked = try double.requests(to: "/api/chat").count
        _ = try await macha(["check", "--no-act", "--no-model"] + configuration(double.url))
        #expect(try double.requests(to: "/api/chat").count == asked)
    }

    @Test func `an endpoint that is down is reported and never counts as healthy`() async throws {
        let down = "http://127.0.0.1:\(try Loopback.freePort())"
        let check = try await macha(["check", "--no-act"] + configuration(down))
        // However the lines were broken.
        let words = check.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("model unknown"))
        #expect(words.contains("the next check retries job"))
        let queue = try await macha(["queue", "list"])
        #expect(queue.output.contains("analysis"))
    }

    @Test func `without an endpoint one line says so, and the check goes on`() async throws {
        let check = try await macha(["check", "--no-act"])
        #expect(check.errors.contains("no model is configured"))
        #expect(check.output.contains("here"))
        let prompt = try await macha(["prompt", "show", "here", "--context", "8192"])
        #expect(prompt.status == 0)
        #expect(prompt.output.contains("You are a careful Linux administrator"))
        #expect(prompt.output.contains("=== DATA"))
        let none = try await macha(["prompt", "show", "here"])
        #expect(none.status == 78)
    }
}
