// SPDX-License-Identifier: MIT
import Glibc
import MachaFleet
import MachaModel
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
        let flood = Command("sh", ["-c", "\(witness.beginning); exec yes"], outputLimit: 1000)
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
        let command = Command("sh", ["-c", "\(witness.beginning); \(script)"], outputLimit: 0)
        #expect(try await LocalTransport(host: "self").run(command, until: soon).isCut)
        await witness.everyProcessHasEnded()
    }

    @Test func `a local command that meets its deadline ends with all it started`() async throws {
        let scratch = try Scratch()
        let witness = try Witness(in: scratch)
        let command = Command("sh", ["-c", "\(witness.beginning); \(Self.stubborn)"])
        await #expect(throws: ContactFailure.self) {
            _ = try await LocalTransport(host: "self").run(command, until: .now + .milliseconds(300))
        }
        await witness.everyProcessHasEnded()
    }

    @Test func `a local command that is cancelled ends with all it started`() async throws {
        let scratch = try Scratch()
        let witness = try Witness(in: scratch)
        let command = Command("sh", ["-c", "\(witness.beginning); \(Self.stubborn)"])
        let deadline = soon
        let task = Task { try await LocalTransport(host: "self").run(command, until: deadline) }
        await witness.someProcessHasBegun()
        task.cancel()
        _ = await task.result
        await witness.everyProcessHasEnded()
    }
}

/// A named pipe that processes hold open: its reader meets the end when the last of them is gone.
///
/// Reading does not wait for a first writer: a command may be ended before its shell came to open the pipe.
private final class Witness: Sendable {
    /// What a script does first: descriptor 9 holds the pipe open, and a byte says so.
    let beginning: String
    private let pipe: CInt

    init(in scratch: Scratch) throws {
        let path = scratch.path("witness")
        guard mkfifo(path, 0o600) == 0 else { throw ChildProcess.Failure(reason: "no named pipe: errno \(errno)") }
        pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard pipe >= 0 else { throw ChildProcess.Failure(reason: "the pipe cannot be read: errno \(errno)") }
        beginning = "exec 9>\(path); echo >&9"
    }

    deinit { close(pipe) }

    func someProcessHasBegun() async {
        let pipe = pipe
        await onThread {
            var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            while poll(&waiting, 1, -1) < 0, errno == EINTR {}
        }
    }

    func everyProcessHasEnded() async {
        let pipe = pipe
        await onThread {
            _ = fcntl(pipe, F_SETFL, 0)
            var byte: UInt8 = 0
            while true {
                let count = read(pipe, &byte, 1)
                guard count > 0 || count < 0 && errno == EINTR else { return }
            }
        }
    }
}
