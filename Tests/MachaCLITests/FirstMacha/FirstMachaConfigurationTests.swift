// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

/// The configurations of the first Macha's examples, as its NixOS module wrote them into `config.json`, at work on a host
/// whose nginx has failed.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(20)))
struct FirstMachaConfigurationTests {
    /// What the examples say of one of them.
    struct Example: Sendable, CustomTestStringConvertible {
        var file: String
        var level: String
        /// In seconds.
        var interval: Int
        var model: String
        var url = "http://localhost:11434"

        var testDescription: String { file }

        /// What becomes of a restart, a stop, and a reboot that nobody asked for.
        var decisions: [String] {
            switch level {
            case "observe": ["refuse", "refuse", "refuse"]
            case "suggest": ["ask", "ask", "ask"]
            case "auto-safe": ["run", "ask", "ask"]
            default: ["run", "run", "ask"]
            }
        }
    }

    /// Three of the twelve sections repeat what another says: the manual workflow and "basic", the media server and
    /// "moderate", "experimental" and "high autonomy".
    static let examples = [
        Example(file: "basic", level: "suggest", interval: 300, model: "llama3.1:70b"),
        Example(file: "moderate-autonomy", level: "auto-safe", interval: 180, model: "llama3.1:70b"),
        Example(file: "high-autonomy", level: "auto-full", interval: 300, model: "llama3.1:70b"),
        Example(file: "monitoring-only", level: "observe", interval: 60, model: "qwen3:8b-fp16"),
        Example(file: "smaller-model", level: "auto-safe", interval: 120, model: "qwen3:8b-fp16"),
        Example(file: "high-frequency", level: "auto-safe", interval: 60, model: "qwen3:4b-instruct-2507-fp16"),
        Example(
            file: "remote-ollama", level: "suggest", interval: 300, model: "llama3.1:70b",
            url: "http://192.168.1.100:11434"),
        Example(file: "development-machine", level: "observe", interval: 600, model: "llama3.1:8b"),
        Example(file: "critical-production", level: "suggest", interval: 120, model: "llama3.1:70b"),
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../Recorded/first-macha")

    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("home"), withIntermediateDirectories: true)
    }

    private func macha(_ words: [String], config: String) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        let child = try ChildProcess(
            BuiltMacha.path, words + ["--config", config, "--state-dir", scratch.path("state")],
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "COLUMNS": "200",
            ]), output: scratch.path("out"), errors: scratch.path("err"))
        return (await child.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    /// A copy that only this user may write.
    private func copy(_ example: Example) throws -> String {
        let text = try String(contentsOf: Self.folder.appending(path: "\(example.file).json"), encoding: .utf8)
        return try scratch.write(text, to: "config.json")
    }

    private func inventory(_ lab: LightLab) throws -> [String] {
        guard case .ssh(let endpoint) = try lab.host("wiki").connection else { return [] }
        let file = try scratch.write(
            "hosts: { wiki: { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]) } }\n",
            to: "fleet.yaml")
        return ["--inventory", file]
    }

    @Test(arguments: examples) func `an example sets level, interval and model, and each value tells its line`(
        example: Example
    ) async throws {
        let config = try copy(example)
        let hosts = try JSONValue.parse(try await macha(["hosts", "list", "--json"], config: config).output)
        let own = try #require(hosts.array?.first)
        #expect(own["autonomy"]?.string == example.level)
        #expect(own["checkInterval"]?.integer == example.interval)
        let shown = try await macha(["config", "show"], config: config)
        #expect(shown.status == 0, "\(shown.errors)")
        for (key, value) in [
            ("autonomy_level", example.level), ("check_interval", "\(example.interval)"), ("model", example.model),
            ("ollama_host", example.url),
        ] {
            let line = shown.output.split(separator: "\n").first { $0.hasPrefix("\(key) ") } ?? ""
            #expect(line.contains(value) && line.contains("config.json:"), "\(shown.output)")
        }
        let check = try await macha(["config", "check"], config: config)
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        let models = try await macha(["models", "list", "--json"], config: config)
        #expect(models.output.contains("\"\(example.model)\""), "\(models.output)\(models.errors)")
        #expect(models.output.replacing("\\/", with: "/").contains(example.url), "\(models.output)")
    }

    @Test(arguments: examples) func `an example's level decides what is done`(example: Example) async throws {
        let lab = try await LightLab("wiki failed-unit\n")
        let config = try copy(example)
        let own = try inventory(lab)
        let checked = try await macha(["check", "--no-model", "--settle", "0"] + own, config: config).output
        switch example.level {
        case "observe": #expect(checked.contains(/Not done\n.*\nwiki +Restart nginx.service +level/), "\(checked)")
        case "suggest": #expect(checked.contains(/Waiting for your approval\n.*\nwiki +Restart nginx/), "\(checked)")
        default: #expect(checked.contains(/Done\n.*\nwiki +Restart nginx.service +verified/), "\(checked)")
        }
        let actions = [["restart-unit", "unit=demo.service"], ["stop-unit", "unit=demo.service"], ["reboot"]]
        for (action, expected) in zip(actions, example.decisions) {
            let answer = try await macha(["policy", "explain", "wiki"] + action + ["--json"] + own, config: config)
            #expect(answer.output.contains("\"\(expected)\""), "\(action): \(answer.output)\(answer.errors)")
        }
    }

    @Test(.enabled(if: PythonServer.isAvailable, "needs python3"))
    func `the model of an example is asked where its Ollama is`() async throws {
        let double = try await OllamaDouble(
            rules: #"""
                {"default": {"reply": {"status": "attention", "summary": "It looks busy.", "observations": [],
                    "root_cause": null, "suggestions": []}}}
                """#)
        let lab = try await LightLab("wiki failed-unit\n")
        let text = try String(contentsOf: Self.folder.appending(path: "remote-ollama.json"), encoding: .utf8)
            .replacing("http://192.168.1.100:11434", with: double.url).replacing("llama3.1:70b", with: "tiny")
        let config = try scratch.write(text, to: "config.json")
        let check = try await macha(["check", "--no-act"] + (try inventory(lab)), config: config)
        #expect(check.output.contains(/ollama\/tiny, just now.*\n.*1 call/), "\(check.output)\(check.errors)")
    }

    // MARK: Gotify

    private func gotify(_ more: String, permissions: Int = 0o600) throws -> String {
        try scratch.write("{\"autonomyLevel\": \"observe\", \(more)}", to: "config.json", permissions: permissions)
    }

    @Test(.enabled(if: PythonServer.isAvailable, "needs python3"))
    func `gotifyUrl and gotifyToken are told everything`() async throws {
        let server = try await PythonServer(
            "notify/notice_double.py", ["--record", scratch.path("posts"), "--token", "AppToken9"])
        let config = try gotify(#""gotifyUrl": "\#(server.url)", "gotifyToken": "AppToken9""#)
        let sent = try await macha(["notify", "Title", "Text", "8"], config: config)
        #expect(sent.status == 0 && sent.output.contains("gotify"), "\(sent.output)\(sent.errors)")
        #expect(try scratch.read("posts").contains("Title"))
        let lab = try await LightLab("wiki failed-unit\n")
        let own = try inventory(lab)
        _ = try await macha(["check", "--no-model"] + own, config: config)
        let route = try await macha(["notify", "route", "1"] + own, config: config)
        #expect(
            route.output.contains("gotify") && route.output.contains("everything"), "\(route.output)\(route.errors)")
        let shown = try await macha(["config", "show"], config: config)
        #expect(!(shown.output + shown.errors + sent.errors).contains("AppToken9"))
    }

    @Test func `a token that others can read, or half of a pair, is a warning with its place`() async throws {
        let open = try gotify(#""gotifyUrl": "http://127.0.0.1:1", "gotifyToken": "AppToken9""#, permissions: 0o644)
        let check = try await macha(["config", "check"], config: open)
        #expect(check.status == 78, "\(check.output)")
        #expect(check.output.contains("readable by everyone") && check.output.contains("token-file"), "\(check.output)")
        let told = try await macha(["notify", "Title", "Text"], config: open)
        #expect(told.errors.contains("readable by everyone"), "\(told.errors)")
        for half in [#""gotifyUrl": "http://127.0.0.1:1""#, #""gotify_token": "AppToken9", "gotify_url": """#] {
            let half = try await macha(["config", "check"], config: try gotify(half))
            #expect(half.status == 78 && half.output.contains(/config\.json:1:\d+: gotify/), "\(half.output)")
            #expect(!half.output.contains("AppToken9"))
        }
        let none = try await macha(["config", "check"], config: try gotify(#""gotifyUrl": "", "gotifyToken": """#))
        #expect(none.status == 0, "\(none.output)")
    }

    @Test func `what notifications says counts instead of the first Macha's keys`() async throws {
        let config = try gotify(
            #""gotifyUrl": "http://127.0.0.1:1", "gotifyToken": "T", "notifications": {"receivers": {"own": {"kind": "webhook", "url": "http://127.0.0.1:2"}}}"#
        )
        let check = try await macha(["config", "check"], config: config)
        #expect(check.output.contains("are not used"), "\(check.output)")
        let sent = try await macha(["notify", "test"], config: config)
        #expect(sent.output.contains("own") && !sent.output.contains("gotify "), "\(sent.output)")
    }

    @Test func `an unknown key, a wrong value and a URL with a secret in it are named with file and line`() async throws
    {
        let config = try scratch.write(
            "{\n  \"autonomyLevl\": \"observe\",\n  \"checkInterval\": \"soon\",\n  \"gotifyUrl\": \"http://u:p@x\"\n}\n",
            to: "config.json")
        let (status, output, errors) = try await macha(["config", "check"], config: config)
        #expect(status == 78)
        for place in ["config.json:2:", "config.json:3:", "config.json:4:"] {
            #expect((output + errors).contains(place), "\(errors)")
        }
        #expect(errors.contains("did you mean 'autonomyLevel'"), "\(errors)")
        #expect(!errors.contains("u:p"))
    }
}
