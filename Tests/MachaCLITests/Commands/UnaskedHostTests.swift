// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// `check` of two hosts with a model that is silent: each host has a reason of its own.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(5)))
struct UnaskedHostTests {
    @Test func `a host that was not asked about says so, and not that it was`() async throws {
        let scratch = try Scratch()
        let double = try await OllamaDouble(
            rules: #"{"default": {"reply": {"status": "attention"}}}"#, ["--fault", "hang"])
        try scratch.write(
            "hosts: { one: { connection: local }, two: { connection: local } }\n", to: "inventory.yaml")
        try scratch.write(
            """
            model-endpoints:
              desk: { kind: ollama, url: "\(double.url)", models: [tiny], first-byte-timeout: 2s }

            """, to: "config.yaml")
        let check = try ChildProcess(
            BuiltMacha.path,
            [
                "check", "--no-act", "--inventory", scratch.path("inventory.yaml"), "--state-dir",
                scratch.path("state"), "--config", scratch.path("config.yaml"),
            ],
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "400",
            ]), output: scratch.path("out"), errors: scratch.path("err"))
        _ = await check.finished()
        let output = try scratch.read("out")
        let asked = try double.requests(to: "/api/chat").count
        #expect(asked == 1)
        // One was asked about and one was not; which of them came first is the queue's affair.
        let unasked = output.matches(of: /(one|two) was not asked about, because/)
        #expect(unasked.count == 1, "\(output)")
        #expect(output.matches(of: /did not begin to answer within 2 s/).count == 2, "\(output)")
    }
}
