// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Disks that fail, wear out, or lose sectors.
///
/// - `disk-failing`, critical: the disk itself says so, or an NVMe shows a critical warning (spare used up, read-only,
///   unreliable). The bit for heat alone is a warning, and the one for reliability on a disk that has used up its
///   endurance and lost nothing says only that (smartmontools#537): `disk-worn`.
/// - `disk-sectors`, a warning: sectors that cannot be read, many that were replaced, or many reads and writes of a SCSI
///   disk that could not be corrected.
/// - `disk-selftest`, a warning: the last self-test found an error; information when that is long ago.
/// - `disk-worn`, a warning: an SSD has used up 90 % of its endurance.
///
/// False alarms thought about: a few replaced sectors (that is what spares are for), the error log of long ago (not
/// looked at), cable errors (counted for ever; not a finding of their own), disks that sleep or report nothing, what SSDs
/// report under the number of unreadable sectors, and the same sectors counted twice (197 and 198).
enum SMARTDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[SMARTProbe.self] else { return [] }
        return state.disks.compactMap { disk in
            judge(disk, thresholds).map { kind, severity, summary, remedy, commands in
                Finding(
                    kind, host: snapshot.host, subject: disk.device, severity, summary, evidence: [evidence(disk)],
                    remedy: remedy, commands: commands)
            }
        }
    }

    private typealias Found = (
        kind: FindingKind, severity: Severity, summary: String, remedy: String, commands: [String]
    )

    private static func judge(_ disk: SMARTDisk, _ thresholds: Thresholds) -> Found? {
        let name = disk.device.printable(limit: 60)
        let look = "smartctl -a \(argument(disk))"
        if isFailing(disk) {
            return (
                .diskFailing, .critical, "\(name) reports that it is failing.",
                "Save the data on it, and replace it.", [look]
            )
        }
        if let lost = sectors(disk, thresholds) { return lost }
        if let failed = selfTest(disk, thresholds) { return failed }
        if let wear = disk.wear, wear >= thresholds.ssdWear {
            return (
                .diskWorn, .warning, "\(name) has used \(wear) % of its endurance.", "Plan its replacement.", [look]
            )
        }
        if disk.isTooHot == true || (disk.criticalWarning ?? 0) & SMARTDisk.NVMeWarning.heat != 0 {
            return (.diskHot, .warning, "\(name) reports that it is too hot.", "Check its cooling.", [look])
        }
        return nil
    }

    /// smartctl calls an NVMe failing for any bit of its warning, so there the bits decide.
    private static func isFailing(_ disk: SMARTDisk) -> Bool {
        guard let warning = disk.criticalWarning, warning != 0 else {
            return disk.state == .failing && disk.isTooHot != true
        }
        let isWornOnly = (disk.wear ?? 0) >= 100 && (disk.uncorrectable ?? 0) == 0
        let excused = SMARTDisk.NVMeWarning.heat | (isWornOnly ? SMARTDisk.NVMeWarning.unreliable : 0)
        return warning & ~excused != 0
    }

    private static func sectors(_ disk: SMARTDisk, _ thresholds: Thresholds) -> Found? {
        let name = disk.device.printable(limit: 60)
        // A sector that waits (197) and one that a test could not read (198) are mostly the same one.
        let lost = max(disk.pending ?? 0, disk.uncorrectable ?? 0)
        if lost > 0 {
            return (
                .diskSectors, .warning, "\(name) has \(FindingText.count(lost, "sector")) that cannot be read.",
                "Check the backup, then run a long self-test.", ["smartctl -t long \(argument(disk))"]
            )
        }
        if let moved = disk.reallocated, moved > thresholds.reallocatedSectors {
            return (
                .diskSectors, .warning, "\(name) has replaced \(moved) sectors.",
                "Check the backup.", ["smartctl -a \(argument(disk))"]
            )
        }
        if let errors = disk.uncorrected, errors > thresholds.uncorrectedErrors {
            return (
                .diskSectors, .warning, "\(name) could not correct \(FindingText.count(errors, "error")).",
                "Check the backup, then run a long self-test.", ["smartctl -t long \(argument(disk))"]
            )
        }
        return nil
    }

    private static func selfTest(_ disk: SMARTDisk, _ thresholds: Thresholds) -> Found? {
        guard let result = disk.selfTest else { return nil }
        let name = disk.device.printable(limit: 60)
        let age = disk.selfTestAge.map { Double($0) * 3600 }
        let isOld = age.map { $0 > thresholds.selfTestAge } ?? false
        let when = age.map { ", \(FindingText.roughSpan($0)) of operation ago" } ?? ""
        let what = result.isEmpty ? "" : " (\(result.printable(limit: 60)))"
        return (
            .diskSelfTest, isOld ? .info : .warning, "The last self-test of \(name) failed\(what)\(when).",
            "Check the backup, then run a long self-test.", ["smartctl -t long \(argument(disk))"]
        )
    }

    /// `-d megaraid,3 /dev/bus/0` for a disk behind a controller.
    private static func argument(_ disk: SMARTDisk) -> String {
        let words = disk.device.split(separator: " ")
        guard words.count == 3, words[1] == "-d",
            words[2].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "," || $0 == "/") })
        else { return disk.device.asArgument("DISK") }
        return "-d \(words[2]) \(String(words[0]).asArgument("DISK"))"
    }

    private static func evidence(_ disk: SMARTDisk) -> String {
        let facts: [(String, Int?)] = [
            ("reallocated", disk.reallocated), ("pending", disk.pending), ("uncorrectable", disk.uncorrectable),
            ("uncorrected", disk.uncorrected), ("cable", disk.cableErrors), ("wear", disk.wear),
            ("warning", disk.criticalWarning), ("hours", disk.hours), ("celsius", disk.celsius),
        ]
        return "\(disk.device) \(disk.model ?? "") \(disk.state.rawValue) "
            + facts.compactMap { key, value in value.map { "\(key)=\($0)" } }.joined(separator: " ")
    }
}
