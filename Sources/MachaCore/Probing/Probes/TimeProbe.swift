// SPDX-License-Identifier: MIT

/// Whether the clock is kept in step, by whichever daemon.
package enum TimeProbe: Probe {
    package static let name = "time"
    package static let byteLimit = 4096
    package static let script = "timedatectl show"

    package static func parse(_ body: String) throws(ProbeFailure) -> ClockState {
        let fields = ProbeText.fields(body)
        guard let synchronized = flag(fields["NTPSynchronized"]) else {
            throw ProbeText.unparsable("no NTPSynchronized", body)
        }
        return ClockState(
            isSynchronized: synchronized, usesNTP: flag(fields["NTP"]), zone: ProbeText.present(fields["Timezone"]))
    }

    private static func flag(_ text: String?) -> Bool? { ["yes": true, "no": false][text ?? ""] }
}

/// Source: `timedatectl show`.
package struct ClockState: Hashable, Codable, Sendable {
    /// The kernel says that something keeps its clock in step; true for chrony and ntpd too.
    package var isSynchronized: Bool
    /// systemd's own time service is switched on; `nil` when not told.
    package var usesNTP: Bool?
    /// As in `Europe/Berlin`.
    package var zone: String?
}
