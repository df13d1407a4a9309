// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// `check --fresh` through the program: a disk starts to fail just after the slow probes were asked.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(10)))
struct FreshCheckTests {
    private let lab: LightLab
    private let scratch: Scratch
    private let inventory: String

    init() async throws {
        lab = try await LightLab("nas\n")
        scratch = try Scratch()
        guard case .ssh(let endpoint) = try lab.host("nas").connection else { throw CancellationError() }
        inventory = try scratch.write(
            """
            hosts:
              nas: { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), \
            identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]) }
            """, to: "fleet.yaml")
    }

    private func check(_ words: String...) async throws -> [String] {
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        ])
        let check = try ChildProcess(
            BuiltMacha.path,
            ["check", "--no-act", "--json", "--inventory", inventory, "--state-dir", scratch.path("state")] + words,
            environment: environment, output: scratch.path("out"), errors: scratch.path("err"))
        _ = await check.finished()
        let document = try JSONSerialization.jsonObject(with: Data(try scratch.read("out").utf8)) as? [String: Any]
        let host = try #require((document?["hosts"] as? [[String: Any]])?.first)
        let findings = (host["findings"] as? [[String: Any]]) ?? []
        return findings.compactMap { $0["kind"] as? String }.sorted()
    }

    @Test func `a fresh check asks the slow probes too, and an ordinary one keeps to their rhythm`() async throws {
        #expect(try await check().isEmpty)
        try lab.plant("smart-failing", on: "nas")
        try lab.plant("failed-unit", on: "nas")
        // Units are asked each time; the disk was asked a moment ago.
        #expect(try await check() == ["unit-failed"])
        #expect(try await check("--fresh") == ["disk-failing", "unit-failed"])
        // What it saw stands for the next ordinary check.
        #expect(try await check() == ["disk-failing", "unit-failed"])
    }
}
