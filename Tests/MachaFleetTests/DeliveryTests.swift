// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaModel
import MachaTestSupport
import SSH
import Testing

/// Whether a command may have been sent is known where it is sent, and arrives where "at most once" is decided.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(20)))
struct DeliveryTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(30) }

    private func failure(_ transport: any Transport, _ command: Command) async throws -> ContactFailure {
        do throws(ContactFailure) {
            _ = try await transport.run(command, until: soon)
        } catch {
            await transport.close()
            return error
        }
        await transport.close()
        throw ChildProcess.Failure(reason: "the command did not fail")
    }

    @Test func `a channel that the server refuses carried nothing`() async throws {
        var options = LocalSSHD.Options()
        options.settings = ["MaxSessions 0"]
        let server = try await LocalSSHD(options)
        let failure = try await failure(SSHTransport(try server.target()), Command("true"))
        #expect(failure.stage == .exec && failure.delivery == .notSent, "\(failure)")
    }

    @Test func `a command whose connection is lost may have run`() async throws {
        let server = try await LocalSSHD()
        let transport = SSHTransport(try server.target())
        let begun = server.scratch.path("begun")
        async let failed = failure(transport, Command("sh", ["-c", "echo >\(begun); exec sleep 60"]))
        while !FileManager.default.fileExists(atPath: begun) { await Task.yield() }
        try server.cutConnections()
        let failure = try await failed
        #expect(failure.delivery == .maybeSent, "\(failure)")
    }

    @Test func `a host that cannot be connected to was sent nothing`() async throws {
        let server = try await LocalSSHD()
        let target = try server.target()
        server.stop()
        let failure = try await failure(SSHTransport(target), Command("true"))
        #expect(failure.delivery == .notSent && failure.stage != .exec, "\(failure)")
    }

    @Test func `a word with a NUL byte and a program that is missing were not sent, a local time limit says nothing`()
        async throws
    {
        let local = LocalTransport(host: "self")
        #expect(try await failure(local, Command("echo", ["a\0b"])).delivery == .notSent)
        #expect(try await failure(local, Command("/no/such/program")).delivery == .notSent)
        do throws(ContactFailure) {
            _ = try await local.run(Command("sleep", ["60"]), until: .now + .milliseconds(50))
            Issue.record("it ended in time")
        } catch {
            #expect(error.delivery == .maybeSent)
        }
    }

    @Test func `a failure that an earlier version stored may have been sent, and an unknown stage is read`() throws {
        let stored = #"{"kind":"broken","stage":"warp","message":"lost","remedy":""}"#
        let failure = try JSONDecoder().decode(ContactFailure.self, from: Data(stored.utf8))
        #expect(failure.delivery == .maybeSent && failure.stage == .other)
    }
}
