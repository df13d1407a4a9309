// SPDX-License-Identifier: MIT
import MachaActions
import MachaFleet
package import MachaInventory
package import MachaModel
import MachaStore

extension Controller {
    /// A person's own command on hosts of their choice.
    package struct ExecRequest: Sendable {
        package var command: Command
        /// Run it with root's rights.
        package var asRoot: Bool
        package var hosts: [FleetHost]
        /// Hosts at once.
        package var width: Int
        /// Seconds until a host is given up.
        package var timeout: Int

        package init(command: Command, asRoot: Bool, hosts: [FleetHost], width: Int, timeout: Int) {
            self.command = command
            self.asRoot = asRoot
            self.hosts = hosts
            self.width = width
            self.timeout = timeout
        }
    }

    /// What a person is asked about before root's rights are used where Macha itself would change nothing.
    package func cautions(_ request: ExecRequest) throws(ControllerError) -> [ExecCaution] {
        let (store, inventory, now) = (try environment.store(), try environment.inventory(), environment.now())
        return try storing { () throws(StoreError) in
            try ExecCaution.all(
                request.command, asRoot: request.asRoot, on: request.hosts, in: inventory, store: store, at: now)
        }
    }

    /// Writes the command into the audit, and runs it. `receive` gets every host as soon as it is done, and what it throws
    /// ends the work; `running` knows at any time how far the hosts are.
    package func exec<Failure: Error>(
        _ request: ExecRequest, running: RunningCommands, receive: (HostExecution) async throws(Failure) -> Void
    ) async throws {
        warnOfOldLibrary(request.hosts)
        let (store, now) = (try environment.store(), environment.now())
        let execution = AuditEvent.Execution(
            words: OutputExcerpt.command(request.command.words), asRoot: request.asRoot,
            hosts: request.hosts.map(\.name),
            by: CurrentUser.name())
        let host = request.hosts.count == 1 ? request.hosts.first?.name : nil
        try storing { () throws(StoreError) in try store.note(.exec(execution), host: host, at: now) }
        try export()
        try await HostExecution.run(
            request.command, asRoot: request.asRoot, on: request.hosts, reach: environment.connector,
            width: request.width, time: .seconds(request.timeout), running: running, receive: receive)
        await environment.close()
    }
}
