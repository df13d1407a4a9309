// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// The first Macha's documents, typed line by line into a shell.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(10)))
struct FirstMachaCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for folder in ["home", "bin"] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        for name in [
            "ai", "approve", "ask", "chat", "check", "configs", "configs-read", "issues", "knowledge", "logs", "notify",
            "systems",
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path("bin/macha-\(name)"), withDestinationPath: BuiltMacha.path)
        }
    }

    /// Types `line`; the folder that the documents name is the test's own.
    private func type(_ line: String) async throws -> (status: Int32, output: String, errors: String) {
        var line = line.replacing("/var/lib/macha-autonomous", with: scratch.path("state"))
        if which("jq") == nil { line = line.replacing("jq .", with: "python3 -m json.tool") }
        let shell = try ChildProcess(
            "/bin/sh", ["-c", line],
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "\(scratch.path("bin")):/usr/bin:/bin:/usr/sbin:/sbin",
                "MACHA_INVENTORY": scratch.path("fleet.yaml"), "STATE_DIRECTORY": scratch.path("state"),
            ]), output: scratch.path("out"), errors: scratch.path("err"))
        return (await shell.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    /// A journal that has these lines of the daemon's unit, or none.
    private func journal(_ lines: String) throws {
        try scratch.write(
            """
            #!/bin/sh
            case "$*" in *"-u macha-autonomous"*) ;; *) exit 9 ;; esac
            case "$*" in *--after-cursor=*) exit 0 ;; esac
            printf '%s' '\(lines)'
            """, to: "journalctl", permissions: 0o755)
        // By another process: a child forked meanwhile would hold the file open for writing, and it could not be run.
        #expect(try ChildProcess("/bin/cp", [scratch.path("journalctl"), scratch.path("bin/journalctl")]).wait() == 0)
    }

    @Test func `every line of the first Macha's documents works as it was written down`() async throws {
        let lab = try await LightLab("wiki autonomy=suggest failed-unit\n")
        guard case .ssh(let endpoint) = try lab.host("wiki").connection else { return }
        try scratch.write(
            "hosts: { wiki: { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]), autonomy: suggest } }\n",
            to: "fleet.yaml")
        try scratch.write("[2026-11-30T10:00:00Z] the daemon said this\n", to: "state/orchestrator.log")
        try journal("2026-11-30T10:00:00+0000 box systemd[1]: Started Macha.\n-- cursor: s=1;i=2\n")
        for line in FirstMachaLine.all {
            switch line.meaning {
            case .system: continue
            case .prints(let words):
                let (status, output, errors) = try await type(line.text)
                #expect(status == 0 && output.contains(words), "\(line.text): \(status)\n\(output)\n\(errors)")
            case .wrong(let meant):
                #expect(try await type(line.text).errors.contains("No such file"), "\(line.text)")
                let (status, output, errors) = try await type(meant)
                #expect(status == 0 && output.contains("\"readings\""), "\(meant): \(errors)")
            }
        }
    }

    @Test func `every line of the first Macha's documents is on the page about it`() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../../docs/first-macha.md"), encoding: .utf8)
        for line in FirstMachaLine.all {
            #expect(page.contains("| `\(line.text.replacing("|", with: "\\|"))` |"), "\(line.text)")
        }
    }

    @Test(arguments: [
        "ai --mode once", "ask why is it slow", "chat", "configs nginx", "configs-read a.nix", "knowledge list",
    ])
    func `a program that is gone says what to type instead, and does nothing`(words: String) async throws {
        for line in ["macha-\(words)", "\(BuiltMacha.path) \(words)"] {
            let (status, output, errors) = try await type(line)
            #expect(status == 2 && output.isEmpty, "\(line): \(status) \(output)")
            #expect(errors.hasPrefix("error: ") && errors.contains("'"), "\(errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("state")))
    }

    @Test func `logs service says so where the journal has nothing of the daemon`() async throws {
        try scratch.write("hosts: {}\n", to: "fleet.yaml")
        try scratch.write("[2026-11-30T10:00:00Z] the daemon said this\n", to: "state/orchestrator.log")
        try journal("")
        let (status, output, errors) = try await type("macha-logs service")
        #expect(status == 0 && output.contains("the daemon said this"), "\(errors)")
        #expect(errors.contains("this is orchestrator.log"), "\(errors)")
    }

    @Test func `logs service shows a journal's lines without what could steer a terminal`() async throws {
        try journal("2026-11-30T10:00:00+0000 box macha[1]: a \u{1b}[2Jtrick\n-- cursor: s=1;i=2\n")
        let (status, output, errors) = try await type("macha-logs service -n 5")
        #expect(status == 0 && output.contains("trick") && !output.contains("\u{1b}"), "\(output)\(errors)")
        #expect(!output.contains("cursor"))
        let json = try await type("macha-logs service --json")
        let lines = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String], "\(json.output)")
        #expect(lines.count == 1)
    }
}
