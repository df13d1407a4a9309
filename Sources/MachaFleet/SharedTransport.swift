// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import SSH
import Synchronization

/// One user's hold on the connection that all users of a host share. Closing it lets go; the next command takes hold again.
final class SharedTransport: Transport {
    private let reach: HostConnector
    private let name: String
    private let endpoint: SSHEndpoint
    private let held = Mutex<SSHTransport?>(nil)

    init(_ reach: HostConnector, _ name: String, _ endpoint: SSHEndpoint) {
        self.reach = reach
        self.name = name
        self.endpoint = endpoint
    }

    func run(
        _ command: Command, until deadline: ContinuousClock.Instant
    ) async throws(ContactFailure) -> CommandResult {
        try await hold().run(command, until: deadline)
    }

    func run(
        _ command: Command, until deadline: ContinuousClock.Instant,
        hear: @escaping @Sendable (CommandStream, ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await hold().run(command, until: deadline, hear: hear)
    }

    func stream(
        _ command: Command, until deadline: ContinuousClock.Instant,
        receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(ContactFailure) -> CommandResult {
        try await hold().stream(command, until: deadline, receive: receive)
    }

    /// What the connection turned out to be; connects if there is none.
    func details() async throws(ContactFailure) -> SSHSession.Details? { try await hold().details() }

    func close() async {
        let transport = held.withLock { held in
            defer { held = nil }
            return held
        }
        if let transport { await reach.giveBack(name, transport) }
    }

    private func hold() -> SSHTransport {
        held.withLock { held in
            if let transport = held { return transport }
            let transport = reach.take(name, endpoint)
            held = transport
            return transport
        }
    }
}
