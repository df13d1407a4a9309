// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Sockets that take a part of most packets, or nothing for a while, so that all else that is said meets a packet half sent.
/// MACHA_NARROW asks for more rounds.
@Suite(
    .enabled(if: LocalSSHD.isAvailable && compiler != nil, "needs OpenSSH's server and cc"), .timeLimit(.minutes(60)))
struct NarrowSocketTests {
    private static let sessions = 6

    private static var rounds: Int { OwnProcess.number("MACHA_NARROW", or: 2) }

    @Test(.disabled(if: OwnProcess.isAlone))
    func `packets that leave in parts arrive whole`() async throws {
        let scratch = try Scratch("macha-narrow")
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Lab/stingy/send.c").path
        try run(compiler ?? "cc", ["-shared", "-fPIC", "-o", scratch.path("send.so"), source, "-ldl"])
        let (status, output) = try await OwnProcess.runAlone(
            "NarrowSocketTests/`alone", environment: ["LD_PRELOAD": scratch.path("send.so")])
        #expect(status == 0, "\(output)")
    }

    /// New keys are a conversation that begins in the middle of another, and wants answers at once.
    @Test(.enabled(if: OwnProcess.isAlone), arguments: [[], ["RekeyLimit 64K"]])
    func `alone: both ways at once`(settings: [String]) async throws {
        let server = try await Self.server(settings)
        let session = try await SSHSession.connect(to: try server.target())
        try await Self.echo(session, 3, rounds: Self.rounds)
        await session.close()
    }

    @Test(.enabled(if: OwnProcess.isAlone), arguments: [[], ["RekeyLimit 256K"]])
    func `alone: through two jump hosts that many sessions share`(settings: [String]) async throws {
        let (first, second, last) = (
            try await Self.server(settings), try await Self.server(settings), try await Self.server(settings)
        )
        let outer = JumpHost(try first.target { $0.name = "outer" }, patience: .seconds(600))
        let inner = JumpHost(try second.target { $0.name = "inner" }, patience: .seconds(600)) {
            (target) async throws(SSHError) in
            try await SSHSession.connect(to: target, through: outer)
        }
        let (target, rounds) = (try last.target(), Self.rounds)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.sessions {
                group.addTask {
                    let session = try await SSHSession.connect(to: target, through: inner)
                    try await Self.echo(session, number, rounds: rounds)
                    await session.close()
                }
            }
            // Meanwhile connections come and go, politely and not.
            group.addTask {
                for round in 0..<rounds {
                    let session = try await SSHSession.connect(to: target, through: inner)
                    _ = try await session.execute(["true"], until: .now + .seconds(300))
                    if round.isMultiple(of: 2) { await session.forceClose() } else { await session.close() }
                }
            }
            try await group.waitForAll()
        }
        #expect(await outer.sessionCount == 1)
        #expect(await inner.sessionCount == 1)
    }

    private static func server(_ settings: [String]) async throws -> LocalSSHD {
        var options = LocalSSHD.Options()
        options.settings = settings
        return try await LocalSSHD(options)
    }

    /// Sends bytes that tell a shift, a loss and an exchange of two sessions, and expects them back.
    private static func echo(_ session: SSHSession, _ number: Int, rounds: Int) async throws {
        for round in 0..<rounds {
            let input = (0..<(150_000 + 40_000 * number)).map {
                UInt8(truncatingIfNeeded: ($0 &* 31 >> 3) ^ (round * sessions + number))
            }
            let result = try await session.execute(["cat"], input: input, until: .now + .seconds(300))
            #expect(result.standardOutput == input)
            #expect(result.outcome == .status(0))
        }
    }
}

private let compiler = which("cc") ?? which("clang")
