// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import MachaTestSupport
import SSH
import Testing

/// Hosts behind other hosts: real servers on both sides, whose logs tell who came by which way.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct JumpHostTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(300) }

    /// A server that logs the connections it makes for others.
    private static func jumpServer(_ settings: [String] = []) async throws -> LocalSSHD {
        var options = LocalSSHD.Options()
        options.settings = ["LogLevel DEBUG1"] + settings
        return try await LocalSSHD(options)
    }

    private func logins(_ server: LocalSSHD) -> Int { count("Accepted publickey", in: server) }

    private func count(_ text: String, in server: LocalSSHD) -> Int {
        server.log.components(separatedBy: text).count - 1
    }

    private func jump(_ server: LocalSSHD, name: String = "bastion", through before: JumpHost? = nil) throws -> JumpHost
    {
        JumpHost(try server.target { $0.name = name }) { (target) async throws(SSHError) in
            try await SSHSession.connect(to: target, through: before)
        }
    }

    private func failure(
        _ target: SSHTarget, _ jump: JumpHost, _ timeouts: SSHTimeouts = SSHTimeouts()
    ) async -> SSHError? {
        do throws(SSHError) {
            await (try await SSHSession.connect(to: target, timeouts: timeouts, through: jump)).close()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a command runs on a host behind a jump host, which makes the connection`() async throws {
        let (first, last) = (try await Self.jumpServer(), try await LocalSSHD())
        let session = try await SSHSession.connect(to: try last.target(), through: try jump(first))
        let result = try await session.execute(["sh", "-c", "echo out; echo err >&2; exit 7"], until: soon)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "out\n")
        #expect(result.outcome == .status(7))
        #expect(await session.details?.address == "127.0.0.1 through bastion")
        #expect(count("target 127.0.0.1 port \(last.port)", in: first) == 1)
        #expect(logins(last) == 1)
        await session.close()
    }

    @Test func `a chain of two jump hosts works, each with its own key and login`() async throws {
        let (first, second, last) = (
            try await Self.jumpServer(), try await Self.jumpServer(), try await LocalSSHD()
        )
        let outer = try jump(first, name: "outer")
        let inner = try jump(second, name: "inner", through: outer)
        let session = try await SSHSession.connect(to: try last.target(), through: inner)
        #expect(try await session.execute(["true"], until: soon).outcome == .status(0))
        #expect(count("target 127.0.0.1 port \(second.port)", in: first) == 1)
        #expect(count("target 127.0.0.1 port \(last.port)", in: second) == 1)
        await session.close()
    }

    @Test func `bytes of any number and value come whole through two jump hosts`() async throws {
        let (first, second, last) = (try await LocalSSHD(), try await LocalSSHD(), try await LocalSSHD())
        let inner = try jump(second, through: try jump(first))
        let session = try await SSHSession.connect(to: try last.target(), through: inner)
        let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let output = try await session.execute(["cat"], input: input, until: soon).standardOutput
        #expect(output == input)
        await session.close()
    }

    @Test func `a jump host carries more than it may send in vain`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let session = try await SSHSession.connect(to: try last.target(), through: try jump(first))
        for _ in 0..<3 {
            let result = try await session.execute(["head", "-c", "2900000", "/dev/zero"], until: soon)
            #expect(result.standardOutput.count == 2_900_000)
        }
        await session.close()
    }

    @Test func `fifty hosts go through one connection to their jump host`() async throws {
        let (first, last) = (try await Self.jumpServer(), try await LocalSSHD())
        // However long a busy machine takes for an answer, nobody goes round another.
        let jump = JumpHost(try first.target(), patience: .seconds(600))
        let (target, deadline) = (try last.target(), soon)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let session = try await SSHSession.connect(to: target, through: jump)
                    let result = try await session.execute(["echo", "\(number)"], until: deadline)
                    await session.close()
                    return String(decoding: result.standardOutput, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<50).map { "\($0)\n" }))
        #expect(count("target 127.0.0.1 port \(last.port)", in: first) == 50)
        #expect(first.connections == 1)
    }

    @Test func `a jump host with an unknown key is named, and no login is tried there`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let stranger = JumpHost(
            try first.target {
                $0.name = "bastion"
                $0.knownHosts = KnownHosts()
            })
        let error = await failure(try last.target(), stranger)
        #expect(error?.host == "lab")
        #expect(error?.stage == .connect)
        #expect(error?.message.contains("lab is behind the jump host bastion") == true)
        #expect(error?.message.contains("SHA256:") == true)
        #expect(error?.commands.last == "macha hosts trust bastion")
        #expect(!first.log.contains("publickey") && logins(last) == 0)
    }

    @Test func `a host behind a jump host with a changed key is sent nothing`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let known = try first.knownHostsLine().replacingOccurrences(of: "\(first.port)", with: "\(last.port)")
        let error = await failure(
            try last.target {
                $0.knownHosts = KnownHosts()
                $0.knownHosts.add(known, file: "hosts.txt", line: 3)
            }, try jump(first))
        #expect(error?.code == .hostKeyChanged)
        #expect(!last.log.contains("publickey"))
    }

    @Test func `a jump host that may not forward says so, with the remedy`() async throws {
        let (first, last) = (try await LocalSSHD.forbidding(), try await LocalSSHD())
        let error = await failure(try last.target(), try jump(first))
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("bastion does not allow a connection to 127.0.0.1 port \(last.port)") == true)
        #expect(error?.remedy.contains("AllowTcpForwarding") == true)
    }

    @Test func `a closed port behind a jump host is not blamed on the jump host`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let port = try Loopback.freePort()
        let error = await failure(try last.target { $0.port = port }, try jump(first))
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("bastion cannot connect to 127.0.0.1 port \(port)") == true)
    }

    @Test func `a silent host behind a jump host times out and delays no other`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let (jump, hole) = (try jump(first), try Loopback.BlackHole())
        var timeouts = SSHTimeouts()
        timeouts.connect = .seconds(20)
        let (target, deadline) = (try last.target(), soon)
        let dead = try last.target { $0.port = hole.port }
        let silent = Task { [timeouts] in await failure(dead, jump, timeouts) }
        while await jump.sessionCount == 0 { await Task.yield() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    let session = try await SSHSession.connect(to: target, through: jump)
                    #expect(try await session.execute(["true"], until: deadline).outcome == .status(0))
                    await session.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(await jump.sessionCount <= 2)
        let error = await silent.value
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("bastion got no answer from 127.0.0.1 port \(hole.port)") == true)
    }

    @Test func `a jump host that is lost ends the commands behind it, with its name`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let session = try await SSHSession.connect(to: try last.target(), through: try jump(first))
        let deadline = soon
        let started = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await session.execute(["sh", "-c", "echo go; exec tail -f /dev/null"], until: deadline) { _, _ in
                started.continuation.yield()
            }
        }
        for await _ in started.stream { break }
        try first.cutConnections()
        let outcome = await task.result
        let error = #expect(throws: SSHError.self) { try outcome.get() }
        #expect(error?.code == .connectionLost)
        #expect(error?.message.contains("(through bastion)") == true, "\(error.debugDescription)")
    }

    @Test func `descriptors are given back by sessions behind a jump host`() async throws {
        let (first, last) = (try await LocalSSHD(), try await LocalSSHD())
        let (jump, target) = (try jump(first), try last.target())
        func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        await (try await SSHSession.connect(to: target, through: jump)).close()
        let before = try open()
        for _ in 0..<40 {
            let session = try await SSHSession.connect(to: target, through: jump)
            _ = try await session.execute(["true"], until: soon)
            await session.forceClose()
        }
        #expect(try open() < before + 30)
    }
}

extension LocalSSHD {
    fileprivate static func forbidding() async throws -> LocalSSHD {
        var options = Options()
        options.settings = ["AllowTcpForwarding no"]
        return try await LocalSSHD(options)
    }
}
