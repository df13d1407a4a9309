// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Many logins at once, and logins that are refused: what the server's side sees of it.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct LoginLimitsTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    private func server(_ settings: String...) async throws -> LocalSSHD {
        var options = LocalSSHD.Options()
        options.settings = settings
        return try await LocalSSHD(options)
    }

    private func count(_ text: String, in server: LocalSSHD) -> Int {
        server.log.components(separatedBy: text).count - 1
    }

    private func connect(_ number: Int, to target: SSHTarget, _ limits: LoginLimits) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<number {
                group.addTask { await (try await limits.connect(to: target)).close() }
            }
            try await group.waitForAll()
        }
    }

    private func failure(_ target: SSHTarget, _ limits: LoginLimits) async -> SSHError? {
        do throws(SSHError) {
            await (try await limits.connect(to: target)).close()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a server with sshd's defaults admits a storm of logins from one address`() async throws {
        let server = try await server("MaxStartups 10:30:100")
        try await connect(40, to: try server.target(), LoginLimits())
        #expect(count("Accepted publickey", in: server) >= 40)
    }

    /// Counted by a listener and not in sshd's log: sshd frees a place some time after the client knows of its success, so
    /// that on a busy machine it counts more logins than are under way.
    @Test func `a storm of logins at one address stays below MaxStartups' default`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let connections = listener.hold(untilOpen: 8)
        let target = SSHTarget(
            name: "nas", address: "127.0.0.1", port: listener.port, user: "macha", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
        let limits = LoginLimits()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { #expect(await failure(target, limits)?.code == .notSSH) } }
        }
        #expect(connections.most == 8)
        #expect(connections.total == 40 * 4)
    }

    @Test func `a server that drops connections for want of places is tried again`() async throws {
        let server = try await server("MaxStartups 3:100:3")
        try await connect(8, to: try server.target(), LoginLimits())
        // The server did drop some, or nothing was shown here.
        #expect(server.log.contains("MaxStartups"))
    }

    @Test(arguments: [("Exceeded MaxStartups\r\n", "MaxStartups"), ("", "before its SSH banner")])
    func `a server that only ever drops connections is given up after a few attempts`(line: String, words: String)
        async throws
    {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let connections = listener.serve(Array(line.utf8))
        let target = SSHTarget(
            name: "nas", address: "127.0.0.1", port: listener.port, user: "macha", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
        let error = await failure(target, LoginLimits())
        #expect(error?.code == .notSSH)
        #expect(error?.message.contains(words) == true)
        #expect(connections.count == 4)
    }

    @Test func `a penalized address is not retried, and the server's message is understood`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let connections = listener.serve(Array("Not allowed at this time\r\n".utf8))
        let target = SSHTarget(
            name: "nas", address: "127.0.0.1", port: listener.port, user: "macha", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
        let (limits, began) = (LoginLimits(), ContinuousClock.now)
        for _ in 0..<3 {
            let error = await failure(target, limits)
            #expect(error?.code == .authenticationRefused)
            #expect(error?.message.contains("PerSourcePenalties") == true)
        }
        #expect(connections.count == 1 || Self.isOverdue(since: began))
    }

    /// The address rests for a minute: on a machine on which that has passed meanwhile, to knock again is right.
    private static func isOverdue(since began: ContinuousClock.Instant) -> Bool { .now - began >= .seconds(60) }

    @Test func `a refused login is counted once on the server, however often it is asked for`() async throws {
        let server = try await server()
        try server.scratch.write("", to: "authorized_keys")
        let (target, limits, began) = (try server.target(), LoginLimits(), ContinuousClock.now)
        for _ in 0..<5 { #expect(await failure(target, limits)?.code == .authenticationRefused) }
        #expect((server.connections == 1 && count("Failed publickey", in: server) <= 1) || Self.isOverdue(since: began))
    }

    @Test func `a refusal at one address is none at another`() async throws {
        let (closed, open) = (try await server(), try await server())
        try closed.scratch.write("", to: "authorized_keys")
        let limits = LoginLimits()
        #expect(await failure(try closed.target(), limits)?.code == .authenticationRefused)
        #expect(await failure(try open.target(), limits) == nil)
    }

    @Test func `commands wait for their turn when the server allows one at a time`() async throws {
        let server = try await server("MaxSessions 1")
        let session = try await SSHSession.connect(to: try server.target())
        let deadline = soon
        try await withThrowingTaskGroup(of: ExitOutcome.self) { group in
            for _ in 0..<12 { group.addTask { try await session.execute(["true"], until: deadline).outcome } }
            for try await outcome in group { #expect(outcome == .status(0)) }
        }
        await session.close()
    }

    @Test func `a server that allows no commands says so in bounded time, and the session lives on`() async throws {
        let server = try await server("MaxSessions 0")
        let session = try await SSHSession.connect(to: try server.target())
        let error = await #expect(throws: SSHError.self) { _ = try await session.execute(["true"], until: soon) }
        #expect(error?.code == .channelRefused)
        #expect(error?.mayReconnect == true)
        #expect(error?.remedy.contains("MaxSessions") == true)
        #expect(await session.isUsable)
        await session.close()
    }
}

/// Agents with many keys, and what is offered of them.
@Suite(
    .enabled(if: LocalSSHD.isAvailable && which("ssh-agent") != nil, "needs OpenSSH's server and agent"),
    .timeLimit(.minutes(10)))
struct AgentOfManyKeysTests {
    /// A server, and an agent with nine keys it does not know before the one it does.
    private func setUp() async throws -> (LocalSSHD, LocalAgent) {
        let server = try await LocalSSHD()
        let agent = try await LocalAgent(in: server.scratch)
        for number in 0..<9 {
            try LocalSSHD.makeKey("wrong\(number)", "ed25519", in: server.scratch)
            try agent.add(server.scratch.path("wrong\(number)"))
        }
        try agent.add(server.scratch.path("id"))
        return (server, agent)
    }

    private func identity(_ target: SSHTarget) async throws -> String? {
        let session = try await SSHSession.connect(to: target)
        defer { Task { await session.close() } }
        return await session.details?.identity
    }

    @Test func `a login stops before the server disconnects, and lists the keys not offered`() async throws {
        let (server, agent) = try await setUp()
        let target = try server.target { $0.credentials = SSHCredentials(agentSocket: agent.socket) }
        let error = await #expect(throws: SSHError.self) { _ = try await identity(target) }
        #expect(error?.code == .authenticationRefused)
        #expect(error?.message.contains("wrong0: refused") == true)
        #expect(error?.message.contains("5 more keys of ssh-agent were not offered") == true)
        let said = error?.message ?? ""
        let left = said.split(separator: "not offered").last ?? ""
        #expect(left.contains("wrong5") && left.contains("ssh-agent: id") && !left.contains("wrong4"), "\(said)")
        #expect(!server.log.contains("Too many authentication failures"))
    }

    @Test func `the key whose identity is configured goes first, also when its file is encrypted`() async throws {
        let (server, agent) = try await setUp()
        try LocalSSHD.makeKey("locked", "ed25519", passphrase: "secret words", in: server.scratch)
        try server.scratch.write(try server.scratch.read("locked.pub"), to: "authorized_keys")
        // The key in clear goes into the agent; the file on disk stays encrypted.
        let clear = server.scratch.path("clear")
        try FileManager.default.copyItem(atPath: server.scratch.path("locked"), toPath: clear)
        try run(which("ssh-keygen") ?? "", ["-q", "-p", "-P", "secret words", "-N", "", "-f", clear])
        try agent.add(clear)
        let path = server.scratch.path("locked")
        for isOnly in [false, true] {
            let target = try server.target { target in
                target.credentials = SSHCredentials(agentSocket: agent.socket)
                target.credentials.preferred = [PrivateKey.publicKey(path: path) ?? []]
                target.credentials.identitiesOnly = isOnly
            }
            #expect(try await identity(target) == "ssh-agent: locked")
        }
        #expect(!server.log.contains("Failed publickey"))
    }

    @Test func `IdentitiesOnly offers nothing else`() async throws {
        let (server, agent) = try await setUp()
        let target = try server.target { target in
            target.credentials = SSHCredentials(agentSocket: agent.socket)
            target.credentials.preferred = [PrivateKey.publicKey(path: server.scratch.path("wrong3")) ?? []]
            target.credentials.identitiesOnly = true
        }
        let error = await #expect(throws: SSHError.self) { _ = try await identity(target) }
        #expect(error?.message.contains("wrong3: refused") == true)
        #expect(error?.message.contains("9 other keys of ssh-agent were not offered (IdentitiesOnly)") == true)
    }

    @Test func `the public half of a key is read from each kind of file`() throws {
        let scratch = try Scratch()
        try LocalSSHD.makeKey("locked", "ed25519", passphrase: "secret words", in: scratch)
        let locked = try #require(PrivateKey.publicKey(path: scratch.path("locked")))
        #expect(HostKey(locked)?.type == "ssh-ed25519")
        #expect(PrivateKey.publicKey(path: scratch.path("locked.pub")) == locked)
        try FileManager.default.removeItem(atPath: scratch.path("locked.pub"))
        #expect(PrivateKey.publicKey(path: scratch.path("locked")) == locked)
        #expect(PrivateKey.publicKey(path: scratch.path("gone")) == nil)
    }
}
