// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Whom we talk to, and who we say we are: against a real sshd, whose log tells what it saw.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct TrustTests {
    private func failure(_ target: SSHTarget, _ timeouts: SSHTimeouts = SSHTimeouts()) async -> SSHError? {
        do throws(SSHError) {
            await (try await SSHSession.connect(to: target, timeouts: timeouts)).close()
            return nil
        } catch {
            return error
        }
    }

    private func strangeKey(_ server: LocalSSHD) throws -> String {
        try LocalSSHD.makeKey("other", "ed25519", in: server.scratch)
        return try String(server.scratch.read("other.pub").split(separator: " ")[1])
    }

    /// The log is written by the server's own time; it says "Connection closed" when it has seen the last of us.
    private func logAfterClose(_ server: LocalSSHD) async throws -> String {
        for _ in 0..<500
        where !server.log.contains("closed by") && !server.log.contains("Received disconnect")
            && !server.log.contains("reset by")
        { try await Task.sleep(for: .milliseconds(10)) }
        return server.log
    }

    @Test func `an unknown host key is shown, and no login is tried`() async throws {
        let server = try await LocalSSHD()
        let error = await failure(try server.target { $0.knownHosts = KnownHosts(files: ["/etc/none"]) })
        #expect(error?.code == .hostKeyUnknown)
        #expect(error?.stage == .hostKey)
        #expect(error?.message.contains("SHA256:") == true)
        #expect(error?.message.contains("/etc/none") == true)
        #expect(error?.commands.last == "macha hosts trust lab")
        let log = try await logAfterClose(server)
        #expect(!log.contains("publickey") && !log.contains("Accepted") && !log.contains("Failed"))
    }

    @Test func `a changed host key shows both fingerprints and the line, and no login is tried`() async throws {
        let server = try await LocalSSHD()
        let other = try strangeKey(server)
        let target = try server.target { target in
            target.knownHosts = KnownHosts()
            target.knownHosts.add("[127.0.0.1]:\(server.port) ssh-ed25519 \(other)", file: "hosts.txt", line: 12)
        }
        let error = await failure(target)
        #expect(error?.code == .hostKeyChanged)
        #expect(error?.message.contains("hosts.txt:12") == true)
        #expect(error?.message.components(separatedBy: "SHA256:").count == 3)
        let log = try await logAfterClose(server)
        #expect(!log.contains("publickey") && !log.contains("Accepted") && !log.contains("Failed"))
    }

    @Test func `a revoked host key is refused, and no login is tried`() async throws {
        let server = try await LocalSSHD()
        let target = try server.target { target in
            let line = (try? server.knownHostsLine()) ?? ""
            target.knownHosts.add("@revoked \(line)", file: "hosts.txt", line: 3)
        }
        let error = await failure(target)
        #expect(error?.code == .hostKeyRevoked)
        #expect(!(try await logAfterClose(server)).contains("publickey"))
    }

    @Test func `the key type on file is asked for, whatever the server would rather show`() async throws {
        var options = LocalSSHD.Options()
        options.hostKeys = ["ed25519", "ecdsa"]
        let server = try await LocalSSHD(options)
        let target = try server.target { target in
            target.knownHosts = KnownHosts()
            target.knownHosts.add((try? server.knownHostsLine("ecdsa")) ?? "", file: "hosts.txt", line: 1)
        }
        let session = try await SSHSession.connect(to: target)
        #expect(await session.details?.hostKey.type == "ecdsa-sha2-nistp256")
        await session.close()
    }

    @Test func `a key the host does not know is refused with the remedy`() async throws {
        let server = try await LocalSSHD()
        _ = try strangeKey(server)
        let key = try PrivateKey.load(path: server.scratch.path("other"))
        let error = await failure(try server.target { $0.credentials = SSHCredentials(keys: [key]) })
        #expect(error?.code == .authenticationRefused)
        #expect(error?.stage == .authentication)
        #expect(error?.message.contains(server.scratch.path("other")) == true)
        #expect(error?.remedy.contains("authorized_keys") == true)
    }

    @Test func `the second of two keys gets in, and is named`() async throws {
        let server = try await LocalSSHD()
        _ = try strangeKey(server)
        let keys = try ["other", "id"].map { try PrivateKey.load(path: server.scratch.path($0)) }
        let session = try await SSHSession.connect(
            to: try server.target { $0.credentials = SSHCredentials(keys: keys) })
        #expect(await session.details?.identity == server.scratch.path("id"))
        await session.close()
    }

    @Test(.enabled(if: which("ssh-agent") != nil)) func `ssh-agent signs, also with a key that is encrypted on disk`()
        async throws
    {
        let server = try await LocalSSHD()
        let agent = try await LocalAgent(in: server.scratch)
        try agent.add(server.scratch.path("id"))
        let target = try server.target { $0.credentials = SSHCredentials(agentSocket: agent.socket) }
        let session = try await SSHSession.connect(to: target)
        #expect(await session.details?.identity == "ssh-agent: id")
        await session.close()
    }

    @Test(.enabled(if: which("ssh-agent") != nil))
    func `an agent that does not answer makes the login run out of time, and is no refusal of the host`() async throws {
        let server = try await LocalSSHD()
        let agent = try await LocalAgent(in: server.scratch)
        agent.fallSilent()
        var timeouts = SSHTimeouts()
        timeouts.authentication = .milliseconds(200)
        let target = try server.target { $0.credentials = SSHCredentials(agentSocket: agent.socket) }
        let error = await failure(target, timeouts)
        #expect(error?.code == .timedOut)
        #expect(error?.stage == .authentication)
    }

    @Test func `an agent that is not there is part of the explanation`() async throws {
        let server = try await LocalSSHD()
        let error = await failure(
            try server.target { $0.credentials = SSHCredentials(agentSocket: "/nonexistent/agent") })
        #expect(error?.code == .authenticationRefused)
        #expect(error?.message.contains("/nonexistent/agent") == true)
    }

    @Test func `an encrypted key file is refused with the way out`() throws {
        let scratch = try Scratch()
        try LocalSSHD.makeKey("locked", "ed25519", passphrase: "secret words", in: scratch)
        let failure = #expect(throws: PrivateKey.Failure.self) { try PrivateKey.load(path: scratch.path("locked")) }
        #expect(failure?.reason.contains("ssh-add") == true)
    }

    @Test(arguments: ["", "not a key\n", "ssh-ed25519 AAAA public\n"])
    func `a file that is no private key is refused`(contents: String) throws {
        let scratch = try Scratch()
        let path = try scratch.write(contents, to: "key")
        #expect(throws: PrivateKey.Failure.self) { try PrivateKey.load(path: path) }
    }
}
