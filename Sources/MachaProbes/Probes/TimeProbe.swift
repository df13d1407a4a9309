// SPDX-License-Identifier: MIT

/// Whether the clock is kept in step, by whichever daemon.
///
/// systemd tells what the kernel was told, and a daemon need not tell it: NixOS's chrony keeps the hardware clock itself
/// (`rtcautotrim`), which rules out the `rtcsync` that would. So the daemons are asked for, and chrony for what it knows.
package enum TimeProbe: Probe {
    package static let name = "time"
    package static let byteLimit = 4096
    package static let shares: SharedQuestion? = .unitFacts
    package static let script = """
        said=$(timedatectl show) || exit
        printf '%s\\n' "$said"
        case $said in *NTPSynchronized=yes*) exit 0 ;; esac
        echo
        unit_facts | units_named '^(chrony|ntp|openntp|ptp4l|phc2sys|timemaster).*[.]service$'
        if command -v chronyc >/dev/null; then
            echo
            timeout 2 chronyc -c tracking | sed 's/^/Tracking=/'
        fi
        exit 0
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> ClockState {
        let blocks = ProbeText.blocks(body).map { ProbeText.fields($0) }
        guard let fields = blocks.first, let synchronized = flag(fields["NTPSynchronized"]) else {
            throw ProbeText.unparsable("no NTPSynchronized", body)
        }
        let daemon = blocks.dropFirst().first { $0["ActiveState"] == "active" && $0["Id"] != nil }?["Id"]
        let tracking = blocks.dropFirst().compactMap { $0["Tracking"] }.first.flatMap { isTracking($0) }
        return ClockState(
            isSynchronized: synchronized, usesNTP: flag(fields["NTP"]), zone: ProbeText.present(fields["Timezone"]),
            daemon: daemon, isTracking: tracking)
    }

    private static func flag(_ text: String?) -> Bool? { ["yes": true, "no": false][text ?? ""] }

    /// The last column of `chronyc -c tracking` is the leap status: `Normal`, `Insert second`, `Not synchronised`, …
    private static func isTracking(_ line: String) -> Bool? {
        let columns = ProbeText.columns(Substring(line), at: 0x2c)
        guard columns.count >= 13, let status = columns.last else { return nil }
        return !status.hasPrefix("Not synchroni")
    }
}

/// Source: `timedatectl show`, `systemctl show`, `chronyc -c tracking`.
package struct ClockState: Hashable, Codable, Sendable {
    /// The kernel says that something keeps its clock in step. A daemon need not tell it that.
    package var isSynchronized: Bool
    /// systemd's own time service is switched on; `nil` when not told.
    package var usesNTP: Bool?
    /// As in `Europe/Berlin`.
    package var zone: String?
    /// The unit of another time daemon that runs; not asked where the clock is in step.
    package var daemon: String?
    /// Whether chrony follows a source; `nil` where it could not be asked, or the clock is in step.
    package var isTracking: Bool?
}
