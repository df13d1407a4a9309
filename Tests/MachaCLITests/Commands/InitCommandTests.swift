// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// `macha init` through the program, as somebody who has just installed it.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(5)))
struct InitCommandTests {
    private let lab: LightLab
    private let scratch: Scratch
    private let endpoint: SSHEndpoint
    private var inventory: String { scratch.path("home/.config/macha/inventory.yaml") }

    init() async throws {
        lab = try await LightLab("nas failed-unit\n")
        scratch = try Scratch()
        guard case .ssh(let endpoint) = try lab.host("nas").connection else { throw CancellationError() }
        self.endpoint = endpoint
        try FileManager.default.createDirectory(
            atPath: scratch.path("home/.ssh"), withIntermediateDirectories: true)
    }

    private func trust() throws {
        let keys = try String(contentsOfFile: endpoint.knownHosts[0], encoding: .utf8)
        try scratch.write(keys, to: "home/.ssh/known_hosts")
    }

    private func run(_ words: [String]) async throws -> (status: Int32, text: String) {
        let home = scratch.path("home")
        let child = try ChildProcess(
            BuiltMacha.path, ["init", "--state-dir", scratch.path("state")] + words,
            environment: BuiltMacha.environment(
                // What the program takes for the account's home, in place of the account's entry.
                ["HOME": home, "CFFIXED_USER_HOME": home, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]),
            output: scratch.path("out"), errors: scratch.path("err"))
        let status = await child.finished()
        return (status, try scratch.read("out") + scratch.read("err"))
    }

    private var place: String { "\(endpoint.user)@\(endpoint.address):\(endpoint.port)" }

    @Test func `a named host that is trusted is in the inventory and in a first report`() async throws {
        try trust()
        let (status, text) = try await run(["--identity-file", endpoint.identityFiles[0], place])
        #expect(status == 0, "\(text)")
        #expect(text.contains("nginx.service has failed"))
        #expect(text.contains(inventory))
        let loaded = try Inventory.load(path: inventory, home: scratch.path("home"), user: "nobody")
        #expect(loaded.hosts.count == 1)
        let written = try String(contentsOfFile: inventory, encoding: .utf8)

        let again = try await run(["other.example"])
        #expect(again.status == 64)
        #expect(again.text.contains("already"))
        #expect(try String(contentsOfFile: inventory, encoding: .utf8) == written)
    }

    @Test func `without a person to ask, no key is trusted, and the command that trusts it is named`() async throws {
        let (status, text) = try await run(["--identity-file", endpoint.identityFiles[0], place])
        #expect(status == 1)
        #expect(text.contains("macha hosts trust"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("home/.ssh/known_hosts")))
        #expect(FileManager.default.fileExists(atPath: inventory))
    }

    @Test func `offline nothing but the inventory is made`() async throws {
        let (status, text) = try await run(["--offline", "nas.invalid"])
        #expect(status == 0)
        #expect(!text.contains("failed"))
        #expect(FileManager.default.fileExists(atPath: inventory))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("state")))
    }

    @Test func `a mistake writes nothing`() async throws {
        for words in [["nas", "a b"], [], ["--user", "a b", "nas"]] {
            let (status, text) = try await run(words)
            #expect(status != 0)
            #expect(text.contains("error:"), "\(text)")
            #expect(!FileManager.default.fileExists(atPath: inventory))
        }
    }
}
