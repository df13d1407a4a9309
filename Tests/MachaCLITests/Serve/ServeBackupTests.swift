// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

/// The daemon's backups, by the built program.
@Suite(.timeLimit(.minutes(10))) struct ServeBackupTests {
    private func inventory() throws -> String {
        "hosts: { gone: { address: 127.0.0.1, port: \(try Loopback.freePort()), check-interval: 1h } }\n"
    }

    @Test func `a backup is made after the start, and not again after the next one`() async throws {
        let serve = try ServeProcess(inventory: try inventory(), configuration: "backup: { keep: 2 }\n")
        for start in 1...2 {
            let daemon = try serve.start(["--no-model"])
            try await serve.told("READY=1", times: start)
            try await serve.wait(for: "written and verified")
            kill(daemon.pid, SIGTERM)
            #expect(await daemon.finished() == 0)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: serve.scratch.path("state/backups"))
        #expect(names.count == 1)
        let (status, output) = try await serve.run(
            "restore", serve.scratch.path("state/backups/\(names[0])"), "--verify-only")
        #expect(status == 0 && output.contains("no fault found"), "\(output)")
    }

    @Test func `a backup that cannot be made is told once, and shown in status`() async throws {
        let serve = try ServeProcess(
            inventory: try inventory(), configuration: "backup: { folder: /nowhere/at/all, every: 1s }\n")
        let daemon = try serve.start(["--no-model"])
        defer { daemon.stop() }
        try await serve.wait(for: "/nowhere/at/all")
        while try await !serve.run("status").output.contains("/nowhere/at/all") {
            try await Task.sleep(for: .milliseconds(100))
        }
        let log = try serve.scratch.read("state/orchestrator.log")
        #expect(log.split(separator: "\n").count { $0.contains("backup: the folder") } == 1)
    }
}
