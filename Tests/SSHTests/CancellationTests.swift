// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Tasks that are cancelled at any moment. The moment is a number of bytes on the connection, so no clock chooses it.
/// MACHA_CANCELLATIONS asks for more of them.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(30)))
struct CancellationTests {
    private enum Work: CaseIterable {
        case connect, command, output, input

        /// As many bytes as the work moves, about; a moment behind the end lets it end.
        var bytes: Int {
            switch self {
            case .connect: 6_000
            case .command: 800
            case .output: 3_000_000
            case .input: 3_000_000
            }
        }
    }

    @Test(.disabled(if: OwnProcess.isAlone))
    func `a task cancelled at any moment leaves nothing behind, and the next command works`() async throws {
        let (status, output) = try await OwnProcess.runAlone("CancellationTests/`alone")
        #expect(status == 0, "\(output)")
    }

    @Test(.enabled(if: OwnProcess.isAlone)) func `alone: tasks cancelled at any moment`() async throws {
        let server = try await LocalSSHD()
        let link = try LoopbackLink(to: server.port)
        var dice = SeededRandom(seed: 3)
        try await Self.cancel(.connect, after: 1, link, server)
        try await Self.drain(link)
        let before = try OwnProcess.descriptors()
        for number in 1...OwnProcess.number("MACHA_CANCELLATIONS", or: 80) {
            let work = Work.allCases.randomElement(using: &dice) ?? .connect
            try await Self.cancel(work, after: .random(in: 1...work.bytes, using: &dice), link, server)
            if number.isMultiple(of: 20) { try await Self.work(.command, try server.target()) {} }
        }
        // The sessions are gone when the connections are.
        try await Self.drain(link)
        let after = try OwnProcess.descriptors()
        #expect(after == before)
        try await Self.work(.command, try server.target()) {}
    }

    private static func drain(_ link: LoopbackLink) async throws {
        for _ in 0..<3000 where link.connections > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(link.connections == 0)
    }

    private static func cancel(_ kind: Work, after bytes: Int, _ link: LoopbackLink, _ server: LocalSSHD) async throws {
        let target = try server.target { target in
            target.port = link.port
            target.knownHosts.add(
                ((try? server.knownHostsLine()) ?? "").replacing(":\(server.port)", with: ":\(link.port)"),
                file: "known_hosts", line: 1)
        }
        let (moments, moment) = AsyncStream.makeStream(of: Void.self)
        let arm = { @Sendable in link.after(bytes: bytes) { moment.yield() } }
        let task = Task {
            defer { moment.finish() }
            try await work(kind, target, arm)
        }
        // Also ends when the work does.
        for await _ in moments { task.cancel() }
        do {
            try await task.value
        } catch let error as SSHError {
            #expect(error.code == .cancelled || error.code == .connectionLost, "\(kind) after \(bytes): \(error)")
        }
    }

    /// Does one kind of work; `arm` is called when the bytes begin to count.
    private static func work(_ kind: Work, _ target: SSHTarget, _ arm: @Sendable () -> Void) async throws {
        let soon = ContinuousClock.now + .seconds(60)
        if kind == .connect { arm() }
        let session = try await SSHSession.connect(to: target)
        do {
            switch kind {
            case .connect: break
            case .command:
                arm()
                #expect(try await session.execute(["true"], until: soon).outcome == .status(0))
            case .output:
                arm()
                _ = try await session.execute(["head", "-c", "2900000", "/dev/zero"], until: soon)
            case .input:
                arm()
                _ = try await session.execute(["cat"], input: [UInt8](repeating: 1, count: 1_400_000), until: soon)
            }
            await session.close()
        } catch {
            // Not cancelled but broken off: the session must refuse everything after.
            #expect(await !session.isUsable)
            throw error
        }
    }
}
