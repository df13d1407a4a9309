// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaModel
import MachaTestSupport
import SSH
import Testing

/// Links that are slow, freeze or break. Whatever happens, no command runs twice: each adds a line to a file of the host's.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(20))) struct LinkTests {
    /// Seconds; MACHA_FREEZE asks for more.
    private static let freeze = ProcessInfo.processInfo.environment["MACHA_FREEZE"] ?? "0.2"

    /// A server behind a link, and the file that counts.
    private struct Host {
        let server: LocalSSHD
        let link: LoopbackLink

        init(delay: Duration = .zero) async throws {
            server = try await LocalSSHD()
            link = try LoopbackLink(to: server.port, delay: delay)
        }

        func target() throws -> SSHTarget {
            let line = try server.knownHostsLine().replacing(":\(server.port)", with: ":\(link.port)")
            return try server.target { target in
                target.port = link.port
                target.knownHosts.add(line, file: "known_hosts", line: 1)
            }
        }

        var command: [String] { ["sh", "-c", "echo ran >>\"$1\"; echo done", "sh", server.scratch.path("runs")] }

        var runs: Int { ((try? server.scratch.read("runs")) ?? "").split(separator: "\n").count }
    }

    @Test func `a command over a link of 200 ms runs once and returns its output`() async throws {
        let host = try await Host(delay: .milliseconds(100))
        let session = try await SSHSession.connect(to: try host.target())
        let result = try await session.execute(host.command, until: .now + .seconds(30))
        #expect(result.standardOutput == Array("done\n".utf8))
        #expect(host.runs == 1)
        await session.close()
    }

    @Test func `a command outlives a freeze that is shorter than its deadline`() async throws {
        let host = try await Host()
        let session = try await SSHSession.connect(to: try host.target())
        let link = host.link
        // The freeze holds back the request for a channel, and ends when the server would have answered long ago.
        link.after(bytes: 1) {
            link.freeze()
            Thread.detachNewThread {
                _ = try? run(which("sleep") ?? "", [Self.freeze])
                link.thaw()
            }
        }
        let result = try await session.execute(host.command, until: .now + .seconds(60))
        #expect(result.standardOutput == Array("done\n".utf8))
        #expect(host.runs == 1)
        await session.close()
    }

    /// The bytes of a short command: its channel, its request, its answer and its end.
    @Test(arguments: [1, 60, 130, 200, 260, 330, 400, 470, 540, 610])
    func `a freeze longer than the deadline ends the command and the session, and nothing runs twice`(bytes: Int)
        async throws
    {
        let host = try await Host()
        let transport = try SSHTransport(host.target())
        let command = Command(host.command[0], Array(host.command.dropFirst()))
        _ = try await transport.details()
        let link = host.link
        link.after(bytes: bytes) { link.freeze() }
        do throws(ContactFailure) {
            _ = try await transport.run(command, until: .now + .milliseconds(400))
        } catch {
            #expect(error.stage == "exec", "\(error)")
        }
        #expect(host.runs <= 1)
        // A busy machine may not have come as far as the freeze.
        link.after(bytes: .max) {}
        link.thaw()
        // What the freeze held back arrives late, and a new connection carries the next command.
        let again = try await transport.run(command, until: .now + .seconds(60))
        #expect(again.standardOutput == Array("done\n".utf8))
        #expect(host.runs <= 2)
        await transport.close()
    }

    @Test(arguments: [1, 130, 260, 400]) func `a link that breaks in the middle of a command is not tried again`(
        bytes: Int
    ) async throws {
        let host = try await Host()
        let session = try await SSHSession.connect(to: try host.target())
        let link = host.link
        link.after(bytes: bytes) { link.cut() }
        let error = await #expect(throws: SSHError.self) {
            _ = try await session.execute(host.command, until: .now + .seconds(60))
        }
        #expect(error?.code == .connectionLost)
        #expect(host.runs <= 1)
        #expect(await !session.isUsable)
    }
}
