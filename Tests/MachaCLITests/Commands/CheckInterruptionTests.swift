// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import MachaTestSupport
import Testing

/// `check` with a model that is slow, ended by Ctrl-C: a real process, a real signal, at ten moments.
@Suite(
    .enabled(if: PythonServer.isAvailable, "needs python3"), .serialized, .timeLimit(.minutes(20)))
struct CheckInterruptionTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        /// The signal is sent once this stands on standard error, or anything on standard output when it is empty.
        var marker: String
        var isJSON = false
        var signal = SIGINT
        var fault: [String] = []
        var testDescription: String {
            "\(marker.isEmpty ? "report" : marker)\(isJSON ? " json" : "") \(signal)"
        }
    }

    private static let hang = ["--fault", "hang"]
    private static let slow = ["--ms-per-token", "400"]
    static let moments = [
        Moment(marker: "", fault: hang), Moment(marker: "", signal: SIGTERM, fault: slow),
        Moment(marker: "reading the journal", fault: hang),
        Moment(marker: "reading the journal", isJSON: true, fault: hang),
        Moment(marker: "tokens", fault: hang), Moment(marker: "tokens", isJSON: true, fault: hang),
        Moment(marker: "tokens", signal: SIGTERM, fault: hang), Moment(marker: "writing", fault: slow),
        Moment(marker: "writing", isJSON: true, fault: slow),
        Moment(marker: "writing", signal: SIGTERM, fault: slow),
    ]

    private static let rules = """
        {"default": {"reply": {"status": "attention", "summary": "It looks busy.", "observations": [],
            "root_cause": null, "suggestions": []}}}
        """

    private func arguments(_ scratch: Scratch, _ words: [String], _ url: String) throws -> [String] {
        try scratch.write("hosts: { here: { connection: local } }\n", to: "inventory.yaml")
        try scratch.write(
            "model-endpoints: { desk: { kind: ollama, url: \"\(url)\", models: [tiny] } }\n",
            to: "config.yaml")
        return words + [
            "--inventory", scratch.path("inventory.yaml"), "--state-dir", scratch.path("state"),
            "--config",
            scratch.path("config.yaml"),
        ]
    }

    private func start(_ scratch: Scratch, _ words: [String], _ url: String) throws -> ChildProcess {
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "100",
        ])
        return try ChildProcess(
            BuiltMacha.path, try arguments(scratch, words, url), environment: environment,
            output: scratch.path("out"),
            errors: scratch.path("err"))
    }

    @Test(arguments: moments)
    func `an interrupted check has shown its report, gives its job back and ends with 130`(
        moment: Moment
    ) async throws {
        let scratch = try Scratch()
        let double = try await OllamaDouble(rules: Self.rules, moment.fault)
        let check = try start(
            scratch, ["check", "--no-act"] + (moment.isJSON ? ["--json"] : []), double.url)
        while true {
            let text = moment.marker.isEmpty ? try scratch.read("out") : try scratch.read("err")
            if text.contains(moment.marker.isEmpty ? "\n" : moment.marker) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(check.pid, moment.signal)
        #expect(await check.finished() == 130)

        let output = try scratch.read("out")
        if moment.isJSON {
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)")
            #expect((document["hosts"] as? [Any])?.count == 1)
            #expect(document["interrupted"] as? Bool == true)
            #expect((document["waiting"] as? [[String: Any]])?.first?["host"] as? String == "here")
        } else {
            #expect(output.contains("here") && output.hasSuffix("\n"))
            #expect(try scratch.read("err").contains("wait for the next check"))
        }

        // The job waits, as if it had never been begun; nothing is left that a lease would hold.
        let queue = try start(scratch, ["queue", "list", "--json"], double.url)
        #expect(await queue.finished() == 0)
        let lines = try #require(
            try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [[String: Any]]
        )
        let job = try #require(lines.first?["job"] as? [String: Any])
        #expect(job["state"] as? String == "queued")
        #expect(job["attempts"] as? Int == 0)

        // So the next check serves it, with a server that answers.
        let well = try await OllamaDouble(rules: Self.rules)
        let next = try start(scratch, ["check", "--no-act"], well.url)
        _ = await next.finished()
        #expect(try scratch.read("out").contains("It looks busy."))
    }

    @Test func `a killed check leaves no job running in the queue`() async throws {
        let scratch = try Scratch()
        let double = try await OllamaDouble(rules: Self.rules, Self.hang)
        let check = try start(scratch, ["check", "--no-act"], double.url)
        while try !scratch.read("err").contains("tokens") {
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(check.pid, SIGKILL)
        _ = await check.finished()
        let queue = try start(scratch, ["queue", "list"], double.url)
        #expect(await queue.finished() == 0)
        #expect(!(try scratch.read("out").contains("running")))
    }

    @Test func `an answer that would fail again in the same way is not paid for again`() async throws {
        let scratch = try Scratch()
        let double = try await OllamaDouble(rules: Self.rules, ["--fault", "wrong_schema"])
        func check(_ more: [String] = []) async throws -> String {
            _ = await (try start(scratch, ["check", "--no-act"] + more, double.url)).finished()
            return try scratch.read("out")
        }
        let first = try await check()
        #expect(first.contains("unknown"))
        let asked = try double.requests(to: "/api/chat").count
        let second = try await check()
        #expect(try double.requests(to: "/api/chat").count == asked)
        let words = second.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("had another shape"))
        #expect(words.contains("--ask-again"))
        _ = try await check(["--ask-again"])
        #expect(try double.requests(to: "/api/chat").count > asked)
    }
}
