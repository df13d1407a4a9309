// SPDX-License-Identifier: MIT
package import MachaModel

/// A way to run commands on one host: over SSH, on this machine, or a fake.
///
/// Every implementation passes `TransportConformance` in MachaTestSupport.
package protocol Transport: Sendable {
    /// Runs `command` to its end. The first call connects.
    ///
    /// A command that fails is a result; only what keeps it from being run or its output from being received in full is
    /// thrown. It has ended, on this side, when the call returns: by itself, by `deadline`, or because the task was
    /// cancelled.
    func run(_ command: Command, until deadline: ContinuousClock.Instant) async throws(ContactFailure) -> CommandResult

    /// Runs `command` likewise, but keeps no standard output: `receive` is called with it in order, piece by piece, as
    /// it arrives.
    ///
    /// The result's output is empty. The command's limit counts anyway, and nothing beyond it is received. `receive`
    /// holds up other hosts while it works, so it must be quick; that is also what keeps a host from sending faster than
    /// it is heard.
    func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult

    /// Runs `command` as ``run(_:until:)`` does; `hear` gets a copy of what it writes as it comes, also when the call then throws.
    func run(
        _ command: Command, until deadline: ContinuousClock.Instant,
        hear: @escaping @Sendable (CommandStream, ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult

    /// Gives the connection back. Calling it again, or without a connection, does nothing.
    func close() async
}

/// A transport that keeps a command's output or hands it on, and is the same in everything else.
package protocol OneWayTransport: Transport {
    /// Runs `command`; standard output goes to `receive`, or into the result where there is none.
    func execute(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: (@Sendable (ArraySlice<UInt8>) -> Void)?
    ) async throws(ContactFailure) -> CommandResult
}

extension Transport {
    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant,
        hear: @escaping @Sendable (CommandStream, ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        let result = try await run(command, until: deadline)
        hear(.output, result.standardOutput[...])
        hear(.errors, result.standardError[...])
        return result
    }
}

extension OneWayTransport {
    package func run(
        _ command: Command, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> CommandResult {
        try await execute(command, until: deadline, receive: nil)
    }

    package func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await execute(command, until: deadline, receive: receive)
    }
}
