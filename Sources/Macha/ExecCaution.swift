// SPDX-License-Identifier: MIT
import MachaActions
package import MachaInventory
package import MachaModel
package import MachaStore
package import struct Foundation.Date

/// The warning that a person gets before a command of their own runs with root's rights where Macha itself would change
/// nothing.
///
/// The line is drawn at root: what a command does to a host nobody can know beforehand. The command is theirs to run, once
/// they have said that they know.
package struct ExecCaution: Hashable, Sendable, Encodable {
    package var host: String
    /// One line, safe to print.
    package var reason: String

    /// What speaks against `command` on each of `hosts`; empty when nothing does. `asRoot` says that it will run through sudo.
    package static func all(
        _ command: Command, asRoot: Bool, on hosts: [FleetHost], in inventory: Inventory, store: Store, at now: Date
    ) throws(StoreError) -> [ExecCaution] {
        guard asRoot || becomesRoot(command) else { return [] }
        let situation = PolicyContextLoader(inventory, store: store)
        var cautions: [ExecCaution] = []
        for host in hosts {
            let snapshot = try store.latestReached(host.name)
            let context = try situation.context(for: host, snapshot, at: now)
            cautions += reasons(context).map { ExecCaution(host: host.name, reason: $0) }
        }
        return cautions
    }

    private static func reasons(_ context: PolicyContext) -> [String] {
        var reasons: [String] = []
        let names = [context.host.name] + context.otherNames
        if let pause = names.lazy.compactMap({ context.pause.entry(for: $0) }).first {
            let why = pause.reason.isEmpty ? "" : " (\(pause.reason))"
            reasons.append("changes are paused by \(pause.by)\(why)".printable(limit: 400))
        }
        if context.host.autonomy == .observe {
            let also = context.otherNames.isEmpty ? "" : " (as \(names.joined(separator: ", ")))"
            reasons.append("the host is set to observe: nothing may be changed there\(also)".printable(limit: 400))
        }
        return reasons
    }

    /// The program is one that gives root's rights.
    private static func becomesRoot(_ command: Command) -> Bool {
        let name = command.program.split(separator: "/").last.map(String.init) ?? command.program
        return ["sudo", "doas", "run0", "pkexec", "su", "please", "systemd-run"].contains(name)
    }
}

extension HostExecution {
    /// What became of `hosts` when a person did not agree: nothing was sent to any.
    package static func unsent(_ hosts: [FleetHost], because cautions: [ExecCaution]) -> [HostExecution] {
        hosts.map { host in
            let own = cautions.filter { $0.host == host.name }.map(\.reason)
            let why = own.isEmpty ? "another selected host requires --yes" : own.joined(separator: "; ")
            var execution = HostExecution(host: host.name)
            execution.failure = ContactFailure(
                .local, stage: .policy, delivery: .notSent, message: "\(host.name): nothing was sent: \(why)",
                remedy: "pass --yes to run it anyway")
            return execution
        }
    }
}
