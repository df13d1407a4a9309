// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// Every command in every format and scope, over hosts in every state, by a copy of the built program that has nothing
/// beside it: it runs in an empty folder with an empty home.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(10)))
struct CommandMatrixTests {
    private let lab: LightLab
    private let scratch: Scratch
    private let program: String
    private let inventory: String

    /// What the documentation promises; 70, signals and all else are bugs.
    private static let statuses: Set<Int32> = [0, 1, 2, 3, 64, 65, 69, 78]

    /// How each command is called, where `SCOPE` stands for hosts. A new command has to be entered here.
    private static let calls: [String: [String]] = [
        "check": ["check", "SCOPE", "--no-model", "--settle", "0"], "status": ["status", "SCOPE"],
        "report": ["report"],
        "hosts list": ["hosts", "list", "SCOPE"], "hosts show": ["hosts", "show", "SCOPE"],
        "init": ["init", "nas", "--offline"], "doctor": ["doctor", "SCOPE", "--offline"],
        "hosts test": ["hosts", "test", "SCOPE"],
        "hosts trust": ["hosts", "trust", "SCOPE"],
        "hosts scan": ["hosts", "scan"], "hosts sudoers": ["hosts", "sudoers", "ailing"],
        "exec": ["exec", "SCOPE", "--timeout", "20", "--", "uptime"],
        "run": ["run", "flush-dns", "--on", "SCOPE", "--dry-run"],
        "playbooks list": ["playbooks", "list"], "playbooks show": ["playbooks", "show", "restart-unit"],
        "playbooks validate": ["playbooks", "validate"], "playbooks schema": ["playbooks", "schema"],
        "policy explain": ["policy", "explain", "SCOPE", "restart-unit", "unit=nginx.service"],
        "approve list": ["approve", "list", "--all"], "approve show": ["approve", "show", "0"],
        "approve review": ["approve", "review"], "approve discuss": ["approve", "discuss", "0"],
        "approve approve": ["approve", "approve", "0", "--settle", "0"], "approve reject": ["approve", "reject", "0"],
        "pause": ["pause", "SCOPE"], "resume": ["resume", "SCOPE"], "audit verify": ["audit", "verify"],
        "audit accept": ["audit", "accept", "--reason", "a test"], "audit show": ["audit", "show", "SCOPE"],
        "issues list": ["issues", "list", "SCOPE"], "issues show": ["issues", "show", "1"],
        "issues create": ["issues", "create", "ailing", "a fan rattles", "--severity", "warning"],
        "issues comment": ["issues", "comment", "1", "seen"], "issues ack": ["issues", "ack", "1"],
        "issues resolve": ["issues", "resolve", "1"], "issues close": ["issues", "close", "1"],
        "ack": ["ack", "1", "--for", "2h", "--note", "known"],
        "silence add": ["silence", "add", "ailing", "--for", "2h", "--reason", "a test"],
        "silence list": ["silence", "list"], "silence expire": ["silence", "expire", "1"],
        "maintenance begin": ["maintenance", "begin", "ailing", "--for", "2h", "--reason", "a test"],
        "maintenance list": ["maintenance", "list"], "maintenance end": ["maintenance", "end", "ailing"],
        "backup": ["backup"], "restore": ["restore", "nowhere.db", "--verify-only"], "forget": ["forget", "nobody"],
        "logs": ["logs"], "queue list": ["queue", "list", "--all"],
        "queue show": ["queue", "show", "0"], "queue cancel": ["queue", "cancel", "0"],
        "queue stats": ["queue", "stats"],
        "notify send": ["notify", "send", "title", "text"], "notify test": ["notify", "test"],
        "notify log": ["notify", "log"], "notify route": ["notify", "route", "1"],
        "models list": ["models", "list"], "models test": ["models", "test"],
        "prompt show": ["prompt", "show", "ailing"],
        "snapshot list": ["snapshot", "list", "SCOPE"], "snapshot show": ["snapshot", "show", "1"],
        "serve": ["serve", "--json"], "config check": ["config", "check"], "config show": ["config", "show"],
        "config schema": ["config", "schema"],
        "probes list": ["probes", "list"], "probes script": ["probes", "script"], "digest": ["digest", "LOG"],
    ]

    /// Those that change what others show come last, one after another.
    private static let changing: Set<String> = [
        "check", "exec", "pause", "resume", "approve approve", "approve reject", "queue cancel", "hosts trust", "run",
        "issues create", "issues comment", "issues ack", "issues resolve", "issues close", "ack", "silence add",
        "silence expire", "maintenance begin", "maintenance end",
    ]

    /// Never asked, unreachable, healthy, ailing, and what selectors make of them; no words are the whole fleet.
    private static let scopes: [[String]] = [
        [], ["never"], ["gone"], ["well"], ["ailing"], ["well,ailing"], ["well", "gone"], ["!well"],
    ]

    init() async throws {
        lab = try await LightLab("well\nailing autonomy=suggest failed-unit disk-full\n")
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("empty"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: scratch.path("home"), withIntermediateDirectories: true)
        program = scratch.path("bin-macha")
        // By another process: a child forked meanwhile would hold the copy open for writing, and it could not be run.
        #expect(try ChildProcess("/bin/cp", [BuiltMacha.path, program]).wait() == 0)
        var lines = ["hosts:"]
        for host in lab.inventory.hosts {
            guard case .ssh(let endpoint) = host.connection else { continue }
            lines.append(
                "  \(host.name): { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                    + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]), "
                    + "autonomy: \(host.autonomy.rawValue) }")
        }
        for name in ["gone", "never"] {
            lines.append("  \(name): { address: 127.0.0.1, port: \(try Loopback.freePort()) }")
        }
        inventory = try scratch.write(lines.joined(separator: "\n") + "\n", to: "fleet/fleet.yaml")
        try scratch.write("2026-03-01T10:00:00+0000 nas app[7]: it works\n", to: "app.log")
    }

    private struct Result: Sendable {
        var words: [String]
        var status: Int32
        var output: String
        var errors: String
    }

    private func macha(_ words: [String], number: Int = 0) async throws -> Result {
        let (out, err) = ("out-\(number)", "err-\(number)")
        let own = ["--inventory", inventory, "--state-dir", scratch.path("state")]
        let takesNone = ["playbooks", "probes", "digest", "--experimental-dump-help"].contains(words[0])
        let child = try ChildProcess(
            "/usr/bin/env", ["-C", scratch.path("empty"), program] + (takesNone ? [] : own) + words,
            environment: BuiltMacha.environment(["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
            ),
            output: scratch.path(out), errors: scratch.path(err))
        return Result(
            words: words, status: await child.finished(), output: try scratch.read(out), errors: try scratch.read(err))
    }

    /// The command lines of `leaf`: its scopes, times its closed lists and JSON, times with and without `--since`.
    private func lines(of leaf: CommandDump.Leaf) throws -> [[String]] {
        let call = try #require(Self.calls[leaf.name], "no call of the new command '\(leaf.name)'")
        let scopes = call.contains("SCOPE") ? Self.scopes : [[]]
        var formats = leaf.choices + [[]]
        if leaf.takes("json") { formats.append(["--json"]) }
        if !leaf.places.isEmpty { formats = leaf.places.flatMap { place in formats.map { [place] + $0 } } }
        let sinces = leaf.takes("since") ? [[], ["--since", "1h"]] : [[]]
        var lines: [[String]] = []
        for scope in scopes {
            let words: [String] = call.flatMap { spelled($0, scope, leaf) }
            let end = words.firstIndex(of: "--") ?? words.endIndex
            for format in formats {
                for since in sinces { lines.append(words[..<end] + format + since + words[end...]) }
            }
        }
        return lines
    }

    private func spelled(_ word: String, _ scope: [String], _ leaf: CommandDump.Leaf) -> [String] {
        switch word {
        // Where one selector stands among other words, several are parted by commas.
        case "SCOPE" where ["run", "exec", "policy explain"].contains(leaf.name):
            [scope.isEmpty ? "all" : scope.joined(separator: ",")]
        case "SCOPE": scope
        case "LOG": [scratch.path("app.log")]
        default: [word]
        }
    }

    private func judge(_ result: Result) {
        let line = result.words.joined(separator: " ")
        #expect(
            Self.statuses.contains(result.status), "\(line): ended with \(result.status)\n\(result.errors.prefix(600))")
        #expect(!result.output.isEmpty || !result.errors.isEmpty, "\(line): said nothing")
        let isJSON = result.words.contains("--json") || result.words.contains("json")
        guard isJSON, result.status == 0 || !result.output.isEmpty else { return }
        let document = try? JSONSerialization.jsonObject(with: Data(result.output.utf8), options: [.fragmentsAllowed])
        #expect(document != nil, "\(line): no JSON document\n\(result.output.prefix(300))")
    }

    @Test func `every command in every format and scope ends in words and a documented status`() async throws {
        let dump = try await macha(["--experimental-dump-help"])
        let leaves = try JSONDecoder().decode(CommandDump.self, from: Data(dump.output.utf8)).leaves
        #expect(Set(Self.calls.keys) == Set(leaves.map(\.name)))
        let first = try await macha(["check", "well", "ailing", "gone", "--no-model", "--settle", "0"])
        #expect(first.status == 1, "\(first.errors)")
        let reading = try leaves.filter { !Self.changing.contains($0.name) }.flatMap { try lines(of: $0) }
        let changing = try leaves.filter { Self.changing.contains($0.name) }.flatMap { try lines(of: $0) }
        var results: [Result] = []
        try await withThrowingTaskGroup(of: Result.self) { group in
            var rest = reading.enumerated().makeIterator()
            for _ in 0..<4 { if let next = rest.next() { group.addTask { try await macha(next.1, number: next.0) } } }
            for try await result in group {
                results.append(result)
                if let next = rest.next() { group.addTask { try await macha(next.1, number: next.0) } }
            }
        }
        for words in changing { results.append(try await macha(words)) }
        for result in results { judge(result) }
        let counts = Dictionary(grouping: results, by: \.status).sorted { $0.key < $1.key }
            .map { "status \($0.key): \($0.value.count)" }.joined(separator: ", ")
        print("\(leaves.count) commands, \(Self.scopes.count) scopes, \(results.count) command lines: \(counts)")
    }

    @Test func `an installed program needs no file beside it to check and repair`() async throws {
        let list = try await macha(["playbooks", "list", "--json"])
        let all = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        #expect(all.count > 40 && all.allSatisfy { $0["origin"] as? String == "built-in" })
        let check = try await macha(["check", "ailing", "--no-model"])
        #expect(check.output.contains("macha approve 0"), "\(check.output)\(check.errors)")

        // A folder of one's own adds and replaces; an empty one takes nothing away.
        let folder = scratch.url.appending(path: "home/.config/macha/playbooks")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        #expect(try await macha(["playbooks", "list", "--json"]).output == list.output)
        let own =
            "id: restart-failed-service\ntitle: Mine\ndescription: Mine.\nsteps: [{ action: notify, message: hello }]\n"
        let file = try scratch.write(own, to: "home/.config/macha/playbooks/mine.yaml")
        let listed = try await macha(["playbooks", "list"])
        #expect(listed.output.contains(file) && listed.output.contains("built in"), "\(listed.output)")
    }

    @Test func `a playbook with a mistake turns its own repairs off and not the report`() async throws {
        let file = try scratch.write(
            "id: restart-failed-service\ntitle: Mine\ndescription: Mine.\nsteps:\n  - action: restart-unt\n",
            to: "home/.config/macha/playbooks/mine.yaml")
        let check = try await macha(["check", "ailing", "--no-model"])
        #expect(check.output.contains("nginx.service"), "\(check.output)")
        #expect(check.errors.contains("repairs are off for restart-failed-service"), "\(check.errors)")
        #expect(check.errors.contains("\(file):5:"), "\(check.errors)")
        // What the bad file was meant to replace must not act in its place.
        #expect(!check.output.contains("Restart nginx.service"), "\(check.output)")
        let validated = try await macha(["playbooks", "validate"])
        #expect(validated.status == 65)
    }

    @Test func `a playbook with a mistake is named by every command, and hides no other playbook`() async throws {
        let file = try scratch.write(
            "id: restart-failed-service\ntitle: Mine\ndescription: Mine.\nsteps:\n  - action: restart-unt\n",
            to: "home/.config/macha/playbooks/mine.yaml")
        for words in [
            ["playbooks", "list"], ["playbooks", "show", "restart-unit"], ["hosts", "sudoers", "ailing"],
            ["run", "restart-unit", "--on", "ailing", "--set", "unit=nginx.service", "--dry-run"],
            ["policy", "explain", "ailing", "restart-unit", "unit=nginx.service", "--playbook", "restart-unit"],
        ] {
            let result = try await macha(words)
            #expect(result.status == 0, "\(words): \(result.output)\(result.errors)")
            #expect(result.errors.contains("repairs are off for restart-failed-service"), "\(result.errors)")
            #expect(result.errors.contains("\(file):5:"), "\(result.errors)")
        }
        for words in [
            ["playbooks", "show", "restart-failed-service"],
            ["run", "restart-failed-service", "--on", "ailing", "--yes"],
        ] {
            let result = try await macha(words)
            #expect(result.status == 65, "\(words)")
            #expect(result.errors.contains("disabled until this is fixed"), "\(result.errors)")
        }
    }
}
