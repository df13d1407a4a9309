// SPDX-License-Identifier: MIT

/// What disks say of their own health. Absent (`nil`) in containers and where there is no disk that could say it.
///
/// A disk that sleeps is left asleep (`-n standby`). smartctl's exit status is a mask of bits: 8 is a disk that fails.
package enum SMARTProbe: Probe {
    package static let name = "smart"
    package static let rhythm = ProbeRhythm.sixHourly
    package static let rights = ProbeRights.root
    package static let timeout = 30
    package static let byteLimit = 512 * 1024
    package static let script = #"""
        [ -z "$(cat /run/systemd/container 2>/dev/null)" ] || { echo absent; exit 0; }
        if ! command -v smartctl >/dev/null; then
            disks=$(find /sys/block -name 'sd*' -o -name 'nvme*n*' | head -n 1)
            [ -n "$disks" ] || { echo absent; exit 0; }
            echo 'smartctl: not found' >&2
            exit 127
        fi
        disks=$(smartctl --scan | sed -n 's#^\(/dev/[A-Za-z0-9/_-]*\) .*#\1#p' | sort -u | head -n 40)
        [ -n "$disks" ] || { echo absent; exit 0; }
        for disk in $disks; do
            said=$($MACHA_AS_ROOT smartctl -j -a -n standby "$disk" 2>&1)
            status=$?
            case $said in
                *'ermission denied'* | *'a password is required'* | *'not allowed to'* | *'not in the sudoers'*)
                    printf '%s: %s\n' "$disk" "$said" | tail -c 300 >&2
                    exit 126
                    ;;
            esac
            printf '@%s %s\n%s\n' "$disk" "$status" "$(printf '%s' "$said" | tr '\n' ' ')"
        done
        echo '@end'
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> SMARTState? {
        if ProbeText.isAbsent(body) { return nil }
        let lines = ProbeText.lines(body)
        guard lines.last == "@end", lines.count >= 3, lines.count % 2 == 1 else {
            throw ProbeText.unparsable("smartctl", body)
        }
        var disks: [SMARTDisk] = []
        for index in stride(from: 0, to: lines.count - 1, by: 2) {
            let head = ProbeText.words(lines[index])
            guard head.count == 2, head[0].hasPrefix("@/dev/"), let status = Int(head[1]), (0...255).contains(status),
                let value = LooseJSON(lines[index + 1])
            else { throw ProbeText.unparsable("smartctl", lines[index]) }
            disks.append(try SMARTDisk(String(head[0].dropFirst()), status, value))
        }
        return SMARTState(disks: disks)
    }
}

/// Source: smartctl(8), its JSON and its exit status.
package struct SMARTState: Hashable, Codable, Sendable {
    /// At most 40.
    package var disks: [SMARTDisk]
}

/// One disk. Figures it does not report are `nil`.
package struct SMARTDisk: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case passed
        /// The disk itself says that it fails.
        case failing
        /// It sleeps and was left alone.
        case asleep
        /// It reports no health: a card reader, a virtual disk, a USB bridge in between.
        case silent
    }

    package var device: String
    package var model: String?
    package var state: State
    package var celsius: Int?
    package var hours: Int?
    /// Sectors that were replaced (attribute 5), or grown defects of a SCSI disk.
    package var reallocated: Int?
    /// Sectors that cannot be read now (197).
    package var pending: Int?
    /// Sectors that could not be read in a test (198), or media errors of NVMe.
    package var uncorrectable: Int?
    /// Errors on the cable (199).
    package var cableErrors: Int?
    /// Used endurance of an SSD in percent; can exceed 100.
    package var wear: Int?
    /// Spare blocks of NVMe below its own threshold, or another critical warning; bits as NVMe defines them.
    package var criticalWarning: Int?

    fileprivate init(_ device: String, _ status: Int, _ value: LooseJSON) throws(ProbeFailure) {
        self.device = device
        model = (value["model_name"] ?? value["scsi_model_name"])?.string.map { String($0.prefix(100)) }
        guard value["smartctl"] != nil || value["json_format_version"] != nil else {
            throw ProbeText.unparsable("no smartctl", device)
        }
        let messages = (value["smartctl"]?["messages"]?.items ?? []).compactMap { $0["string"]?.string }
        let nvme = value["nvme_smart_health_information_log"]
        var raw: [Int: Int] = [:]
        for attribute in value["ata_smart_attributes"]?["table"]?.items ?? [] {
            if let id = attribute["id"]?.int { raw[id] = Self.count(attribute["raw"]?["value"]) }
        }
        celsius = value["temperature"]?["current"]?.int.flatMap { (-40...150).contains($0) ? $0 : nil }
        hours = Self.count(value["power_on_time"]?["hours"])
        reallocated = raw[5] ?? Self.count(value["scsi_grown_defect_list"])
        pending = raw[197]
        uncorrectable = raw[198] ?? Self.count(nvme?["media_errors"])
        cableErrors = raw[199]
        wear = Self.count(nvme?["percentage_used"]).flatMap { $0 <= 255 ? $0 : nil }
        criticalWarning = Self.count(nvme?["critical_warning"]).flatMap { $0 <= 255 ? $0 : nil }
        if status & 8 != 0 || value["smart_status"]?["passed"]?.bool == false {
            state = .failing
        } else if value["smart_status"]?["passed"]?.bool == true {
            state = .passed
        } else if status & 2 != 0, messages.contains(where: { $0.contains("STANDBY") || $0.contains("SLEEP") }) {
            state = .asleep
        } else if status & 3 != 0 {
            throw ProbeFailure(.failed, "\(device): " + (messages.first ?? "smartctl ended with status \(status)"))
        } else {
            state = .silent
        }
    }

    /// Some disks pack more into the upper bytes of a raw value; a count beyond 32 bits is none.
    private static func count(_ value: LooseJSON?) -> Int? {
        value?.int.flatMap { (0...0xffff_ffff).contains($0) ? $0 : nil }
    }
}
