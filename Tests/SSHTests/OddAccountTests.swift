// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Accounts whose shell talks, runs something else, or lets nobody in so easily. `Tests/Lab/logins` tries many more, as root.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct OddAccountTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    private func server(_ settings: [String] = [], bashrc: String = "") async throws -> LocalSSHD {
        var options = LocalSSHD.Options()
        options.settings = settings
        let server = try await LocalSSHD(options)
        try server.scratch.write(bashrc, to: "home/.bashrc")
        return server
    }

    private func outcome(
        _ server: LocalSSHD, _ words: [String], input: [UInt8] = [],
        _ change: (inout SSHTarget) throws -> Void = { _ in }
    ) async throws -> Result<ExecResult, SSHError> {
        var target = try server.target()
        try change(&target)
        do throws(SSHError) {
            let session = try await SSHSession.connect(to: target)
            let result: Result<ExecResult, SSHError>
            do throws(SSHError) {
                result = .success(try await session.execute(words, input: input, until: soon))
            } catch {
                result = .failure(error)
            }
            await session.close()
            return result
        } catch {
            return .failure(error)
        }
    }

    // MARK: Noise

    /// Bash reads its start-up file for a command of sshd's as distributions build it; where it does not, nothing is printed.
    @Test(arguments: ["printf '\\033[?25h'", "echo Welcome", "printf 'no newline'", "seq 20000", "printf '\\377\\376'"])
    func `output of the account's shell start-up is not part of a command's output`(bashrc: String) async throws {
        let server = try await server(bashrc: bashrc + "\n")
        let result = try await outcome(server, ["echo", "mine"]).get()
        #expect(result.standardOutput == Array("mine\n".utf8))
        #expect(result.outcome == .status(0))
        #expect(result.preamble.count <= 2048)
    }

    @Test func `output of the shell start-up does not count against a command's limit`() async throws {
        let server = try await server(bashrc: "seq 20000\n")
        let session = try await SSHSession.connect(to: try server.target())
        let result = try await session.execute(
            ["echo", "mine"], limit: OutputLimit(standardOutput: 64, standardError: 64), until: soon)
        #expect(result.standardOutput == Array("mine\n".utf8) && result.cut == nil)
        await session.close()
    }

    @Test func `input waits until the command has begun`() async throws {
        let server = try await server(["ForceCommand sh"])
        let mark = server.scratch.path("it-ran")
        let task = Task { try await outcome(server, ["cat"], input: Array("touch \(mark)\n".utf8)) }
        // A shell in the command's place waits for input that never comes; without that it would have run it and ended.
        let session = try await SSHSession.connect(to: try server.target())
        let other = try? await session.execute(["cat"], input: Array("touch \(mark)\n".utf8), until: .now + .seconds(2))
        #expect(other == nil)
        task.cancel()
        _ = try? await task.value
        #expect(!FileManager.default.fileExists(atPath: mark))
        await session.close()
    }

    // MARK: Another command

    @Test(
        arguments: [
            ("/bin/true", "status 0"), ("echo for backups only", "for backups only"), ("/bin/false", "status 1"),
            ("echo \"$SSH_ORIGINAL_COMMAND\"", "printf"), ("internal-sftp", "sftp"),
        ])
    func `an account with a command of its own does not succeed`(forced: String, said: String) async throws {
        let server = try await server(["ForceCommand \(forced)"])
        for words in [["true"], ["echo", "x"], ["sh", "-s"]] {
            let error = await #expect(throws: SSHError.self) { try await outcome(server, words).get() }
            #expect(error?.code == .notRun)
            #expect(error?.message.contains("in place of the command") ?? false, "\(String(describing: error))")
            #expect(error?.message.contains(said) ?? false, "\(String(describing: error))")
        }
    }

    @Test func `an account whose command runs what was asked works`() async throws {
        let server = try await server(["ForceCommand sh -c \"$SSH_ORIGINAL_COMMAND\""])
        #expect(try await outcome(server, ["echo", "it's"]).get().standardOutput == Array("it's\n".utf8))
    }

    @Test func `a command line that cannot be sent says by how much it is too long`() async throws {
        let server = try await server()
        let fits = try await outcome(server, ["printf", "%s", String(repeating: "x", count: 34_500)]).get()
        #expect(fits.standardOutput.count == 34_500)
        let error = await #expect(throws: SSHError.self) {
            try await outcome(server, ["echo", String(repeating: "x", count: 40_000)]).get()
        }
        #expect(error?.code == .commandTooLong)
        #expect(error?.message.contains("more than can be sent") ?? false)
    }

    /// The longest line that is allowed is one that libssh2 sends.
    @Test func `the longest command line arrives`() async throws {
        let server = try await server()
        var length = 34_690
        while length > 34_000 {
            if case .success(let result) = try await outcome(
                server, ["printf", "%s", String(repeating: "x", count: length)])
            {
                #expect(result.standardOutput.count == length)
                return
            }
            length -= 20
        }
        Issue.record("nothing above 34,000 bytes arrives")
    }

    // MARK: Ends of a login

    private func keys(_ names: [String], on server: LocalSSHD) throws -> [PrivateKey] {
        try names.map { name in
            if name != "id" { try LocalSSHD.makeKey(name, "ed25519", in: server.scratch) }
            return try PrivateKey.load(path: server.scratch.path(name))
        }
    }

    @Test func `six keys are all offered`() async throws {
        let server = try await server()
        let keys = try keys(["a", "b", "c", "d", "e", "id"], on: server)
        let result = try await outcome(server, ["echo", "in"]) { $0.credentials = SSHCredentials(keys: keys) }
        #expect(try result.get().standardOutput == Array("in\n".utf8))
    }

    @Test func `a host that hangs up after some keys is not said to have refused the others`() async throws {
        let server = try await server(["MaxAuthTries 2"])
        let keys = try keys(["a", "b", "id"], on: server)
        let result = try await outcome(server, ["true"]) { $0.credentials = SSHCredentials(keys: keys) }
        let error = #expect(throws: SSHError.self) { try result.get() }
        #expect(error?.code == .hungUpOnLogin)
        #expect(error?.message.contains("after 2 keys") ?? false, "\(String(describing: error))")
        #expect(
            error?.message.contains("not offered: \(server.scratch.path("id"))") ?? false,
            "\(String(describing: error))")
        #expect(error?.remedy.contains("MaxAuthTries") ?? false)
    }

    @Test(arguments: ["publickey,password", "publickey,publickey"])
    func `a host that wants more than a key says what`(methods: String) async throws {
        let server = try await server(["AuthenticationMethods \(methods)", "PasswordAuthentication yes"])
        let error = await #expect(throws: SSHError.self) { try await outcome(server, ["true"]).get() }
        #expect(error?.code == (methods.hasSuffix("password") ? .moreFactorsWanted : .authenticationRefused))
        #expect(error?.message.contains("accepted the key") ?? false, "\(String(describing: error))")
        #expect(error?.remedy.contains("Match User") ?? false)
    }

    @Test func `two keys are enough for a host that wants two`() async throws {
        let server = try await server(["AuthenticationMethods publickey,publickey"])
        let keys = try keys(["a", "id"], on: server)
        try server.scratch.write(
            try server.scratch.read("a.pub") + server.scratch.read("id.pub"), to: "authorized_keys")
        let result = try await outcome(server, ["echo", "in"]) { $0.credentials = SSHCredentials(keys: keys) }
        #expect(try result.get().standardOutput == Array("in\n".utf8))
    }

    @Test func `a banner that libssh2 cannot take is named as what it is`() async throws {
        let scratch = try Scratch()
        try scratch.write(String(repeating: "a banner\n", count: 19_000), to: "banner")
        let server = try await server(["Banner \(scratch.path("banner"))"])
        let error = await #expect(throws: SSHError.self) { try await outcome(server, ["true"]).get() }
        #expect(error?.message.contains("banner") ?? false, "\(String(describing: error))")
        #expect(error?.remedy.contains("Banner none") ?? false)
    }

    // MARK: Output of a command that does not end

    @Test func `output before the time limit is delivered, and the command is reported as possibly running`()
        async throws
    {
        let server = try await server()
        let heard = Heard()
        let session = try await SSHSession.connect(to: try server.target())
        let error = await #expect(throws: SSHError.self) {
            try await session.execute(
                ["sh", "-c", "echo step1 done; echo warned >&2; sleep 30"], until: .now + .seconds(3),
                receive: { stream, bytes in heard.take(stream, bytes) })
        }
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("may still be running there") ?? false)
        #expect(heard.text == ["step1 done\n", "warned\n"])
    }
}

/// What a command has written so far.
private final class Heard: @unchecked Sendable {
    // @unchecked: written on the reactor's thread, read when the command is over.
    private var output: [UInt8] = []
    private var errors: [UInt8] = []

    func take(_ stream: SSH.OutputStream, _ bytes: ArraySlice<UInt8>) {
        if stream == .standardOutput { output += bytes } else { errors += bytes }
    }

    var text: [String] { [output, errors].map { String(decoding: $0, as: UTF8.self) } }
}
