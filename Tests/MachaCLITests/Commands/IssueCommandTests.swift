// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// What people say of issues, typed as the documentation has it, on the state that an earlier version left behind.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(5))) struct IssueCommandTests {
    private static let recorded = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Recorded/schema-8").path

    private let scratch: Scratch

    init() async throws {
        scratch = try Scratch()
        for name in ["inventory.yaml", "config.yaml"] {
            try FileManager.default.copyItem(atPath: Self.recorded + "/" + name, toPath: scratch.path(name))
        }
        let python = try #require(which("python3"))
        let unpacked = try ChildProcess(
            python, ["-m", "tarfile", "-e", Self.recorded + "/state.tar.xz", scratch.url.path])
        try #require(await unpacked.finished() == 0)
    }

    private func macha(_ words: String...) async throws -> (status: Int32, output: String, errors: String) {
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "200",
        ])
        let child = try ChildProcess(
            BuiltMacha.path,
            words + [
                "--inventory", scratch.path("inventory.yaml"), "--state-dir", scratch.path("state"), "--config",
                scratch.path("config.yaml"),
            ], environment: environment, output: scratch.path("out"), errors: scratch.path("err"))
        return (await child.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    private func json(_ words: [String]) async throws -> [String: Any] {
        let environment = BuiltMacha.environment(["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin"])
        let child = try ChildProcess(
            BuiltMacha.path,
            words + [
                "--json", "--inventory", scratch.path("inventory.yaml"), "--state-dir", scratch.path("state"),
                "--config", scratch.path("config.yaml"),
            ], environment: environment, output: scratch.path("out"), errors: scratch.path("err"))
        let (status, errors) = (await child.finished(), try scratch.read("err"))
        #expect(status == 0, "\(words): \(errors)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [String: Any])
    }

    private func firstIssue() async throws -> (id: Int, host: String) {
        let issues = try #require(try await json(["issues", "list"])["issues"] as? [[String: Any]])
        let first = try #require(issues.first { $0["kind"] as? String != "untrusted-host-key" })
        return (try #require(first["id"] as? Int), try #require(first["host"] as? String))
    }

    @Test func `an issue is acknowledged, commented, resolved and closed, and its history tells it`() async throws {
        let (id, _) = try await firstIssue()
        #expect(try await macha("ack", "\(id)", "--for", "2w", "--note", "disk \u{1b}[2J ordered").status == 0)
        let list = try await macha("issues", "list")
        #expect(list.output.contains("acknowledged") && list.output.contains("disk ·[2J ordered"))
        #expect(!list.output.contains("\u{1b}"))
        #expect(try await macha("issues", "comment", "\(id)", "it came today").status == 0)
        #expect(try await macha("issues", "resolve", "\(id)", "--note", "replaced").status == 0)
        #expect(try await macha("issues", "ack", "\(id)").status == 64, "it is over")
        #expect(try await macha("issues", "close", "\(id)").status == 0)
        let shown = try await json(["issues", "show", "\(id)"])
        #expect(shown["state"] as? String == "closed" && shown["resolution"] as? String == "person")
        let kinds = (shown["history"] as? [[String: Any]])?.compactMap { $0["kind"] as? String }
        #expect(kinds?.suffix(4) == ["acknowledged", "commented", "resolved", "closed"])
        #expect(FileManager.default.fileExists(atPath: scratch.path("state/issues.jsonl")))
        #expect(try await macha("audit", "verify").status == 0)
    }

    @Test func `silences and maintenance begin, are listed and end`() async throws {
        let (_, host) = try await firstIssue()
        #expect(
            try await macha("silence", host, "--kind", "unit-failed", "--for", "2h", "--reason", "known").status == 0)
        #expect(try await macha("silence", "list").output.contains("unit-failed"))
        #expect(try await macha("silence", "expire", "1").status == 0)
        #expect(try await macha("silence", "list").output.contains("nothing is silenced"))
        #expect(try await macha("silence", "expire", "1").status == 64)
        #expect(try await macha("maintenance", host, "--for", "2h", "--reason", "new disks").status == 0)
        #expect(try await macha("maintenance", "list").output.contains("in maintenance"))
        #expect(try await macha("maintenance", "end", host).status == 0)
        #expect(try await macha("maintenance", "list").output.contains("no host is in maintenance"))
        #expect(try await macha("audit", "show").output.contains("maintenance began"))
    }

    @Test func `a person's report is an issue until a person ends it`() async throws {
        let (_, host) = try await firstIssue()
        let made = try await json(["issues", "create", host, "the fan is loud", "--severity", "warning"])
        #expect(made["origin"] as? String == "reported" && made["state"] as? String == "open")
        let again = try await macha("issues", "create", host, "the fan is loud", "--severity", "warning")
        #expect(again.status == 64 && again.errors.contains("has this issue already"))
    }

    @Test(arguments: [
        (["ack", "99999"], "there is no issue 99999"),
        (["ack", "1", "--for", "0s"], "cannot read --for"),
        (["ack", "1", "--for", "400d"], "up to 366d"),
        (["ack", "1", "--until", "2001-01-01"], "must lie ahead"),
        (["ack", "1", "--for", "2h", "--until", "18:00"], "exclude one another"),
        (["silence", "all", "--reason", "x"], "say for how long"),
        (["silence", "all", "--for", "2h", "--reason", "  "], "the reason is empty"),
        (["silence", "nobody", "--for", "2h", "--reason", "x"], "nobody"),
        (["silence", "all", "--kind", "unit-faild", "--for", "2h", "--reason", "x"], "did you mean 'unit-failed'"),
        (["silence", "all", "--kind", "untrusted-host-key", "--for", "2h", "--reason", "x"], "never kept quiet"),
        (["silence", "all", "--subject", "[a", "--for", "2h", "--reason", "x"], "no pattern"),
        (["maintenance", "end", "all"], "nobody began maintenance"),
    ])
    func `what makes no sense is refused with a word why`(words: [String], reason: String) async throws {
        let environment = BuiltMacha.environment(["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin"])
        let child = try ChildProcess(
            BuiltMacha.path,
            words + ["--inventory", scratch.path("inventory.yaml"), "--state-dir", scratch.path("state")],
            environment: environment, output: scratch.path("out"), errors: scratch.path("err"))
        #expect(await child.finished() == 64)
        #expect(try scratch.read("err").contains(reason))
    }

    @Test func `an inventory that silences an unknown kind is refused with its place`() async throws {
        let text = try scratch.read("inventory.yaml")
        try (text + "\nsilences:\n  - { hosts: all, kind: unit-faild, reason: x }\n").write(
            toFile: scratch.path("inventory.yaml"), atomically: true, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        let answer = try await macha("status")
        #expect(answer.status == 65 && answer.errors.contains("inventory.yaml:\(lines + 2):"))
        #expect(answer.errors.contains("did you mean 'unit-failed'"))
    }
}
