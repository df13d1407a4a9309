// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// `check` of two hosts with a model that is silent: each host has a reason of its own.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(10)))
struct UnaskedHostTests {
    @Test func `a host without an analysis is reported as not analysed`() async throws {
        let lab = try await LightLab("one failed-unit\ntwo failed-unit\n")
        let scratch = try Scratch()
        let double = try await OllamaDouble(
            rules: #"{"default": {"reply": {"status": "attention"}}}"#, ["--fault", "hang"])
        var lines = ["hosts:"]
        for host in lab.inventory.hosts {
            guard case .ssh(let endpoint) = host.connection else { continue }
            lines.append(
                "  \(host.name): { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                    + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]) }")
        }
        let inventory = try scratch.write(lines.joined(separator: "\n") + "\n", to: "inventory.yaml")
        let configuration = try scratch.write(
            """
            model-endpoints:
              desk: { kind: ollama, url: "\(double.url)", models: [tiny], first-byte-timeout: 2s }

            """, to: "config.yaml")
        let check = try ChildProcess(
            BuiltMacha.path,
            [
                "check", "--no-act", "--inventory", inventory, "--state-dir", scratch.path("state"), "--config",
                configuration,
            ],
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "COLUMNS": "400",
            ]), output: scratch.path("out"), errors: scratch.path("err"))
        _ = await check.finished()
        let output = try scratch.read("out")
        // The call without a message only loads the model.
        #expect(try double.requests(to: "/api/chat").count { $0.contains("\"role\"") } == 1)
        // One was asked about and one was not; which of them came first is the queue's affair.
        #expect(output.matches(of: /(one|two) was not analysed:/).count == 1, "\(output)")
        #expect(output.matches(of: /did not begin to answer within/).count == 2, "\(output)")
    }
}
