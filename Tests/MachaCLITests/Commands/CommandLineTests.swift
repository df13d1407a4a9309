// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport
import Testing

/// The built program, as a person or a script meets it.
@Suite(.timeLimit(.minutes(10))) struct CommandLineTests {
    /// Runs `macha` with an inventory of its own; answers status, standard output and standard error.
    private func macha(_ inventory: String, _ words: [String], in scratch: Scratch) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        try scratch.write(inventory, to: "inventory/fleet.yaml")
        return try await macha(
            ["--inventory", scratch.path("inventory"), "--state-dir", scratch.path("state")] + words, in: scratch)
    }

    private func macha(_ words: [String], in scratch: Scratch) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        let status = await
            (try ChildProcess(
                BuiltMacha.path, words, environment: environment(scratch), output: scratch.path("out"),
                errors: scratch.path("err")
            )).finished()
        return (status, try scratch.read("out"), try scratch.read("err"))
    }

    private func environment(_ scratch: Scratch) -> [String: String] {
        BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "COLUMNS": "80",
        ])
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func `a missing inventory is reported with the path searched and the option to set`() async throws {
        let scratch = try Scratch()
        let (status, output, errors) = try await macha(["check"], in: scratch)
        #expect(status == 78)
        #expect(output.isEmpty)
        #expect(errors.contains(scratch.path("home/.config/macha/inventory")))
        #expect(errors.contains("--inventory"))
    }

    @Test func `the version is that of the file VERSION, which the changelog knows`() async throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let number = try String(contentsOf: top.appending(path: "VERSION"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let (status, output, _) = try await macha(["--version"], in: try Scratch())
        #expect(status == 0)
        #expect(output.hasPrefix("macha \(number) (libssh2 "), "\(output)")
        let changes = try String(contentsOf: top.appending(path: "CHANGELOG.md"), encoding: .utf8)
        #expect(changes.contains(try Regex("(?m)^## \(NSRegularExpression.escapedPattern(for: number))( |$)")))
    }

    @Test func `twelve mistakes in two files are twelve positions in one run`() async throws {
        let scratch = try Scratch()
        try scratch.write(
            """
            defaults: { usr: macha, port: 70000, check-interval: soon }
            groups:
              media: { autonomy: auto-save, max-unavailable: 0 }
            hosts:
              nas: { adress: 192.0.2.1, groups: [storage] }
              tv: { address: 192.0.2.2, jump: nowhere }
            """, to: "inventory/one.yaml")
        let (status, output, errors) = try await macha(
            """
            hosts:
              nas: { address: 192.0.2.9 }
              "-x": { address: 192.0.2.3 }
              printer: { quiet-hours: at night, sudo: maybe }
            """, ["hosts", "list"], in: scratch)
        #expect(status == 65)
        #expect(output.isEmpty)
        let flat = errors.replacing("\n", with: " ")
        let positions = flat.matches(of: /error: \S+(one|fleet)\.yaml:\d+:\d+:/).map { String($0.output.0) }
        #expect(Set(positions).count == 12, "\(errors)")
        #expect(flat.contains("did you mean 'address'"))
    }

    @Test func `several hosts are named one after another or with commas`() async throws {
        let scratch = try Scratch()
        let inventory =
            "hosts: { nas: { address: 192.0.2.1 }, wiki: { address: 192.0.2.2 }, tv: { address: 192.0.2.3 } }"
        for command in [["hosts", "list"], ["hosts", "show"], ["status"], ["snapshot", "list"], ["audit", "show"]] {
            let apart = try await macha(inventory, command + ["nas", "wiki"], in: scratch)
            let together = try await macha(inventory, command + ["nas,wiki"], in: scratch)
            #expect(apart.status == 0 && apart.output == together.output, "\(command): \(apart.errors)")
        }
        #expect(try await macha(inventory, ["pause", "nas", "tv"], in: scratch).output.contains("tv is paused"))
        let exec = try await macha(inventory, ["exec", "nas", "wiki", "--", "true"], in: scratch)
        #expect(exec.status == 64 && exec.errors.contains("nas,wiki"), "\(exec.errors)")
    }

    @Test func `an error on the command line is reported once, in one form`() async throws {
        let scratch = try Scratch()
        for words in [["check", "--nonsense"], ["help", "nosuch"], ["help", "hosts", "tset"], ["nosuch"]] {
            let result = try await macha(words, in: scratch)
            #expect(result.status == 64, "\(words)")
            #expect(result.errors.hasPrefix("error: ") && !result.errors.contains("Error:"), "\(result.errors)")
        }
        #expect(try await macha(["help", "hosts", "test"], in: scratch).status == 0)
        #expect(try await macha(["--help"], in: scratch).output.contains("USAGE"))
    }

    private static let wrongWords: [[String]] = [
        ["check", "nowhere"], ["exec", "nas"], ["exec", "nas", "--timeout", "0", "--", "true"],
        ["exec", "nas", "--timeout", "9223372036854775807", "--", "true"],
        ["check", "--width", "0"],
        ["nonsense"], ["snapshot", "show", "7"], ["hosts", "trust"],
    ]

    @Test(arguments: wrongWords)
    func `wrong words end with the usage status and something to read`(words: [String]) async throws {
        let scratch = try Scratch()
        let result = try await macha("hosts: { nas: { address: 127.0.0.1 } }", words, in: scratch)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
    }

    @Test func `global options may stand before the command or after it`() async throws {
        let scratch = try Scratch()
        let before = try await macha("hosts: { nas: { address: 192.0.2.1 } }", ["hosts", "list"], in: scratch)
        let after = try await macha(["hosts", "list", "--inventory", scratch.path("inventory")], in: scratch)
        #expect(before.status == 0)
        #expect(before.output == after.output)
        #expect(before.output.contains("192.0.2.1"))
    }

    @Test func `an unreachable host is unknown and critical, in words and in the exit status`() async throws {
        let scratch = try Scratch()
        let port = try Loopback.freePort()
        let inventory = "hosts: { nas: { address: 127.0.0.1, port: \(port) } }"
        let (status, output, _) = try await macha(inventory, ["check", "--json"], in: scratch)
        #expect(status == 1)
        let host = try #require((try json(output)["hosts"] as? [[String: Any]])?.first)
        #expect(host["state"] as? String == "unknown")
        #expect(host["reason"] as? String == "unreachable")
        #expect((host["contactFailure"] as? [String: Any])?["stage"] as? String == "connect")
        let findings = try #require(host["findings"] as? [[String: Any]])
        #expect(findings.map { $0["severity"] as? String } == ["critical"])
        #expect(try await macha(inventory, ["check", "--exit-code"], in: scratch).status == 3)
    }

    @Test func `status shows the last check and its age, and what was never checked as unknown`() async throws {
        let scratch = try Scratch()
        let inventory = "hosts: { here: { connection: local }, later: { address: 192.0.2.1 } }"
        #expect(try await macha(inventory, ["check", "here"], in: scratch).status == 0)
        let (status, output, _) = try await macha(inventory, ["status", "--json"], in: scratch)
        #expect(status == 0)
        let hosts = try #require(try json(output)["hosts"] as? [[String: Any]])
        let byName = Dictionary(
            uniqueKeysWithValues: hosts.compactMap { host in (host["host"] as? String).map { ($0, host) } })
        #expect(byName["here"]?["age"] is Int)
        #expect(byName["later"]?["reason"] as? String == "never-checked")
        #expect(byName["later"]?["state"] as? String == "unknown")
        #expect(try await macha(inventory, ["status", "later", "--exit-code"], in: scratch).status == 3)
    }

    @Test func `a check leaves a snapshot that can be listed and shown`() async throws {
        let scratch = try Scratch()
        let inventory = "hosts: { here: { connection: local } }"
        #expect(try await macha(inventory, ["check"], in: scratch).status == 0)
        #expect(try await macha(inventory, ["snapshot", "list"], in: scratch).output.contains("here"))
        let shown = try await macha(inventory, ["snapshot", "show", "1", "--json"], in: scratch)
        let readings = (try json(shown.output)["snapshot"] as? [String: Any])?["readings"] as? [String: Any]
        #expect(readings?["memory"] != nil)
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path("state"))
        #expect(files.contains { $0.hasPrefix("snapshot_here_") && $0.hasSuffix(".json") })
    }

    @Test func `status writes table, JSON, Markdown and HTML, to the screen or to a file`() async throws {
        let scratch = try Scratch()
        let inventory = "hosts: { here: { connection: local }, later: { address: 192.0.2.1 } }"
        #expect(try await macha(inventory, ["check", "here"], in: scratch).status == 0)
        let beginnings = [("table", "HOST"), ("json", "{"), ("markdown", "# "), ("html", "<!doctype html>")]
        for (format, beginning) in beginnings {
            let shown = try await macha(inventory, ["status", "--format", format], in: scratch)
            #expect(shown.status == 0 && shown.errors.isEmpty)
            #expect(shown.output.hasPrefix(beginning), "\(format)")
            #expect(shown.output.contains("later"))
        }
        let page = scratch.path("fleet.html")
        #expect(try await macha(inventory, ["status", "-o", page], in: scratch).output.isEmpty)
        #expect(try scratch.read("fleet.html").hasPrefix("<!doctype html>"))
        let nowhere = try await macha(inventory, ["status", "-o", scratch.path("no/folder.md")], in: scratch)
        // However the lines were broken: the folder's name may be long.
        let words = nowhere.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(nowhere.status == 69 && words.contains("no such file"), "\(nowhere.errors)")
        #expect(try await macha(inventory, ["status", "--json", "--format", "html"], in: scratch).status == 64)
        for file in ["fleet.pdf", "fleet.tar.gz"] {
            let refused = try await macha(inventory, ["status", "-o", scratch.path(file)], in: scratch)
            #expect(refused.status == 64 && refused.errors.contains("--format"), "\(refused.errors)")
            #expect(!FileManager.default.fileExists(atPath: scratch.path(file)))
        }
        for file in ["fleet.txt", "fleet", ".fleet"] {
            #expect(try await macha(inventory, ["status", "-o", scratch.path(file)], in: scratch).status == 0)
        }
        #expect(
            try await macha(inventory, ["status", "--format", "markdown", "here"], in: scratch).output.hasPrefix("# "))
    }

    @Test func `status of one host is its own page, and since a time it tells what changed`() async throws {
        let scratch = try Scratch()
        let inventory = "hosts: { here: { connection: local }, later: { address: 192.0.2.1 } }"
        #expect(try await macha(inventory, ["check", "here"], in: scratch).status == 0)
        let host = try await macha(inventory, ["status", "here"], in: scratch)
        #expect(host.output.contains("memory") && host.output.contains("available"))
        let document = try json(try await macha(inventory, ["status", "here", "--json"], in: scratch).output)
        #expect(document["snapshot"] != nil && (document["hosts"] as? [Any])?.count == 1)
        let changes = try json(
            try await macha(inventory, ["status", "--since", "1h", "--json"], in: scratch).output)
        #expect(changes["unseen"] as? [String] == ["later"])
        #expect(changes["comparedSince"] is [String: Any])
        #expect(try await macha(inventory, ["status", "--since", "someday"], in: scratch).status == 64)
    }

    @Test func `the snapshot of an unreached host has the stage and a remedy`() async throws {
        let scratch = try Scratch()
        let inventory = "hosts: { nas: { address: 127.0.0.1, port: \(try Loopback.freePort()) } }"
        _ = try await macha(inventory, ["check"], in: scratch)
        let shown = try await macha(inventory, ["snapshot", "show", "1"], in: scratch)
        #expect(shown.output.contains("failed at  connect"))
        #expect(shown.output.contains("→ check that the host is on"))
    }

    @Test func `an owner can read what runs on the hosts`() async throws {
        let scratch = try Scratch()
        let script = try await macha(["probes", "script"], in: scratch)
        #expect(script.output == ProbeScript.text)
        let list = try await macha(["probes", "list"], in: scratch)
        #expect(ProbeCatalog.all.allSatisfy { list.output.contains($0.name) })
        let one = try await macha(["probes", "script", "load"], in: scratch)
        #expect(one.output == ProbeScript.text(for: [LoadProbe.self]))
        let none = try await macha(["probes", "script", "laod"], in: scratch)
        #expect(none.status == 64 && none.errors.contains("did you mean 'load'"))
    }

    @Test func `hosts show names the line of every value, and hosts scan what could be added`() async throws {
        let scratch = try Scratch()
        let shown = try await macha(
            "hosts: { nas: { address: 192.0.2.1, port: 2222 } }", ["hosts", "show", "nas", "--json"], in: scratch)
        #expect(shown.output.contains("fleet.yaml:1:"))
        #expect(shown.output.contains("2222"))
        try scratch.write("tv.lan ssh-ed25519 AAAA\n|1|x|y ssh-ed25519 AAAA\n", to: "home/.ssh/known_hosts")
        let scan = try await macha(["hosts", "scan"], in: scratch)
        #expect(scan.output.contains("  tv: { address: tv.lan }"))
        #expect(scan.errors.contains("cannot be read back: 1"))
        let document = try await macha(["hosts", "scan", "--json"], in: scratch)
        #expect(document.output.contains(#""hashed" : 1"#) || document.output.contains(#""hashed":1"#))
    }

    @Test func `a watch in a pipe prints a line per change and ends on a signal`() async throws {
        let scratch = try Scratch()
        try scratch.write(
            "hosts: { nas: { address: 127.0.0.1, port: \(try Loopback.freePort()) } }", to: "inventory/fleet.yaml")
        let watch = try ChildProcess(
            BuiltMacha.path,
            ["check", "--watch", "--inventory", scratch.path("inventory"), "--state-dir", scratch.path("state")],
            environment: environment(scratch), output: scratch.path("out"))
        var text = ""
        // Each line is a write of its own, and they come in no promised order.
        while !text.contains("does not answer.") || !text.contains("first time") {
            text = try scratch.read("out")
            await Task.yield()
        }
        watch.stop()
        let lines = text.split(separator: "\n")
        #expect(lines.contains { $0.contains(" nas checked for the first time") })
        #expect(lines.contains { $0.contains(" nas new critical: nas does not answer.") })
        #expect(!text.contains("\u{1b}"))
    }

    @Test func `a program's standard error is marked in the output`() async throws {
        let scratch = try Scratch()
        let result = try await macha(
            "hosts: { here: { connection: local } }", ["exec", "here", "--", "sh", "-c", "echo out; echo err >&2"],
            in: scratch)
        #expect(result.output.contains("\nout\nstderr: err\n"))
    }

    @Test func `exec shows what each host wrote, and fails when one fails`() async throws {
        let scratch = try Scratch()
        let inventory = "hosts: { here: { connection: local } }"
        let fine = try await macha(
            inventory, ["exec", "here", "--", "printf", "%s|", "a b", "--json", "$HOME"], in: scratch)
        #expect(fine.status == 0)
        #expect(fine.output.contains("a b|--json|$HOME|"))
        let failed = try await macha(inventory, ["exec", "here", "--", "sh", "-c", "exit 3"], in: scratch)
        #expect(failed.status == 1)
        #expect(failed.output.contains("status 3"))
    }

    @Test func `nothing a host writes reaches the terminal as a control character`() async throws {
        let scratch = try Scratch()
        let attack = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\r\u{8}x"
        for format in [[], ["--json"]] {
            let result = try await macha(
                "hosts: { here: { connection: local } }",
                ["exec", "here"] + format + ["--", "printf", "%s\\n", attack], in: scratch)
            let active = result.output.unicodeScalars.filter {
                $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format)
            }
            #expect(active.isEmpty)
            #expect(result.output.contains("owned"))
        }
    }

    @Test func `a state directory that cannot be used is named, with the remedy`() async throws {
        let scratch = try Scratch()
        try scratch.write("in the way", to: "state")
        let result = try await macha("hosts: { here: { connection: local } }", ["check"], in: scratch)
        #expect(result.status == 69)
        #expect(result.errors.replacing("\n", with: "").contains(scratch.path("state")))
    }

    @Test func `a digest keeps its budget, hides secrets and shows no control characters`() async throws {
        let scratch = try Scratch()
        let usual = (0..<20_000).map {
            "2026-03-01T10:00:\($0 % 60 < 10 ? "0" : "")\($0 % 60)+0000 nas app[7]: request \($0) took \($0 % 90) ms"
        }
        let odd = [
            "2026-03-01T10:01:00+0000 nas app[7]: \u{1b}]0;owned\u{7} pool tank went away",
            "2026-03-01T10:01:01+0000 nas app[7]: login https://joe:hunter2@db.lan/ refused",
        ]
        let log = try scratch.write((usual + odd).joined(separator: "\n"), to: "app.log")
        let result = try await macha(["digest", log, "--budget", "500"], in: scratch)
        #expect(result.status == 0)
        #expect(result.output.utf8.count <= 2000)
        #expect(result.output.contains("pool tank went away"))
        #expect(!result.output.contains("hunter2"))
        #expect(!result.output.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    }

    @Test(arguments: ["gzip", "zstd", "xz", "bzip2", "lz4"])
    func `a packed log is read like the log itself`(tool: String) async throws {
        let scratch = try Scratch()
        let log = try scratch.write("all is quiet\nthe door was opened\n", to: "app.log")
        let pack = Process()
        pack.executableURL = URL(filePath: "/bin/sh")
        pack.arguments = ["-c", "\(tool) -c < '\(log)' > '\(log).packed'"]
        try pack.run()
        pack.waitUntilExit()
        let result = try await macha(["digest", log + ".packed"], in: scratch)
        if pack.terminationStatus == 127 {
            #expect(result.status == 65)
        } else {
            #expect(result.status == 0)
            #expect(result.output.contains("the door was opened"))
        }
    }

    @Test(
        arguments: [
            ("a.zip", [UInt8]("PK\u{3}\u{4}rest of it".utf8), "unzip -p"),
            ("a.journal", [UInt8]("LPKSHHRH and so on".utf8), "journalctl --file"),
            ("a.log", [0xff, 0xfe, 0, 0, 0x41, 0, 0, 0], "iconv -f UTF-32"),
            ("a.bin", (0..<200).map { UInt8($0 * 37 % 16) }, "not text"),
        ]) func `a file that is no log is refused by name, with the remedy`(name: String, bytes: [UInt8], word: String)
        async throws
    {
        let scratch = try Scratch()
        let path = scratch.path(name)
        try Data(bytes).write(to: URL(filePath: path))
        let result = try await macha(["digest", path], in: scratch)
        #expect(result.status == 65)
        #expect(result.errors.replacing("\n", with: " ").contains(word))
    }

    @Test func `a digest without any text says so and fails`() async throws {
        let scratch = try Scratch()
        let log = try scratch.write("{\"MESSAGE\":null,\"PRIORITY\":\"6\"}\n\n", to: "empty.log")
        let result = try await macha(["digest", log], in: scratch)
        #expect(result.status == 65)
        #expect(result.errors.replacing("\n", with: " ").contains("holds any text"))
    }

    @Test(
        arguments: [
            (["digest", "/nonexistent/log"], Int32(65)), (["digest", "-", "--budget", "3"], 64),
            (["digest", "-", "--memory", "/dev/null"], 64), (["digest", "-", "--since", "soon"], 64),
        ] as [([String], Int32)]) func `a digest that cannot be made says why`(words: [String], status: Int32)
        async throws
    {
        let scratch = try Scratch()
        let result = try await macha(words, in: scratch)
        #expect(result.status == status)
        #expect(result.output.isEmpty && !result.errors.isEmpty)
    }
}
