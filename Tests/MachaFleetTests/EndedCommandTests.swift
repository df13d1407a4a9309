// SPDX-License-Identifier: MIT
import Glibc
import MachaCore
import MachaFleet
import MachaTestSupport
import Testing

/// What becomes of the processes of a command that is ended.
@Suite(.timeLimit(.minutes(10))) struct EndedCommandTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    @Test(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"))
    func `a remote command that writes too much ends on its host`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        let witness = try Witness(in: server.scratch)
        let flood = Command("sh", ["-c", "exec 9>\(witness.path); exec yes"], outputLimit: 1000)
        #expect(try await transport.run(flood, until: soon).isCut)
        await witness.everyProcessHasEnded()
        await transport.close()
    }

    /// The shell ignores SIGTERM, and the process it started is the one that holds the output open.
    private static let stubborn = "trap '' TERM; sleep 300 & echo; sleep 300"

    @Test(arguments: [stubborn, "yes & wait", "exec yes"])
    func `a local command that writes too much ends with all it started`(_ script: String) async throws {
        let scratch = try Scratch()
        let witness = try Witness(in: scratch)
        let command = Command("sh", ["-c", "exec 9>\(witness.path); \(script)"], outputLimit: 0)
        #expect(try await LocalTransport(host: "self").run(command, until: soon).isCut)
        await witness.everyProcessHasEnded()
    }

    @Test func `a local command that meets its deadline ends with all it started`() async throws {
        let scratch = try Scratch()
        let witness = try Witness(in: scratch)
        let command = Command("sh", ["-c", "exec 9>\(witness.path); \(Self.stubborn)"])
        await #expect(throws: ContactFailure.self) {
            _ = try await LocalTransport(host: "self").run(command, until: .now + .milliseconds(300))
        }
        await witness.everyProcessHasEnded()
    }

    @Test func `a local command that is cancelled ends with all it started`() async throws {
        let scratch = try Scratch()
        let witness = try Witness(in: scratch)
        let command = Command("sh", ["-c", "exec 9>\(witness.path); \(Self.stubborn)"])
        let deadline = soon
        let task = Task { try await LocalTransport(host: "self").run(command, until: deadline) }
        await witness.someProcessHasBegun()
        task.cancel()
        _ = await task.result
        await witness.everyProcessHasEnded()
    }
}

/// A named pipe that processes hold open: its reader meets the end when the last of them is gone.
private final class Witness: Sendable {
    let path: String
    private let began: Task<CInt, Never>

    init(in scratch: Scratch) throws {
        let path = scratch.path("witness")
        guard mkfifo(path, 0o600) == 0 else { throw ChildProcess.Failure(reason: "no named pipe: errno \(errno)") }
        self.path = path
        began = Task { await onThread { open(path, O_RDONLY | O_CLOEXEC) } }
    }

    func someProcessHasBegun() async { _ = await began.value }

    func everyProcessHasEnded() async {
        let pipe = await began.value
        await onThread {
            var byte: UInt8 = 0
            _ = read(pipe, &byte, 1)
            close(pipe)
        }
    }
}
