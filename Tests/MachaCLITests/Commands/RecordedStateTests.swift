// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// State folders that earlier versions left behind (`Tests/Recorded`), opened by the program built with these tests.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(5))) struct RecordedStateTests {
    private static let recorded = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Recorded")

    static let versions: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: recorded.path))?
        .filter { FileManager.default.fileExists(atPath: recorded.appending(path: "\($0)/state.tar.xz").path) }.sorted()
        ?? []

    /// What a listing must go on to say of each thing it names: facts, for words may change.
    private struct Listing {
        let file: String
        let words: [String]
        let facts: [String]
    }

    private static let listings = [
        Listing(
            file: "audit.json", words: ["audit", "show", "-n", "1000"],
            facts: ["sequence", "at", "kind", "host", "hash"]),
        Listing(
            file: "approvals.json", words: ["approve", "list", "--all"],
            facts: [
                "id", "host", "playbook", "content", "risk", "requestedAt", "expiresAt", "decidedAt", "decidedBy",
                "isFromModel", "isIntact",
            ]),
        Listing(
            file: "snapshots.json", words: ["snapshot", "list", "-n", "1000"],
            facts: ["id", "host", "takenAt", "state", "findings"]),
        Listing(
            file: "queue.json", words: ["queue", "list", "--all"],
            facts: ["job.id", "job.host", "job.kind", "job.state", "job.createdAt", "job.finishedAt"]),
    ]

    /// Keys that are called otherwise since a folder was recorded, by the name they have there.
    private static let renamed: [String: String] = [:]

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func open(_ version: String) async throws {
        let source = Self.recorded.appending(path: version).path
        for name in ["inventory.yaml", "config.yaml", "playbooks", "printed"] {
            try FileManager.default.copyItem(atPath: source + "/" + name, toPath: scratch.path(name))
        }
        let python = try #require(which("python3"))
        let unpacked = try ChildProcess(python, ["-m", "tarfile", "-e", source + "/state.tar.xz", scratch.url.path])
        try #require(await unpacked.finished() == 0, "Python cannot unpack \(source)/state.tar.xz")
    }

    private func macha(_ words: [String]) async throws -> (status: Int32, output: String, errors: String) {
        try await run(
            words + [
                "--inventory", scratch.path("inventory.yaml"), "--state-dir", scratch.path("state"), "--config",
                scratch.path("config.yaml"),
            ])
    }

    private func run(_ words: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "200",
            "MACHA_PLAYBOOKS": scratch.path("playbooks"),
        ])
        let child = try ChildProcess(
            BuiltMacha.path, words, environment: environment, output: scratch.path("out"), errors: scratch.path("err"))
        return (await child.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    private func json(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    private func printed(_ file: String) throws -> Any { try json(try scratch.read("printed/" + file)) }

    private func now(_ words: [String]) async throws -> Any {
        let (status, output, errors) = try await macha(words + ["--json"])
        #expect(status == 0, "macha \(words.joined(separator: " ")): \(errors)")
        return try json(output)
    }

    /// The value at a path of keys, as text; `-` for none.
    private func fact(_ path: String, of entry: Any) -> String {
        let value = path.split(separator: ".").reduce(entry as Any?) { ($0 as? [String: Any])?[String($1)] }
        return value.map { "\($0)" } ?? "-"
    }

    private func facts(_ paths: [String], of document: Any) throws -> [String] {
        try #require(document as? [Any]).map { entry in
            paths.map { fact($0, of: entry) }.joined(separator: " ")
        }
    }

    private func renamed(_ paths: [String]) -> [String] { paths.map { Self.renamed[$0] ?? $0 } }

    @Test func `a state folder of an earlier version is recorded`() { #expect(!Self.versions.isEmpty) }

    @Test(arguments: versions) func `the audit of an earlier version verifies, and goes on`(version: String)
        async throws
    {
        try await open(version)
        let recorded = try printed("verify.json")
        let verdict = try await now(["audit", "verify"])
        for key in ["entries", "head"] { #expect(fact(key, of: verdict) == fact(key, of: recorded)) }
        #expect(((verdict as? [String: Any])?["faults"] as? [Any])?.isEmpty == true)

        #expect(try await macha(["pause", "web", "--reason", "after the upgrade"]).status == 0)
        let later = try await now(["audit", "verify"])
        let entries = try #require((verdict as? [String: Any])?["entries"] as? Int)
        #expect(fact("entries", of: later) == "\(entries + 1)")
        #expect(((later as? [String: Any])?["faults"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: versions) func `the listings of an earlier version show the same history`(version: String)
        async throws
    {
        try await open(version)
        for listing in Self.listings {
            let recorded = try facts(listing.facts, of: try printed(listing.file))
            let shown = try facts(renamed(listing.facts), of: try await now(listing.words))
            #expect(!recorded.isEmpty)
            #expect(shown == recorded, "macha \(listing.words.joined(separator: " "))")
        }
    }

    @Test(arguments: versions) func `the logs of an earlier version have the same lines`(version: String) async throws {
        try await open(version)
        let line = /(?m)^ *(\d+) +(\d{4}-\S+Z) +\S+ +(\S+)/
        for log in ["decisions", "actions"] {
            let lines = { (text: String) in text.matches(of: line).map { "\($0.1) \($0.2) \($0.3)" } }
            let recorded = lines(try scratch.read("printed/\(log).txt"))
            #expect(!recorded.isEmpty)
            #expect(lines(try await macha(["logs", log, "-n", "1000"]).output) == recorded)
        }
    }

    @Test(arguments: versions) func `the findings of an earlier version keep their identity and their beginning`(
        version: String
    ) async throws {
        try await open(version)
        let findings = { (document: Any) throws -> Set<String> in
            let hosts = try #require((document as? [String: Any])?["hosts"] as? [[String: Any]])
            return Set(
                try hosts.flatMap { host in
                    try facts(
                        renamed(["kind", "subject", "severity", "since", "fingerprint"]),
                        of: try #require(host["findings"])
                    ).map { "\(fact("host", of: host)) \($0)" }
                })
        }
        let recorded = try findings(try printed("status.json"))
        #expect(!recorded.isEmpty)
        #expect(try findings(try await now(["status"])) == recorded)
        let (_, status, _) = try await macha(["status"])
        #expect(status.contains("paused: mail by root: the disk is being replaced"), "\(status)")
        #expect(status.contains("nginx.service has failed with exit status 1. (desk/tiny"), "\(status)")
    }

    /// The hosts are gone, so nothing can be proved and nothing may be done.
    @Test(arguments: versions) func `a check after the upgrade does nothing again, and resolves nothing`(
        version: String
    ) async throws {
        try await open(version)
        let (status, checked, errors) = try await macha(["check", "--no-model", "--settle", "0", "--json"])
        #expect(status == 1, "\(errors)")
        let hosts = try #require((try json(checked) as? [String: Any])?["hosts"] as? [[String: Any]])
        #expect(!hosts.isEmpty && hosts.allSatisfy { $0["state"] as? String == "unknown" }, "\(checked)")
        for host in ["blog", "gitea", "mail", "media", "web"] {
            let entry = try #require(hosts.first { $0["host"] as? String == host })
            #expect("\(entry["unconfirmed"] ?? "")".contains("nginx.service"), "\(host)")
        }
        let recorded = try facts(["sequence"], of: try printed("audit.json"))
        let entries = try #require(try await now(["audit", "show", "-n", "1000"]) as? [[String: Any]])
        let later = entries.filter { !recorded.contains(fact("sequence", of: $0)) }
        #expect(!later.contains { $0["kind"] as? String == "started" }, "\(later)")
        #expect(try await macha(["audit", "verify"]).status == 0)
    }

    @Test(arguments: versions) func `the playbooks of an earlier version are still valid`(version: String) async throws
    {
        try await open(version)
        let validated = try await run(["playbooks", "validate", scratch.path("playbooks")])
        #expect(validated.status == 0, "\(validated.output) \(validated.errors)")
        let (_, listed, _) = try await run(["playbooks", "list"])
        for id in ["stop-and-return", "suggest-limit"] { #expect(listed.contains(id)) }
    }
}
