// SPDX-License-Identifier: MIT
package import MachaFleet
package import MachaInventory
package import MachaModel

/// A person's own command on one host, and what came of it.
package struct HostExecution: Sendable, Encodable {
    package var host: String
    /// 0…255; `nil` when the command did not end by itself or did not run.
    package var status: Int32?
    /// The signal that ended it.
    package var signal: String?
    package var standardOutput = UntrustedText("")
    package var standardError = UntrustedText("")
    /// What the account's shell printed before the command; no part of its output.
    package var shellOutput = UntrustedText("")
    /// The output was longer than is kept; the command was ended.
    package var isCut = false
    /// Why it did not run, or its output is incomplete; then the output ends where the contact was lost.
    package var failure: ContactFailure?

    package var isSuccess: Bool { status == 0 && failure == nil && !isCut }

    /// Runs `command` on all `hosts`, each within `time`, with root's rights if `asRoot`; `receive` is called for every
    /// host as soon as it is done, and `running` knows at any time how far they are.
    package static func run<Failure: Error>(
        _ command: Command, asRoot: Bool = false, on hosts: [FleetHost], reach: HostConnector, width: Int,
        time: Duration,
        running: RunningCommands, receive: (HostExecution) async throws(Failure) -> Void
    ) async throws(Failure) {
        try await FanOut.run(
            hosts, width: width, { await execute(command, asRoot, on: $0, reach, time, running) }, receive: receive)
    }

    private static func execute(
        _ command: Command, _ asRoot: Bool, on host: FleetHost, _ reach: HostConnector, _ time: Duration,
        _ running: RunningCommands
    ) async -> HostExecution {
        let name = host.name
        var execution = HostExecution(host: name)
        running.begin(name)
        defer { running.end(execution) }
        do throws(ContactFailure) {
            let command = asRoot ? try command.withRoot(on: host) : command
            let transport = try reach.transport(to: host)
            let result: CommandResult
            do throws(ContactFailure) {
                result = try await transport.run(command, until: .now + time) { running.hear(name, $0, $1) }
            } catch {
                await transport.close()
                throw error
            }
            await transport.close()
            execution.take(result)
        } catch {
            let heard = running.heard(name)
            execution.take(heard.output, heard.errors)
            execution.failure = error
        }
        return execution
    }

    mutating func take(_ output: [UInt8], _ errors: [UInt8]) {
        standardOutput = UntrustedText(String(decoding: output, as: UTF8.self))
        standardError = UntrustedText(String(decoding: errors, as: UTF8.self))
    }

    private mutating func take(_ result: CommandResult) {
        take(result.standardOutput, result.standardError)
        shellOutput = UntrustedText(String(decoding: result.preamble, as: UTF8.self))
        isCut = result.isCut
        switch result.outcome {
        case .status(let code): status = code
        case .signal(let name): signal = name
        case .unknown: break
        }
    }
}
