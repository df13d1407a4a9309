// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Synchronization
import Testing

/// Conversations that a server mutates: the bytes of the connection, and messages before they are sealed, so that they reach the
/// code behind the MAC. `script/test --fuzz-ssh N` runs N of them; MACHA_FUZZ_SEED chooses which.
@Suite(
    .enabled(if: HostileServer.isAvailable, "needs Python's cryptography (script/bootstrap)"), .timeLimit(.minutes(120))
)
struct ConversationFuzzTests {
    /// Conversations at a time: many end by a deadline of a second, during which others have the machine.
    private static let ports = 160

    @Test(.disabled(if: OwnProcess.isAlone))
    func `a mutated conversation ends with a result or a typed error, and leaves nothing behind`() async throws {
        let (status, output) = try await OwnProcess.runAlone("ConversationFuzzTests/`alone")
        #expect(status == 0, "\(output)")
        if ProcessInfo.processInfo.environment["MACHA_FUZZ_SSH"] != nil { print(output) }
    }

    @Test(.enabled(if: OwnProcess.isAlone)) func `alone: mutated conversations`() async throws {
        let (count, seed) = (OwnProcess.number("MACHA_FUZZ_SSH", or: 300), OwnProcess.number("MACHA_FUZZ_SEED", or: 1))
        let mutating = try await HostileServer(["--mutate", "\(seed)", "\(Self.ports)"])
        let honest = try await HostileServer()
        let healthy = try await SSHSession.connect(to: try honest.target("healthy", name: "healthy"))
        let before = try OwnProcess.descriptors()
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for port in 0..<Self.ports {
                group.addTask {
                    let target = try mutating.target("\(port)", name: "mutated")
                    for number in 0..<(count + Self.ports - 1 - port) / Self.ports {
                        tally.add(await Self.converse(with: target, number))
                    }
                }
            }
            group.addTask {
                // A neighbour on the same reactor, all the time.
                while tally.count < count {
                    let answer = try await healthy.execute(["true"], until: .now + .seconds(60))
                    #expect(answer.standardOutput == Array("hello\n".utf8))
                }
            }
            try await group.waitForAll()
        }
        #expect(tally.count == count)
        let after = try OwnProcess.descriptors()
        #expect(after == before)
        let lines = tally.lines + ["peak memory \(try OwnProcess.peakMemory() >> 20) MiB, libssh2 \(LibSSH2.version)"]
        print(lines.joined(separator: "\n"))
    }

    /// One conversation: log in and run two commands, and leave politely or not. Answers how it ended.
    private static func converse(with target: SSHTarget, _ number: Int) async -> String {
        var timeouts = SSHTimeouts()
        (timeouts.handshake, timeouts.authentication) = (.seconds(1), .seconds(1))
        do throws(SSHError) {
            let session = try await SSHSession.connect(to: target, timeouts: timeouts)
            do throws(SSHError) {
                for _ in 0..<2 {
                    _ = try await session.execute(
                        ["cat"], input: [UInt8](repeating: 7, count: number % 3 * 50_000), until: .now + .seconds(1))
                }
            } catch {
                await session.forceClose()
                throw error
            }
            if number % 2 == 0 { await session.close() } else { await session.forceClose() }
            return "answered"
        } catch {
            #expect(error.host == "mutated" && error.message.contains("mutated"), "\(error)")
            #expect(error.description.utf8.allSatisfy { $0 >= 0x20 }, "\(error)")
            return "\(error.stage.rawValue) \(error.code)"
        }
    }

    /// How conversations ended.
    private final class Tally: Sendable {
        private let ends = Mutex<[String: Int]>([:])

        func add(_ end: String) { ends.withLock { $0[end, default: 0] += 1 } }

        var count: Int { ends.withLock { $0.values.reduce(0, +) } }

        var lines: [String] {
            ends.withLock { ends in ends.sorted { $0.value > $1.value }.map { "\($0.value)\t\($0.key)" } }
        }
    }
}
