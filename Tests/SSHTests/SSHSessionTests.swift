// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import MachaTestSupport
import SSH
import Testing

/// Conversations with a real sshd.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(10)))
struct SSHSessionTests {
    private static let minute = Duration.seconds(60)
    private var soon: ContinuousClock.Instant { .now + Self.minute }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `output, errors and exit status arrive apart`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let result = try await session.execute(["sh", "-c", "echo out; echo err >&2; exit 7"], until: soon)
        #expect(text(result.standardOutput) == "out\n")
        #expect(text(result.standardError) == "err\n")
        #expect(result.outcome == .status(7))
        #expect(result.cut == nil)
        await session.close()
    }

    @Test func `standard input of any size and content arrives whole`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let result = try await session.execute(["cat"], input: input, until: soon)
        #expect(result.standardOutput == input)
        await session.close()
    }

    /// The end of the input goes with the command. Were it to come before it, as could be while keys are exchanged again, `cat`
    /// would wait for ever.
    @Test(arguments: [[], ["RekeyLimit 1K"]]) func `a command without input gets its end of file`(settings: [String])
        async throws
    {
        var options = LocalSSHD.Options()
        options.settings = settings
        let server = try await LocalSSHD(options)
        let session = try await SSHSession.connect(to: try server.target())
        for number in 0..<40 {
            let result = try await session.execute(["sh", "-c", "cat; echo \(number)"], until: soon)
            #expect(text(result.standardOutput) == "\(number)\n")
        }
        await session.close()
    }

    /// Its output is over before it is.
    @Test func `a command that closes its output is waited for`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let result = try await session.execute(["sh", "-c", "echo out; exec >&- 2>&-; sleep 1; exit 7"], until: soon)
        #expect(text(result.standardOutput) == "out\n")
        #expect(result.outcome == .status(7))
        await session.close()
    }

    @Test func `a command that does not read its input still returns its output`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let result = try await session.execute(
            ["sh", "-c", "echo early"], input: [UInt8](repeating: 1, count: 4_000_000), until: soon)
        #expect(text(result.standardOutput) == "early\n")
        await session.close()
    }

    @Test func `a session runs many commands at the same time`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let deadline = soon
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<30 {
                group.addTask {
                    let result = try await session.execute(["echo", "\(number)"], until: deadline)
                    return String(decoding: result.standardOutput, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<30).map { "\($0)\n" }))
        #expect(server.log.components(separatedBy: "Accepted publickey").count == 2)
        await session.close()
    }

    @Test func `a command ended by a signal says which`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let result = try await session.execute(["sh", "-c", "kill -KILL $$"], until: soon)
        #expect(result.outcome == .signal("KILL"))
        await session.close()
    }

    @Test func `output beyond the limit is cut and said to be cut`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let result = try await session.execute(["yes"], limit: OutputLimit(standardOutput: 100_000), until: soon)
        #expect(result.cut == .standardOutput)
        #expect(result.standardOutput.count == 100_000)
    }

    @Test func `output is delivered as it arrives`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let (pieces, heard) = AsyncStream.makeStream(of: String.self)
        let script = "echo first; read line; echo second"
        // The command's second line depends on input that ends only after the command has begun to speak.
        async let result = session.execute(["sh", "-c", script], input: Array("go\n".utf8), until: soon) {
            heard.yield(String(decoding: $1, as: UTF8.self))
        }
        #expect(text(try await result.standardOutput) == "first\nsecond\n")
        heard.finish()
        var all = ""
        for await piece in pieces { all += piece }
        #expect(all == "first\nsecond\n")
        await session.close()
    }

    @Test func `a hanging command ends by its deadline, with the stage named, and ends the session`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let error = await #expect(throws: SSHError.self) {
            _ = try await session.execute(["tail", "-f", "/dev/null"], until: .now + .milliseconds(200))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.stage == .exec)
        await #expect(throws: SSHError.self) { _ = try await session.execute(["true"], until: soon) }
        #expect(await !session.isUsable)
    }

    @Test func `a command that never stops writing ends by its deadline, though its socket is always ready`()
        async throws
    {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let error = await #expect(throws: SSHError.self) {
            // AnalysisObserver is slower than the command's writing, so there is always something to read.
            _ = try await session.execute(
                ["yes"], limit: OutputLimit(standardOutput: 200 << 20), until: .now + .milliseconds(300)
            ) { _, _ in usleep(1000) }
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `a command that never stops writing leaves other hosts their turn, and can be cancelled`() async throws {
        let (flooding, healthy) = (try await LocalSSHD(), try await LocalSSHD())
        let flood = try await SSHSession.connect(to: try flooding.target())
        let session = try await SSHSession.connect(to: try healthy.target())
        let deadline = soon
        let started = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await flood.execute(["yes"], limit: OutputLimit(standardOutput: 300 << 20), until: deadline) { _, _ in
                usleep(1000)
                started.continuation.yield()
            }
        }
        for await _ in started.stream { break }
        #expect(try await session.execute(["echo", "still here"], until: deadline).outcome == .status(0))
        task.cancel()
        let outcome = await task.result
        let error = #expect(throws: SSHError.self) { try outcome.get() }
        #expect(error?.code == .cancelled)
        await session.close()
    }

    /// A command without an end, known to be running.
    private func endlessCommand(on session: SSHSession) async -> Task<ExecResult, any Error> {
        let deadline = soon
        let started = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await session.execute(["sh", "-c", "echo go; exec tail -f /dev/null"], until: deadline) { _, _ in
                started.continuation.yield()
            }
        }
        for await _ in started.stream { break }
        return task
    }

    @Test func `cancelling the task ends a command at once`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let task = await endlessCommand(on: session)
        task.cancel()
        let outcome = await task.result
        #expect(throws: SSHError.self) { try outcome.get() }
    }

    @Test func `a forced close wakes the callers that wait for a command`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let task = await endlessCommand(on: session)
        await session.forceClose()
        let outcome = await task.result
        let error = #expect(throws: SSHError.self) { try outcome.get() }
        #expect(error?.code == .closed)
    }

    @Test func `words arrive as they were given`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let odd = [
            "", " ", "a b", "'", "\"", "\\", "\\\\'", "$HOME", "`id`", "$(id)", "a\nb", "*", "~", "-n", "é漢🙂", "!x",
            "\u{1b}[31m",
            "a'b\\c'd", "=ls", "{a,b}", ";", "&", "|", ">", "#",
        ]
        let result = try await session.execute(["printf", "%s\\0"] + odd, until: soon)
        let words = result.standardOutput.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(words.map { String(decoding: $0, as: UTF8.self) } == odd)
        await session.close()
    }

    @Test func `random words arrive as they were given`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        var random = SeededRandom(seed: 20_260_101)
        for _ in 0..<50 {
            let words = (0..<20).map { _ in
                String(
                    String.UnicodeScalarView(
                        (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                            Unicode.Scalar(UInt8.random(in: 1...127, using: &random))
                        }))
            }
            let result = try await session.execute(["printf", "%s\\0"] + words, until: soon)
            let back = result.standardOutput.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            #expect(back.map { String(decoding: $0, as: UTF8.self) } == words)
        }
        await session.close()
    }

    @Test func `IPv6 works, also with the zone-less loopback`() async throws {
        var options = LocalSSHD.Options()
        options.listen = "::1"
        let server = try await LocalSSHD(options)
        let session = try await SSHSession.connect(to: try server.target())
        #expect(await session.details?.address == "::1")
        await session.close()
    }

    @Test func `a name with several addresses is tried in order`() async throws {
        // localhost is ::1 and 127.0.0.1 on most machines; the server listens on the second only.
        let server = try await LocalSSHD()
        let target = try server.target { target in
            target.address = "localhost"
            target.knownHosts = KnownHosts()
            target.knownHosts.add(
                (try? server.knownHostsLine())?.replacingOccurrences(of: "127.0.0.1", with: "localhost") ?? "",
                file: "known_hosts", line: 1)
        }
        let session = try await SSHSession.connect(to: target)
        #expect(await session.details?.address == "127.0.0.1")
        await session.close()
    }

    @Test func `descriptors are given back`() async throws {
        let server = try await LocalSSHD()
        let target = try server.target()
        func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        await (try await SSHSession.connect(to: target)).close()
        // Other tests run beside this one, so many sessions must show, not one.
        let before = try open()
        for _ in 0..<60 {
            let session = try await SSHSession.connect(to: target)
            _ = try await session.execute(["true"], until: soon)
            await session.forceClose()
        }
        #expect(try open() < before + 40)
    }
}
