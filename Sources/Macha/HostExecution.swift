// SPDX-License-Identifier: MIT
package import MachaCore
package import MachaFleet

/// A person's own command on one host, and what came of it.
package struct HostExecution: Sendable, Encodable {
    package var host: String
    /// 0…255; `nil` when the command did not end by itself or did not run.
    package var status: Int32?
    /// The signal that ended it.
    package var signal: String?
    package var standardOutput = UntrustedText("")
    package var standardError = UntrustedText("")
    /// The output was longer than is kept; the command was ended.
    package var isCut = false
    /// Why it did not run, or was not heard to its end.
    package var failure: ContactFailure?

    package var isSuccess: Bool { status == 0 && failure == nil && !isCut }

    /// Runs `command` on all `hosts`, each within `time`; `receive` hears every host as soon as it is done.
    package static func run<Failure: Error>(
        _ command: Command, on hosts: [FleetHost], reach: Reach, width: Int, time: Duration,
        receive: (HostExecution) async throws(Failure) -> Void
    ) async throws(Failure) {
        try await FanOut.run(
            hosts, width: width, { await execute(command, on: $0, reach, time) }, receive: receive)
    }

    private static func execute(
        _ command: Command, on host: FleetHost, _ reach: Reach, _ time: Duration
    ) async -> HostExecution {
        var execution = HostExecution(host: host.name)
        do throws(ContactFailure) {
            let transport = try reach.transport(to: host)
            let result: CommandResult
            do throws(ContactFailure) {
                result = try await transport.run(command, until: .now + time)
            } catch {
                await transport.close()
                throw error
            }
            await transport.close()
            execution.take(result)
        } catch {
            execution.failure = error
        }
        return execution
    }

    private mutating func take(_ result: CommandResult) {
        standardOutput = UntrustedText(String(decoding: result.standardOutput, as: UTF8.self))
        standardError = UntrustedText(String(decoding: result.standardError, as: UTF8.self))
        isCut = result.isCut
        switch result.outcome {
        case .status(let code): status = code
        case .signal(let name): signal = name
        case .unknown: break
        }
    }
}
