// SPDX-License-Identifier: MIT

/// What disks say of their own health. Absent (`nil`) in containers and where there is no disk that could say it.
///
/// A disk that sleeps is left asleep (`-n standby`). smartctl's exit status is a mask of bits: 8 is a disk that fails.
package enum SMARTProbe: Probe {
    package static let name = "smart"
    package static let rhythm = ProbeInterval.sixHourly
    package static let rights = ProbeRights.root
    package static let timeout = 30
    package static let byteLimit = 512 * 1024
    /// Disks asked. A few more than a usual shelf holds.
    package static let diskLimit = 64
    /// The members behind a RAID controller share one device file and differ by `-d TYPE,NUMBER`, which is kept. Any other
    /// type is left to smartctl: `--scan` guesses it without opening the disk, and a wrong `-d scsi` hides a SATA disk.
    package static let script = #"""
        [ -z "$(cat /run/systemd/container 2>/dev/null)" ] || { echo absent; exit 0; }
        if ! command -v smartctl >/dev/null; then
            disks=$(find /sys/block -name 'sd*' -o -name 'nvme*n*' | head -n 1)
            [ -n "$disks" ] || { echo absent; exit 0; }
            echo 'smartctl: not found' >&2
            exit 127
        fi
        disks=$(smartctl --scan | sed -n -e 's#^\(/dev/[A-Za-z0-9/_-]* -d \([a-z0-9]*,[0-9A-Za-z,/]*\)\) .*#\1#' \
            -e 's# -d sat,.*##' -e 's#^\(/dev/[A-Za-z0-9/_-]*\) -d [^,]* .*#\1#' -e '/^\/dev\//p' | sort -u)
        [ -n "$disks" ] || { echo absent; exit 0; }
        asked=0 more=0 IFS='
        '
        for disk in $disks; do
            [ "$asked" -lt \#(diskLimit) ] || { more=$((more + 1)); continue; }
            asked=$((asked + 1))
            IFS=' '
            device=${disk%% *}
            said=$($MACHA_AS_ROOT smartctl -j -a -n standby ${disk#"$device"} "$device" 2>&1)
            status=$?
            case $said in
                \#(ProbeRights.refusals))
                    printf '%s: %s\n' "$disk" "$said" | tail -c 300 >&2
                    exit 126
                    ;;
            esac
            printf '@%s %s\n%s\n' "$disk" "$status" "$(printf '%s' "$said" | tr '\n' ' ')"
        done
        [ "$more" = 0 ] || printf '@more %s\n' "$more"
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> SMARTState? {
        if ProbeText.isAbsent(body) { return nil }
        let lines = ProbeText.lines(body)
        guard lines.last == "@end", lines.count >= 2 else { throw ProbeText.unparsable("smartctl", body) }
        var disks = ItemList<SMARTDisk>()
        var serials: Set<String> = []
        var at = 0
        while at < lines.count - 1 {
            let head = lines[at]
            at += 1
            let rest = lines[at..<(lines.count - 1)].prefix { !$0.hasPrefix("@") }
            at += rest.count
            if head.hasPrefix("@more ") {
                disks.skip("\(head.dropFirst(6)) more disks", ProbeFailure(.tooLarge))
                continue
            }
            guard head.hasPrefix("@/dev/"), let gap = head.lastIndex(of: " "),
                let status = Int(head[head.index(after: gap)...]), (0...255).contains(status)
            else {
                disks.skip(head, ProbeText.unparsable("smartctl", head))
                continue
            }
            let name = head[..<gap].dropFirst()
            guard let value = rest.first.flatMap({ LooseJSON($0) }) else {
                disks.skip(name, ProbeText.unparsable("smartctl", rest.first ?? head))
                continue
            }
            // A disk that the system shows both by itself and behind its controller is one disk.
            if let serial = value["serial_number"]?.string, !serials.insert(serial).inserted { continue }
            disks.add(name) { () throws(ProbeFailure) in try SMARTDisk(String(name), status, value) }
        }
        return SMARTState(disks: disks.items, unread: try disks.unreadItems())
    }
}

/// Source: smartctl(8), its JSON and its exit status.
package struct SMARTState: Hashable, Codable, Sendable, PartlyRead {
    /// At most ``SMARTProbe/diskLimit``.
    package var disks: [SMARTDisk]
    package var unread: [UnreadItem]?
}
