// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaModel
import MachaTestSupport
import SSH
import Testing

/// One connection for many commands, renewed when it has ended.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct SSHTransportTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    private func connections(_ server: LocalSSHD) -> Int {
        server.log.components(separatedBy: "Accepted publickey").count - 1
    }

    /// Appends a line to `tally` on the host, then does `script`.
    private func counted(_ script: String, _ server: LocalSSHD) -> Command {
        Command("sh", ["-c", "echo ran >>\(server.scratch.path("tally")); \(script)"])
    }

    private func tally(_ server: LocalSSHD) throws -> Int {
        try server.scratch.read("tally").split(separator: "\n").count
    }

    @Test func `commands share one connection`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        for _ in 0..<3 { _ = try await transport.run(Command("true"), until: soon) }
        #expect(connections(server) == 1)
        await transport.close()
    }

    @Test
    func `a connection lost in the middle of a command is an error, renewed for the next, and nothing runs twice`()
        async throws
    {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        // The parent of the command's shell is sshd's process for this connection.
        await #expect(throws: ContactFailure.self) {
            _ = try await transport.run(counted("kill -KILL $PPID; sleep 20", server), until: soon)
        }
        #expect(try tally(server) == 1)
        #expect(try await transport.run(counted("exit 3", server), until: soon).outcome == .status(3))
        #expect(try tally(server) == 2)
        #expect(connections(server) == 2)
        await transport.close()
    }

    @Test func `a host that hung up between two commands is connected to again, before the second`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        let asked = try await transport.run(counted("echo $PPID", server), until: soon)
        let process = try #require(pid_t(String(decoding: asked.standardOutput.dropLast(), as: UTF8.self)))
        kill(process, SIGKILL)
        while kill(process, 0) == 0 { await Task.yield() }
        #expect(try await transport.run(counted("exit 3", server), until: soon).outcome == .status(3))
        #expect(try tally(server) == 2)
        #expect(connections(server) == 2)
        await transport.close()
    }

    @Test func `a command's deadline holds while connecting, too`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let transport = SSHTransport(mute(listener))
        let failure = await #expect(throws: ContactFailure.self) {
            _ = try await transport.run(Command("true"), until: .now + .milliseconds(100))
        }
        #expect(failure?.kind == .unreachable)
        #expect(failure?.stage == "connect")
    }

    @Test func `a command that gives up leaves the connection to those who wait for it too`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        let deadline = soon
        let impatient = Task { try await transport.run(Command("true"), until: deadline) }
        let others = (0..<5).map { _ in Task { try await transport.run(Command("true"), until: deadline) } }
        impatient.cancel()
        _ = await impatient.result
        for other in others { #expect(try await other.value.outcome == .status(0)) }
        await transport.close()
    }

    @Test func `closing ends a connection attempt`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let transport = SSHTransport(mute(listener))
        let deadline = soon
        let task = Task { try await transport.run(Command("true"), until: deadline) }
        let accepted = await onThread { listener.acceptOne() }
        await transport.close()
        let outcome = await task.result
        let failure = #expect(throws: ContactFailure.self) { try outcome.get() }
        #expect(failure?.kind == .local)
        listener.hangUp(accepted)
    }

    /// A target that accepts connections and never speaks.
    private func mute(_ listener: Loopback.Listener) -> SSHTarget {
        SSHTarget(
            name: "nas", address: "127.0.0.1", port: listener.port, user: "macha", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
    }
}
