// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// The daemon's sign of life to another service.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(5)))
struct ServeHeartbeatTests {
    private func serve(_ daemon: String) throws -> ServeProcess {
        try ServeProcess(
            inventory:
                "hosts: { gone: { address: 127.0.0.1, port: \(try Loopback.freePort()), check-interval: 1s } }\n",
            configuration: "daemon: { \(daemon), heartbeat-interval: 1s }\n")
    }

    @Test func `a sign of life is sent again and again on its interval`() async throws {
        let server = try await OllamaDouble()
        let serve = try serve("heartbeat-url: \"\(server.url)/api/version\"")
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        while try server.requests(to: "/api/version").count < 3 { try await Task.sleep(for: .milliseconds(50)) }
    }

    @Test func `the place can be a secret in a file`() async throws {
        let server = try await OllamaDouble()
        let scratch = try Scratch()
        let file = try scratch.write("\(server.url)/api/version\n", to: "url")
        let serve = try serve("heartbeat-url-file: \(file)")
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        while try server.requests(to: "/api/version").isEmpty { try await Task.sleep(for: .milliseconds(50)) }
    }

    @Test func `a service that cannot be reached is reported once, without the secret place, and shown in status`()
        async throws
    {
        let serve = try serve("heartbeat-url: \"http://127.0.0.1:\(try Loopback.freePort())/secret-path\"")
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        while try await !serve.run("status").output.contains("the sign of life could not be sent") {
            try await Task.sleep(for: .milliseconds(100))
        }
        let log = try serve.scratch.read("state/orchestrator.log")
        #expect(!log.contains("secret-path"))
        #expect(log.split(separator: "\n").count { $0.contains("could not be sent") } == 1)
    }
}
