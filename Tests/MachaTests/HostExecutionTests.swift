// SPDX-License-Identifier: MIT
import Macha
import MachaFleet
import MachaInventory
import MachaModel
import Testing

/// A person's own command, and what is known of it when it does not come to its end.
@Suite(.timeLimit(.minutes(20))) struct HostExecutionTests {
    private static let host = FleetHost(name: "here", connection: .local)
    private static let unending = Command("sh", ["-c", "echo step1 done; echo warned >&2; exec sleep 60"])

    private func run(_ time: Duration, _ running: RunningCommands) async -> [HostExecution] {
        var results: [HostExecution] = []
        await HostExecution.run(
            Self.unending, on: [Self.host], reach: HostConnector(agentSocket: nil), width: 1, time: time,
            running: running
        ) { results.append($0) }
        return results
    }

    @Test func `the result holds the output from before the time limit`() async throws {
        let result = try #require(await run(.seconds(3), RunningCommands()).first)
        #expect(result.failure != nil && result.status == nil && !result.isSuccess)
        #expect(result.standardOutput.raw == "step1 done\n")
        #expect(result.standardError.raw == "warned\n")
    }

    @Test func `an interruption lists the hosts where the command may go on, with its output so far`() async throws {
        let running = RunningCommands()
        let task = Task { await run(.seconds(60), running) }
        var unfinished: [HostExecution] = []
        while unfinished.first?.standardError.raw != "warned\n" || unfinished.first?.standardOutput.raw.isEmpty != false
        {
            unfinished = running.interrupted().unfinished
            await Task.yield()
        }
        #expect(unfinished.map(\.host) == ["here"])
        #expect(unfinished.first?.standardOutput.raw == "step1 done\n")
        #expect(unfinished.first?.failure?.message.raw.contains("may still be running") ?? false)
        task.cancel()
        _ = await task.value
        #expect(running.interrupted().unfinished.isEmpty)
        #expect(running.interrupted().finished.map(\.host) == ["here"])
    }
}
