// SPDX-License-Identifier: MIT
import MachaModel

/// Which machine and boot this is, for how long, and what time the host thinks it is.
package enum BootProbe: Probe {
    package static let name = "boot"
    package static let byteLimit = 4096
    package static let script =
        "cat /proc/sys/kernel/random/boot_id /proc/uptime && take_time && echo \"$now\" && { cat /etc/machine-id 2>/dev/null || :; }"

    package static func parse(_ body: String) throws(ProbeFailure) -> BootState {
        let lines = ProbeText.lines(body)
        guard lines.count == 3 || lines.count == 4, lines[0].count == 36, let first = ProbeText.words(lines[1]).first,
            let uptime = Double(first), (0...1e10).contains(uptime), let now = ProbeText.clock(lines[2])
        else { throw ProbeText.unparsable("boot id, uptime and time", body) }
        let machineID = lines.count == 4 ? MachineIdentity.machineID(in: String(lines[3])) : nil
        return BootState(bootID: String(lines[0]), uptime: uptime, now: now, machineID: machineID)
    }
}

/// Source: `/proc/sys/kernel/random/boot_id`, `/proc/uptime`, `date +%s`, `/etc/machine-id`.
package struct BootState: Hashable, Codable, Sendable {
    /// Changes at every boot; ties log cursors and actions to one.
    package var bootID: String
    /// Seconds since boot.
    package var uptime: Double
    /// The host's clock in seconds since 1970.
    package var now: Int
    /// Of the installed system (``MachineIdentity/machineID``); `nil` when the host has none or did not say.
    package var machineID: String?
}
