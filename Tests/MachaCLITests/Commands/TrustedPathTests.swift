// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaInventory
import MachaTestSupport
import Testing

/// Files that decide what Macha does are refused when somebody else may write them, as ssh refuses its own.
@Suite(.timeLimit(.minutes(20))) struct TrustedPathTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.write("hosts: { nas: { address: 192.0.2.1 } }\n", to: "inventory/fleet.yaml")
        try scratch.write("{}\n", to: "config.yaml")
    }

    private func macha(_ words: String...) async throws -> (status: Int32, output: String, errors: String) {
        try await run(
            [
                "--inventory", scratch.path("inventory"), "--config", scratch.path("config.yaml"), "--state-dir",
                scratch.path("state"),
            ] + words)
    }

    private func run(_ words: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let playbooks = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "playbooks").path
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "MACHA_PLAYBOOKS": playbooks, "COLUMNS": "400",
        ])
        let status = await
            (try ChildProcess(
                BuiltMacha.path, words, environment: environment, output: scratch.path("out"),
                errors: scratch.path("err")
            )).finished()
        return (status, try scratch.read("out"), try scratch.read("err"))
    }

    private func allow(_ mode: Int, _ name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.path(name))
    }

    @Test(arguments: [
        ("inventory", 0o777, 65), ("inventory/fleet.yaml", 0o666, 65), ("inventory/fleet.yaml", 0o602, 65),
        ("config.yaml", 0o666, 78), ("state", 0o777, 78), ("", 0o777, 78), ("state/macha.db", 0o666, 78),
    ])
    func `a world-writable path is refused, with its mode and a remedy`(
        name: String, mode: Int, status: Int
    ) async throws {
        #expect(try await macha("status").status == 0)
        try allow(mode, name)
        let (refused, _, errors) = try await macha("check", "--no-model", "--no-act", "--width", "1")
        // A configuration that is not needed is not read.
        let answer = name == "config.yaml" ? try await macha("models").errors : errors
        if name != "config.yaml" { #expect(Int(refused) == status, "\(errors)") }
        #expect(answer.contains(String(mode, radix: 8)), "\(answer)")
        #expect(answer.contains("chmod go-w"), "\(answer)")
    }

    @Test func `own playbooks that everybody may write are refused`() async throws {
        try scratch.write("", to: "playbooks/own.yaml", permissions: 0o666)
        let (status, _, errors) = try await run(["playbooks", "list", "--playbooks", scratch.path("playbooks")])
        #expect(status == 65)
        #expect(errors.contains("playbooks/own.yaml: writable by everyone (mode 0666)"), "\(errors)")
    }

    @Test func `a key file that everybody may read is not used`() throws {
        let path = try scratch.write("sk-1", to: "key", permissions: 0o644)
        #expect(TrustedPath.refusal(path, for: .secret)?.contains("chmod 600") == true)
        #expect(TrustedPath.refusal(path, for: .instructions) == nil)
        try allow(0o600, "key")
        #expect(TrustedPath.refusal(path, for: .secret) == nil)
    }

    @Test func `a group of others may not write, and a sticky folder above is no danger`() throws {
        let path = try scratch.write("", to: "shared/fleet.yaml", permissions: 0o664)
        if geteuid() == 0 { chown(path, 0, 12345) }
        if geteuid() == 0 { #expect(TrustedPath.refusal(path, for: .instructions)?.contains("chmod g-w") == true) }
        try allow(0o600, "shared/fleet.yaml")
        try allow(0o1777, "shared")
        #expect(TrustedPath.refusal(path, for: .instructions) == nil)
        try allow(0o777, "shared")
        #expect(TrustedPath.refusal(path, for: .instructions)?.contains("shared: writable by everyone") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func `a file or a link of another user is refused`() throws {
        let path = try scratch.write("", to: "fleet.yaml")
        let link = scratch.path("link.yaml")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(TrustedPath.refusal(link, for: .instructions) == nil)
        lchown(link, 12345, 12345)
        #expect(TrustedPath.refusal(link, for: .instructions)?.contains("belongs to user 12345") == true)
        chown(path, 12345, 12345)
        #expect(TrustedPath.refusal(path, for: .instructions)?.contains("chown root") == true)
        // A service's user owns its state, also when root looks into it.
        chown(path, 12345, 12345)
        #expect(TrustedPath.refusal(path, for: .state) == nil)
    }

    @Test func `a link to what others may write is refused`() throws {
        let path = try scratch.write("", to: "open/fleet.yaml", permissions: 0o666)
        let link = scratch.path("link.yaml")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(TrustedPath.refusal(link, for: .instructions) != nil)
    }

    @Test func `a playbook that is a link into a folder that others may write is refused`() throws {
        try scratch.write("", to: "open/own.yaml")
        try allow(0o777, "open")
        try scratch.write("", to: "playbooks/other.yaml")
        let folder = scratch.path("playbooks")
        #expect(TrustedPath.refusal(folder, for: .instructions) == nil)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/own.yaml", withDestinationPath: scratch.path("open/own.yaml"))
        #expect(TrustedPath.refusal(folder, for: .instructions)?.contains("open: writable by everyone") == true)
    }

    @Test(arguments: [false, true])
    func `a link that lies in a folder that others may write is theirs, also in the middle of the way`(
        isRelative: Bool
    ) throws {
        let target = try scratch.write("", to: "safe/fleet.yaml")
        try scratch.write("", to: "open/x")
        try FileManager.default.createSymbolicLink(atPath: scratch.path("open/hop"), withDestinationPath: target)
        let link = scratch.path("link.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: isRelative ? "safe/../open/hop" : scratch.path("open/hop"))
        #expect(TrustedPath.refusal(link, for: .instructions) == nil)
        try allow(0o777, "open")
        #expect(TrustedPath.refusal(link, for: .instructions)?.contains("open: writable by everyone") == true)
        try allow(0o1777, "open")
        #expect(TrustedPath.refusal(link, for: .instructions) == nil)
    }

    @Test func `a loop of links ends without a refusal`() throws {
        try FileManager.default.createSymbolicLink(atPath: scratch.path("a"), withDestinationPath: scratch.path("b"))
        try FileManager.default.createSymbolicLink(atPath: scratch.path("b"), withDestinationPath: scratch.path("a"))
        #expect(TrustedPath.refusal(scratch.path("a"), for: .instructions) == nil)
    }

    @Test func `a missing file is not refused`() {
        #expect(TrustedPath.refusal(scratch.path("no/such/file"), for: .instructions) == nil)
    }

    @Test func `a report in a new file is for its owner alone, and a file that is there keeps its mode`() async throws {
        #expect(try await macha("status", "-o", scratch.path("new.html")).status == 0)
        try scratch.write("", to: "old.html", permissions: 0o644)
        #expect(try await macha("status", "-o", scratch.path("old.html")).status == 0)
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: scratch.path(name))[.posixPermissions] as? Int
        }
        #expect(try mode("new.html") == 0o600)
        #expect(try mode("old.html") == 0o644)
    }

    @Test func `the audit's head is kept where the configuration says, and compared`() async throws {
        let file = scratch.path("elsewhere")
        try scratch.write("audit-head-file: \(file)\n", to: "config.yaml")
        #expect(try await macha("pause").status == 0)
        #expect(try await macha("resume").status == 0)
        let heads = try scratch.read("elsewhere").split(separator: "\n")
        #expect(heads.count == 2)
        let (status, output, _) = try await macha("audit", "verify", "--json")
        let verdict = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(status == 0)
        #expect(verdict["head"] as? String == heads.last?.split(separator: " ").last.map(String.init))
        #expect(verdict["compared"] as? Int == 2)
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path("state")) {
            try FileManager.default.removeItem(atPath: scratch.path("state/\(name)"))
        }
        let (found, _, _) = try await macha("audit", "verify")
        #expect(found == 1)
        #expect(try scratch.read("out").contains("entry 1 is not in the database"))
    }

    @Test(arguments: [
        "audit-head-file: relative", "audit-head-syslog: perhaps", "audit-head-file: [a]", "audit-head: x",
    ])
    func `a wrong key for the head's place is a mistake with its line`(text: String) {
        #expect(throws: InventoryError.self) {
            try Configuration.parse(text, file: "config.yaml", home: "/home/me")
        }
    }
}
