// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// `macha serve` while it changes a host.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(10)))
struct ServeRepairTests {
    @Test(arguments: [SIGTERM, SIGKILL])
    func `a repair under way at the end is settled by the next start and not done again`(signal: CInt) async throws {
        let lab = try await LightLab("nas autonomy=auto-safe failed-unit\n")
        let serve = try ServeProcess(inventory: ServeProcess.inventory(of: lab))
        let first = try serve.start(["--no-model"])
        // The restart is sent at once, and then watched for a while.
        try await serve.wait(for: "\"systemctl\",\"restart\"", in: "state/actions.jsonl")
        while try await !serve.run("audit", "show", "--json").output.contains("\"started\"") {
            try await Task.sleep(for: .milliseconds(50))
        }
        kill(first.pid, signal)
        #expect(await first.finished() == (signal == SIGKILL ? 128 + SIGKILL : 0))
        let left = try await serve.run("logs", "actions").output
        #expect(left.contains("macha serve ended; the next start asks") == (signal == SIGTERM), "\(left)")

        let second = try serve.start(["--no-model"])
        try await serve.told("READY=1", times: 2)
        try await serve.wait(for: "the controller ended meanwhile", in: "state/actions.jsonl")
        kill(second.pid, SIGTERM)
        #expect(await second.finished() == 0)
        let starts = try serve.scratch.read("state/actions.jsonl").split(separator: "\n")
            .count { $0.contains("\"started\"") }
        #expect(starts == 1)
        #expect(try await serve.run("audit", "verify").status == 0)
    }

    @Test func `an approval that a command grants beside the daemon is carried out once`() async throws {
        let lab = try await LightLab("nas autonomy=suggest failed-unit\n")
        let serve = try ServeProcess(inventory: ServeProcess.inventory(of: lab))
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        while try await !serve.run("approve", "list", "--json").output.contains("\"id\"") {
            try await Task.sleep(for: .milliseconds(50))
        }
        let (status, output) = try await serve.run("approve", "approve", "0", "--settle", "0")
        #expect(status == 0, "\(output)")
        try await serve.wait(for: "resolved")
        let starts = try serve.scratch.read("state/actions.jsonl").split(separator: "\n")
            .count { $0.contains("\"started\"") }
        #expect(starts == 1)
    }
}
