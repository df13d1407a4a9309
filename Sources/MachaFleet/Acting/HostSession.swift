// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaInventory
package import MachaModel
package import MachaProbes

/// One host while it is being changed: commands over a connection that can be renewed, and checks of their effects.
///
/// A command that was sent is never sent again. Looks only read, so they may be repeated over new connections.
package actor HostSession {
    package typealias Connect = @Sendable (FleetHost) throws(ContactFailure) -> any Transport

    package nonisolated let host: FleetHost
    private let connect: Connect
    private var transport: (any Transport)?
    /// The key of the machine that everything from now on is for.
    private var hostKey: String?

    /// How long one observation may take.
    private static let lookTime = Duration.seconds(20)
    /// The first question over a new connection waits for its login too, which a slow host and its jumps take their time for.
    private static let firstContact = Duration.seconds(60)

    package init(_ host: FleetHost, connect: @escaping Connect) {
        self.host = host
        self.connect = connect
    }

    /// Gives the connection back; the next command opens a new one.
    package func close() async {
        let old = transport
        transport = nil
        await old?.close()
    }

    /// Which machine answers. From now on every command is for the one with this host key, over whatever connection.
    package func identify() async throws(ContactFailure) -> MachineIdentity {
        let answer = try await current().run(pinned(MachineIdentity.question), until: .now + Self.firstContact)
        let machine = MachineIdentity(answer: answer)
        hostKey = machine.hostKey
        return machine
    }

    /// Sends `planned`, once, with root's rights where it needs them.
    ///
    /// Whether it may have run all the same, a failure says by its ``ContactFailure/delivery``.
    package func send(_ planned: PlannedCommand) async throws(ContactFailure) -> CommandResult {
        let command = planned.asRoot ? try planned.command.withRoot(on: host) : planned.command
        return try await current().run(pinned(command), until: .now + .seconds(planned.timeout))
    }

    /// Asks a question that changes nothing.
    package func look(_ command: Command) async throws(ContactFailure) -> CommandResult {
        let limit = transport == nil ? Self.firstContact : Self.lookTime
        return try await current().run(pinned(command), until: .now + limit)
    }

    private func pinned(_ command: Command) -> Command {
        var command = command
        command.hostKey = hostKey
        return command
    }

    /// A snapshot over the same connection. With `earlier` as ``Collector/collect(_:over:after:everything:)`` has it.
    package func snapshot(_ collector: Collector, after earlier: Snapshot? = nil) async -> Snapshot {
        do throws(ContactFailure) {
            return await collector.collect(host, over: try current(), after: earlier)
        } catch {
            return collector.failed(host, error)
        }
    }

    private func current() throws(ContactFailure) -> any Transport {
        if let transport { return transport }
        let new = try connect(host)
        transport = new
        return new
    }
}
