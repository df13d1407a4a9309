// SPDX-License-Identifier: MIT
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel

/// Whether the machine that answers is the one that something was decided for.
enum MachineCheck {
    /// Why `proposal` must not be carried out on `machine`, which answers as `host`; `nil` when it may.
    static func objection(to proposal: Proposal, on host: FleetHost, _ machine: MachineIdentity) -> String? {
        guard let target = proposal.target else {
            return "the machine it was decided for was not recorded"
        }
        return target.objection(to: MachineTarget(host, machine), host: host.name)
    }

    /// Why what answers over `session` says nothing of what `proposal` did; `nil` when it may, or when no machine
    /// responds.
    static func stranger(to proposal: Proposal, over session: HostSession) async -> String? {
        guard let machine = proposal.target?.machine, let now = try? await session.identify(),
            !machine.isProved(by: now)
        else { return nil }
        return "it was started on \(machine), but \(session.host.name) is now \(now); a person has to check"
    }
}
