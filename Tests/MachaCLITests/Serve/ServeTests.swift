// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// `macha serve` from its start to its end: the built program, real signals, a real service manager's socket.
@Suite(.timeLimit(.minutes(10))) struct ServeTests {
    /// A fleet of one host that refuses every connection.
    private func lonely(_ name: String = "gone") throws -> String {
        "hosts: { \(name): { address: 127.0.0.1, port: \(try Loopback.freePort()), check-interval: 1s } }\n"
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `the daemon is ready after its first schedule, and a signal ends it with status 0`(signal: CInt) async throws {
        let serve = try ServeProcess(inventory: try lonely())
        let daemon = try serve.start(["--no-model"])
        try await serve.told("READY=1")
        try await serve.wait(for: "gone does not answer")
        kill(daemon.pid, signal)
        #expect(await daemon.finished() == 0)
        let messages = serve.socket.messages().filter { !$0.hasPrefix("STATUS=") }
        #expect(messages == ["READY=1", "STOPPING=1"])
        #expect(try serve.scratch.read("state/orchestrator.log").contains("macha serve ended"))
    }

    @Test func `a second daemon in the same folder is refused with the process of the first`() async throws {
        let serve = try ServeProcess(inventory: try lonely())
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        try await serve.told("READY=1")
        let (status, output) = try await serve.run("serve", "--no-model")
        #expect(status == 69)
        #expect(output.contains("macha serve already works in") && output.contains("(process \(daemon.pid))"))
    }

    @Test func `a daemon that was killed leaves its folder to the next one, and status reports it until then`()
        async throws
    {
        let serve = try ServeProcess(inventory: try lonely())
        let first = try serve.start(["--no-model"])
        try await serve.told("READY=1")
        try await serve.wait(for: "gone does not answer")
        kill(first.pid, SIGKILL)
        _ = await first.finished()
        #expect(try await serve.run("status").output.contains("macha serve was ended without a word"))
        let second = try serve.start(["--no-model"])
        try await serve.told("READY=1", times: 2)
        #expect(try await !serve.run("status").output.contains("macha serve"))
        kill(second.pid, SIGTERM)
        #expect(await second.finished() == 0)
    }

    @Test func `the daemon is a row of its fleet: ok, critical once it was killed, away once it was stopped`()
        async throws
    {
        let serve = try ServeProcess(inventory: try lonely())
        let first = try serve.start(["--no-model"])
        try await serve.told("READY=1")
        while try await serve.run("status", "macha", "--exit-code").status != 0 {
            try await Task.sleep(for: .milliseconds(50))
        }
        let page = try await serve.run("status", "macha").output
        #expect(page.contains("\(first.pid)") && page.contains("database"), "\(page)")
        let row = try await serve.run("status").output.split(separator: "\n").first { $0.hasPrefix("macha ") }
        #expect(row?.contains(" ok ") == true, "\(row ?? "")")
        let (refusal, words) = try await serve.run("exec", "macha", "--", "true")
        #expect(refusal == 64 && words.contains("is Macha itself"), "\(words)")
        kill(first.pid, SIGKILL)
        _ = await first.finished()
        #expect(try await serve.run("status", "macha", "--exit-code").status == 2)
        let second = try serve.start(["--no-model"])
        try await serve.told("READY=1", times: 2)
        kill(second.pid, SIGTERM)
        #expect(await second.finished() == 0)
        let (status, output) = try await serve.run("status", "macha", "--exit-code")
        #expect(status == 3 && output.contains("macha serve was stopped"), "\(status) \(output)")
    }

    @Test func `a host that is added is checked after SIGHUP, and one that is gone is not`() async throws {
        let serve = try ServeProcess(inventory: try lonely("old"))
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        try await serve.wait(for: "old does not answer")
        try serve.scratch.write(try lonely("young"), to: "fleet.yaml")
        kill(daemon.pid, SIGHUP)
        try await serve.told("RELOADING=1\nMONOTONIC_USEC=")
        try await serve.told("READY=1", times: 2)
        try await serve.wait(for: "young does not answer")
        let log = try serve.scratch.read("state/orchestrator.log")
        #expect(log.contains("the files were read again: 1 hosts; new: young; gone: old"))
    }

    @Test(arguments: ["fleet.yaml", "config.yaml", "playbooks/own.yaml"])
    func `a file with a mistake is not taken over, with its line in the log and in status`(file: String) async throws {
        let serve = try ServeProcess(inventory: try lonely(), configuration: "audit-head-syslog: false\n")
        try FileManager.default.createDirectory(
            atPath: serve.scratch.path("playbooks"), withIntermediateDirectories: true)
        let daemon = try serve.start(["--no-model", "--playbooks", serve.scratch.path("playbooks")])
        defer { daemon.stop() }
        try await serve.wait(for: "gone does not answer")
        let sound = try? serve.scratch.read(file)
        try serve.scratch.write("hosts: {}\nnonsense: true\n", to: file)
        kill(daemon.pid, SIGHUP)
        try await serve.told("READY=1", times: 2)
        let place = serve.scratch.path(file) + ":"
        #expect(try serve.scratch.read("state/orchestrator.log").contains("error: \(place)"))
        #expect(try serve.scratch.read("state/orchestrator.log").contains("those from before stay in use"))
        try serve.scratch.write(sound ?? "", to: file)
        if sound == nil { try FileManager.default.removeItem(atPath: serve.scratch.path(file)) }
        let status = try await serve.run("status").output
        #expect(status.contains("were not taken over") && status.contains(place), "\(status)")
        kill(daemon.pid, SIGHUP)
        try await serve.wait(for: "the files were read again: 1 hosts")
        #expect(try await !serve.run("status").output.contains("were not taken over"))
    }

    @Test func `the log of the daemon is a command and a file, and JSON where it is asked for`() async throws {
        let serve = try ServeProcess(inventory: try lonely())
        let daemon = try serve.start(["--no-model", "--log-format", "json", "--log-level", "warning"])
        try await serve.wait(for: "gone does not answer")
        kill(daemon.pid, SIGTERM)
        _ = await daemon.finished()
        let (status, output) = try await serve.run("logs", "orchestrator")
        #expect(status == 0)
        #expect(output.contains("gone does not answer"))
        let levels = try serve.scratch.read("err").split(separator: "\n").map { line in
            (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])?["level"] ?? "no document"
        }
        #expect(Set(levels).isSubset(of: ["warning", "error"]) && levels.contains("error"), "\(levels)")
    }

    @Test func `a watchdog gets signs of life while the loop turns`() async throws {
        let serve = try ServeProcess(inventory: try lonely())
        let daemon = try serve.start(["--no-model"], watchdog: 4_000_000)
        try await serve.told("WATCHDOG=1", times: 3)
        kill(daemon.pid, SIGTERM)
        #expect(await daemon.finished() == 0)
    }

    @Test(.enabled(if: PythonServer.isAvailable, "needs python3"))
    func `a model that hangs holds up no end, and its job waits for the next start`() async throws {
        let double = try await OllamaDouble(rules: #"{"default": {"reply": {}}}"#, ["--fault", "hang"])
        let serve = try ServeProcess(
            inventory: "hosts: { here: { connection: local, check-interval: 1s } }\n",
            configuration: "model-endpoints: { desk: { kind: ollama, url: \"\(double.url)\", models: [tiny] } }\n")
        let daemon = try serve.start(["--no-act"])
        try await serve.told("READY=1")
        while try await !serve.run("queue", "list").output.contains("running") {
            try await Task.sleep(for: .milliseconds(50))
        }
        kill(daemon.pid, SIGTERM)
        #expect(await daemon.finished() == 0)
        let queue = try await serve.run("queue", "list", "--json").output
        let lines = try #require(try JSONSerialization.jsonObject(with: Data(queue.utf8)) as? [[String: Any]])
        #expect((lines.first?["job"] as? [String: Any])?["state"] as? String == "queued")
    }
}
