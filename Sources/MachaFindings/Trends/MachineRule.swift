// SPDX-License-Identifier: MIT
package import MachaModel
import MachaProbes
import struct Foundation.Date

/// A machine that goes by two names, clones that cannot be distinguished, and a name that another machine has taken
/// over.
///
/// - `machine-shared`, a warning: another name of the inventory has the same host key or the same machine id. For safety both
///   count as one machine until they are distinguished: the most cautious level and all protections of both, one change
/// at a
///   time, one history.
/// - `machine-replaced`, information for a week: the name belongs to another machine than before.
///
/// False alarms thought about: a host that has several keys (the machine id still tells), containers and images whose id was
/// never set (`uninitialized` is no id), the controller itself beside its own address (it is one machine, so this is true).
package enum MachineRule {
    private static let week = 7.0 * 86_400

    /// What the machine that answered as `host` shares with the one of `other`; `nil` when they are distinguished.
    package static func shared(
        _ host: String, _ machine: MachineIdentity, with other: String, _ itsMachine: MachineIdentity
    ) -> Finding? {
        machine.mayBe(itsMachine) ? finding(host, machine, other, itsMachine) : nil
    }

    static func findings(_ present: Present) -> [Finding] {
        let machine = present.snapshot.machine
        let others = present.history.machines.others.sorted { $0.key < $1.key }
        let shared = others.compactMap { Self.shared(present.host, machine, with: $0.key, $0.value) }
        return shared + replaced(present, machine)
    }

    private static func finding(
        _ host: String, _ machine: MachineIdentity, _ name: String, _ other: MachineIdentity
    ) -> Finding {
        let (hasKey, hasID) = (machine.hostKey == other.hostKey, machine.machineID == other.machineID)
        let isClonedKey = hasKey && !hasID && machine.machineID != nil && other.machineID != nil
        let isClonedID = hasID && !hasKey && machine.hostKey != nil && other.hostKey != nil
        let (summary, remedy, commands): (String, String, [String]) =
            if isClonedKey {
                (
                    "The host has the same host key as \(name) but another machine id: one is a clone of the other's image.",
                    "Either can pass for the other. On one of them, remove its host keys, make new ones and restart sshd; then "
                        + "trust the new key here with the last command.",
                    [
                        "rm /etc/ssh/ssh_host_*", "ssh-keygen -A", "systemctl restart sshd.service",
                        "macha hosts trust \(host.asArgument("HOST"))",
                    ]
                )
            } else if isClonedID {
                (
                    "The host has the same machine id as \(name) but another host key: a clone, or one machine with two sshds.",
                    "If they are one machine, keep one of the names. If they are two, give one of them a new machine id.",
                    ["rm /etc/machine-id", "systemd-machine-id-setup", "systemctl reboot"]
                )
            } else {
                (
                    "The host is the same machine as \(name).",
                    "Keep one of the two names in the inventory, with the groups and protections of both.", []
                )
            }
        return Finding(
            .machineShared, host: host, subject: name, .warning, summary,
            evidence: [
                "\(host) is \(machine)", "\(name) is \(other)",
                "until then both count as one machine: the most cautious level, all protections, one change at a time",
            ], remedy: remedy, commands: commands)
    }

    private static func replaced(_ present: Present, _ machine: MachineIdentity) -> [Finding] {
        guard let before = present.history.machines.before,
            present.snapshot.takenAt.timeIntervalSince(before.lastSeen) < week
        else { return [] }
        return [
            Finding(
                .machineReplaced, host: present.host, .info,
                "The name now belongs to another machine, which starts without history.",
                evidence: ["before: \(before.machine)", "now: \(machine)"],
                remedy:
                    "Nothing to do if it was reinstalled or replaced; otherwise find out which machine has its address."
            )
        ]
    }
}
