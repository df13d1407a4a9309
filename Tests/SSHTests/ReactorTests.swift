// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Synchronization
import Testing

/// Sessions have a thread of their own, whatever the rest of the process does.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"), .timeLimit(.minutes(5)))
struct ReactorTests {
    @Test(.disabled(if: OwnProcess.isAlone))
    func `a command goes on while every thread of the concurrency pool is taken`() async throws {
        let (status, output) = try await OwnProcess.runAlone("ReactorTests/`alone")
        #expect(status == 0, "\(output)")
    }

    @Test(.enabled(if: OwnProcess.isAlone)) func `alone: a command while the pool is taken`() async throws {
        let server = try await LocalSSHD()
        let session = try await SSHSession.connect(to: try server.target())
        let heard = Counter()
        let command = Task {
            try await session.execute(
                ["cat", "/dev/zero"], limit: OutputLimit(standardOutput: .max), until: .now + .seconds(120),
                output: { piece in heard.add(piece.count) })
        }
        let isMoving = await onThread { Self.wait { heard.value > 0 } }
        #expect(isMoving)
        let movedOn = await onThread {
            let taken = Counter()
            let freed = DispatchSemaphore(value: 0)
            // Far more than the pool ever has threads, also where it starts some in place of those that block.
            for _ in 0..<Self.takers {
                Task.detached {
                    taken.add(1)
                    Self.block(on: freed)
                }
            }
            defer { for _ in 0..<Self.takers { freed.signal() } }
            guard Self.wait({ taken.value >= ProcessInfo.processInfo.activeProcessorCount }) else {
                return false
            }
            let before = heard.value
            return Self.wait { heard.value > before + (8 << 20) }
        }
        #expect(movedOn)
        await session.forceClose()
        await #expect(throws: SSHError.self) { _ = try await command.value }
    }

    private static let takers = 256

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        var value: Int { count.load(ordering: .relaxed) }

        func add(_ more: Int) { count.add(more, ordering: .relaxed) }
    }

    private static func block(on semaphore: DispatchSemaphore) { semaphore.wait() }

    /// Looks again and again on this thread, for half a minute at most.
    private static func wait(_ isSo: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while !isSo() {
            guard ContinuousClock.now < deadline else { return false }
            usleep(1_000)
        }
        return true
    }
}
