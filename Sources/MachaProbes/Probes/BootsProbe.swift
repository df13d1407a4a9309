// SPDX-License-Identifier: MIT

/// How the boot before this one ended, and how large the journal is.
package enum BootsProbe: ProbeOfTheJournal {
    package static let name = "boots"
    package static let byteLimit = 8192
    /// The end of the last boot is looked for on the first day after a start only. An orderly end leaves one of several
    /// lines near the end: which one depends on where `/var` lies and on the version of systemd.
    package static let script = #"""
        \#(JournalAccess.script) || exit
        usage=$(journalctl --disk-usage) || exit
        take_time
        printf 'Now=%s\nUsage=%s\n' "$now" "$usage"
        up=$(cat /proc/uptime) || exit
        up=${up%%.*}
        [ "$up" -lt 86400 ] || { echo End=old; exit 0; }
        journalctl -q -b -1 -n 400 -o cat --no-pager | awk '
            /./ { any = 1 }
            /^(Journal stopped|System is (rebooting|powering down)|The system (is|will) (reboot|power|be)|Shutting down\.|Received SIGTERM from PID 1|Reached target .*(Power-Off|Power Off|Reboot|Shutdown|Halt|Kexec))/ { orderly = 1 }
            END { print "End=" (orderly ? "orderly" : any ? "sudden" : "none") }'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> BootHistory {
        let fields = ProbeText.fields(body)
        guard ProbeText.clock(fields["Now"]) != nil, let usage = fields["Usage"],
            let end = fields["End"].flatMap({ BootHistory.End(rawValue: $0) }), let bytes = bytes(in: usage)
        else { throw ProbeText.unparsable("journal size or end of the last boot", body) }
        return BootHistory(lastEnd: end, journalBytes: bytes)
    }

    /// 1288490188 of `Archived and active journals take up 1.2G in the file system.`
    private static func bytes(in text: String) -> Int? {
        guard let match = text.firstMatch(of: /take up ([0-9]+(?:\.[0-9]+)?)([BKMGTPE])\b/),
            let bytes = ProbeText.amount(match.1, match.2.first ?? "B")
        else { return nil }
        return bytes < 1e18 ? Int(bytes) : nil
    }
}

/// Source: `journalctl --disk-usage`, `journalctl -b -1`.
package struct BootHistory: Hashable, Codable, Sendable {
    package enum End: String, Codable, Sendable {
        /// Somebody or something asked for it.
        case orderly
        /// The journal stops in the middle: power loss, crash, reset.
        case sudden
        /// The journal holds no earlier boot.
        case none
        /// The host has run for more than a day; nobody looked.
        case old
    }

    package var lastEnd: End
    /// Archived and active files.
    package var journalBytes: Int
}
