// SPDX-License-Identifier: MIT

/// Disks that fail, wear out, or lose sectors.
///
/// - `disk-failing`, critical: the disk itself says so, or an NVMe shows a critical warning (spare used up, read-only,
///   unreliable). The bit for heat alone is a warning.
/// - `disk-sectors`, a warning: sectors that cannot be read, or many that were replaced.
/// - `disk-worn`, a warning: an SSD has used up 90 % of its endurance.
///
/// False alarms thought about: a few replaced sectors (that is what spares are for), the error log of long ago (not
/// looked at), cable errors (counted for ever; not a finding of their own), disks that sleep or report nothing.
enum SMARTDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[SMARTProbe.self] else { return [] }
        return state.disks.compactMap { disk in
            judge(disk, thresholds).map { kind, severity, summary, remedy in
                Finding(
                    kind, host: snapshot.host, subject: disk.device, severity, summary, evidence: [evidence(disk)],
                    remedy: remedy)
            }
        }
    }

    private static let hot = 2  // bit of NVMe's critical warning

    private static func judge(
        _ disk: SMARTDisk, _ thresholds: Thresholds
    ) -> (String, Severity, String, String)? {
        let name = disk.device.printable(limit: 60)
        let look = "smartctl -a \(disk.device.asArgument("DISK"))"
        let warning = disk.criticalWarning ?? 0
        if disk.state == .failing || warning & ~hot != 0 {
            return (
                "disk-failing", .critical, "\(name) says that it is failing.",
                "save what is on it and replace it; \(look)"
            )
        }
        let lost = (disk.pending ?? 0) + (disk.uncorrectable ?? 0)
        if lost > 0 {
            return (
                "disk-sectors", .warning, "\(name) has \(FindingText.count(lost, "sector")) that cannot be read.",
                "check the backup, then smartctl -t long \(disk.device.asArgument("DISK"))"
            )
        }
        if let moved = disk.reallocated, moved > thresholds.reallocatedSectors {
            return ("disk-sectors", .warning, "\(name) has replaced \(moved) sectors.", "check the backup; \(look)")
        }
        if let wear = disk.wear, wear >= thresholds.ssdWear {
            return (
                "disk-worn", .warning, "\(name) has used \(wear) % of its endurance.", "plan its replacement; \(look)"
            )
        }
        if warning & hot != 0 {
            return ("disk-hot", .warning, "\(name) is too hot by its own measure.", "look at its cooling; \(look)")
        }
        return nil
    }

    private static func evidence(_ disk: SMARTDisk) -> String {
        let facts: [(String, Int?)] = [
            ("reallocated", disk.reallocated), ("pending", disk.pending), ("uncorrectable", disk.uncorrectable),
            ("cable", disk.cableErrors), ("wear", disk.wear), ("warning", disk.criticalWarning), ("hours", disk.hours),
            ("celsius", disk.celsius),
        ]
        return "\(disk.device) \(disk.model ?? "") \(disk.state.rawValue) "
            + facts.compactMap { key, value in value.map { "\(key)=\($0)" } }.joined(separator: " ")
    }
}
