// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// The configuration as its owner meets it.
@Suite(.timeLimit(.minutes(5))) struct ConfigCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("home"), withIntermediateDirectories: true)
    }

    private func macha(_ words: [String], _ more: [String: String] = [:]) async throws -> (
        status: Int32, output: String
    ) {
        let environment = ["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"]
        let child = try ChildProcess(
            BuiltMacha.path, words + ["--state-dir", scratch.path("state")],
            environment: BuiltMacha.environment(environment.merging(more) { $1 }), output: scratch.path("out"),
            errors: scratch.path("err"))
        let status = await child.finished()
        return (status, try scratch.read("out") + (try scratch.read("err")))
    }

    @Test func `every mistake is reported with its line, and status 78`() async throws {
        let file = try scratch.write("daemon:\n  widht: 8\naudit-head-syslog: perhaps\n", to: "c.yaml")
        let (status, output) = try await macha(["config", "check", "--config", file])
        #expect(status == 78)
        #expect(output.contains("c.yaml:2:3: ") && output.contains("c.yaml:3:20: "), "\(output)")
    }

    @Test func `each key is shown with its value and where it comes from`() async throws {
        let file = try scratch.write("daemon: { width: 8 }\n", to: "c.yaml")
        let (status, output) = try await macha(["config", "show", "--config", file])
        #expect(status == 0)
        #expect(output.contains(/daemon\.width +8 +.*c\.yaml:1:11/), "\(output)")
        #expect(output.contains(/daemon\.heartbeat-interval +1m +built in/))
    }

    @Test func `a secret in a file is not shown, and one that nobody can read is a warning`() async throws {
        let file = try scratch.write(
            #"{"gotifyUrl": "https://push.example.org", "gotifyToken": "AbCdEf123", "daemon": {"heartbeat-url-file": "credential:hc"}}"#,
            to: "c.json")
        let (_, shown) = try await macha(["config", "show", "--config", file])
        #expect(!shown.contains("AbCdEf123"))
        let (status, output) = try await macha(["config", "check", "--config", file])
        #expect(status == 78)
        #expect(output.contains("LoadCredential=hc:FILE"), "\(output)")
        try scratch.write("https://hc.example.org/x\n", to: "credentials/hc")
        let (well, _) = try await macha(
            ["config", "check", "--config", file], ["CREDENTIALS_DIRECTORY": scratch.path("credentials")])
        #expect(well == 0)
    }

    @Test func `the configuration of the first Macha is a fleet of its own without an inventory`() async throws {
        let file = try scratch.write(
            #"{"autonomyLevel": "observe", "checkInterval": 600, "remoteSystems": ["nas"]}"#, to: "config.json")
        let (status, output) = try await macha(["hosts", "list", "--json", "--config", file])
        #expect(status == 0, "\(output)")
        let hosts = try #require(
            try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [[String: Any]])
        #expect(hosts.count == 2)
        #expect(hosts.contains { $0["name"] as? String == "nas" })
        #expect(hosts.allSatisfy { $0["autonomy"] as? String == "observe" }, "\(output)")
    }

    @Test func `the schema for editors is one JSON document`() async throws {
        let (status, _) = try await macha(["config", "schema"])
        #expect(status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [String: Any]
        #expect((schema?["properties"] as? [String: Any])?["daemon"] != nil)
    }
}
