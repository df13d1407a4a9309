// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// `macha approve` alone, in front of a person, with three hosts whose nginx has failed.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(10)))
struct ApprovalReviewTests {
    private static let prompt = "[q] quit"
    private let lab: LightLab
    private let scratch: Scratch

    init() async throws {
        lab = try await LightLab("git failed-unit\nnas failed-unit\nwiki failed-unit\n")
        scratch = try Scratch()
        var lines = ["defaults: { autonomy: suggest }", "hosts:"]
        for host in lab.inventory.hosts {
            guard case .ssh(let endpoint) = host.connection else { continue }
            lines.append(
                "  \(host.name): { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                    + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]) }")
        }
        try scratch.write(lines.joined(separator: "\n") + "\n", to: "fleet.yaml")
        try FileManager.default.createDirectory(atPath: scratch.path("home"), withIntermediateDirectories: true)
        let (status, output) = try await macha("check", "--no-model")
        try #require(status == 0 && output.contains("3 approvals are waiting"), "\(output)")
    }

    private var own: [String] { ["--inventory", scratch.path("fleet.yaml"), "--state-dir", scratch.path("state")] }
    private var environment: [String: String] {
        ["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "NO_COLOR": "1"]
    }

    private func macha(_ words: String...) async throws -> (status: Int32, output: String) {
        let child = try ChildProcess(
            BuiltMacha.path, words + own, environment: BuiltMacha.environment(environment), output: scratch.path("out"),
            errors: scratch.path("err"))
        let status = await child.finished()
        return (status, try scratch.read("out") + (try scratch.read("err")))
    }

    private func sit() throws -> PseudoTerminal {
        try PseudoTerminal(["approve", "--settle", "0"] + own, environment: environment)
    }

    private func states() async throws -> [Int: String] {
        _ = try await macha("approve", "list", "--all", "--json")
        let list = try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [[String: Any]]
        return Dictionary(
            (list ?? []).compactMap { item in
                (item["id"] as? Int).flatMap { id in (item["state"] as? String).map { (id, $0) } }
            }, uniquingKeysWith: { $1 })
    }

    @Test func `each action is shown with what, why, risk and rollback, and each answer counts at once`() async throws {
        let seat = try sit()
        let first = await seat.wait(for: Self.prompt)
        for words in ["1 of 3", "approval 0", "systemctl restart -- nginx.service", "why", "risk", "low", "rollback"] {
            #expect(first.contains(words), "\(words): \(first)")
        }
        seat.type("d\n")
        let dossier = await seat.wait(for: Self.prompt)
        for words in ["Evidence", "How it is verified", "History", "no model was asked", "within 30 days"] {
            #expect(dossier.contains(words), "\(words): \(dossier)")
        }
        seat.type("y\n")
        #expect(await seat.wait(for: "2 of 3").contains("verified"))
        #expect(try await states() == [0: "used", 1: "waiting", 2: "waiting"])
        await seat.wait(for: Self.prompt)
        seat.type("perhaps\n")
        await seat.wait(for: Self.prompt)
        seat.type("n not tonight\n")
        #expect(await seat.wait(for: "3 of 3").contains("rejected; nothing was done"))
        #expect(try await states() == [0: "used", 1: "rejected", 2: "waiting"])
        await seat.wait(for: Self.prompt)
        seat.type("s\n")
        let end = await seat.wait(for: "macha approve")
        #expect(end.contains("1 carried out, 1 rejected, 1 skipped; 1 is still waiting"), "\(end)")
        #expect(await seat.child.finished() == 0)
        let (_, audit) = try await macha("audit", "show")
        #expect(audit.contains("not tonight"), "\(audit)")
        #expect(try await macha("audit", "verify").status == 0)
    }

    @Test(arguments: ["q\n", "\u{4}"]) func `a person who leaves decides nothing more`(keys: String) async throws {
        let seat = try sit()
        await seat.wait(for: Self.prompt)
        seat.type(keys)
        await seat.wait(for: "nothing was decided; 3 are still waiting")
        #expect(await seat.child.finished() == 0)
        #expect(try await states() == [0: "waiting", 1: "waiting", 2: "waiting"])
    }

    @Test func `Ctrl-C leaves the rest waiting`() async throws {
        let seat = try sit()
        await seat.wait(for: Self.prompt)
        seat.type("n\n")
        await seat.wait(for: Self.prompt)
        kill(seat.child.pid, SIGINT)
        await seat.wait(for: "still waiting: macha approve")
        #expect(await seat.child.finished() == 130)
        #expect(try await states() == [0: "rejected", 1: "waiting", 2: "waiting"])
    }

    @Test func `what was decided elsewhere or changed meanwhile is said, and not done`() async throws {
        let seat = try sit()
        await seat.wait(for: Self.prompt)
        #expect(try await macha("reject", "0", "--reason", "by another").status == 0)
        seat.type("y\n")
        let passed = await seat.wait(for: "2 of 3")
        #expect(passed.contains("rejected") && passed.contains("meanwhile"), "\(passed)")
        // Two later ones are decided before they are reached.
        #expect(try await macha("reject", "2").status == 0)
        await seat.wait(for: Self.prompt)
        seat.type("s\n")
        await seat.wait(for: "nothing to decide")
        await seat.wait(for: "still waiting")
        #expect(await seat.child.finished() == 0)
        #expect(try await states() == [0: "rejected", 1: "waiting", 2: "rejected"])
    }

    @Test func `new evidence is shown before an answer counts`() async throws {
        let seat = try sit()
        await seat.wait(for: Self.prompt)
        let (host, before) = try await shown(0)
        try lab.rewrite(unit: "nginx.service", on: host) {
            $0.replacing("ExecMainStatus=1", with: "ExecMainStatus=3")
        }
        _ = try await macha("check", host, "--no-model")
        #expect(try await shown(0).content != before)
        seat.type("y\n")
        await seat.wait(for: "it has changed meanwhile")
        #expect(await seat.wait(for: Self.prompt).contains("exit status 3"))
        #expect(try await states()[0] == "waiting")
        seat.type("q\n")
        await seat.wait(for: "nothing was decided")
    }

    private func shown(_ id: Int) async throws -> (host: String, content: String) {
        _ = try await macha("approve", "show", "\(id)", "--json")
        let view = try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [String: Any]
        return (
            try #require(view?["host"] as? String), try #require(view?["content"] as? String)
        )
    }

    @Test func `without a terminal it lists, and says how to decide`() async throws {
        let (status, output) = try await macha("approve")
        #expect(status == 0)
        #expect(output.contains("Restart nginx.service") && output.contains("macha approve ID"), "\(output)")
        _ = try await macha("approve", "--json")
        #expect(
            (try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [Any])?.count == 3)
        #expect(try await macha("approve", "discuss", "1").output.contains("The problem"))
        #expect(try await macha("approve", "discuss", "77").status == 64)
    }
}
