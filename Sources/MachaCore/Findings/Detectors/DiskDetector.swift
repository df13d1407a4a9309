// SPDX-License-Identifier: MIT

/// File systems that run full, by bytes or inodes, or that cannot be written.
enum DiskDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[DisksProbe.self].value else { return [] }
        return state.fileSystems.flatMap { system in
            [access(system), space(system, thresholds), inodes(system, thresholds)].compactMap { found in
                found.map { kind, severity, summary, remedy in
                    Finding(
                        kind, host: snapshot.host, subject: system.target, severity, summary,
                        evidence: [evidence(system)], remedy: remedy)
                }
            }
        }
    }

    private typealias Found = (String, Severity, String, String)

    private static func access(_ system: FileSystem) -> Found? {
        let name = system.target.printable(limit: 100)
        switch system.access {
        case .writable: return nil
        case .readOnlyAfterError:
            return (
                "filesystem-read-only", .critical, "The kernel made \(name) read-only after an error.",
                "look for I/O errors in the kernel's log and check the disk before anything else"
            )
        case .readOnly:
            // Elsewhere a read-only mount is somebody's choice; these two nothing can work without.
            guard ["/", "/var"].contains(system.target) else { return nil }
            return (
                "filesystem-read-only", .critical, "\(name) is mounted read-only.",
                "look for I/O errors in the kernel's log; mount -o remount,rw \(system.target)"
            )
        }
    }

    private static func space(_ system: FileSystem, _ thresholds: Thresholds) -> Found? {
        let share = system.usedShare
        let isAmple = system.available >= thresholds.diskAmple
        guard share >= thresholds.diskWarning, !isAmple || share >= thresholds.diskCritical else { return nil }
        let severity: Severity = share >= thresholds.diskCritical && !isAmple ? .critical : .warning
        return (
            "disk-space", severity,
            "\(system.target.printable(limit: 100)) is \(percent(share)) full, \(size(system.available)) left.",
            "find what grew: du -xh --max-depth=2 \(system.target.asArgument("MOUNTPOINT")) | sort -h | tail"
        )
    }

    private static func inodes(_ system: FileSystem, _ thresholds: Thresholds) -> Found? {
        // XFS makes inodes as long as there is space, so its figure only repeats the one for bytes.
        guard system.type != "xfs", let share = system.inodesUsedShare, share >= thresholds.inodesWarning else {
            return nil
        }
        return (
            "disk-inodes", share >= thresholds.inodesCritical ? .critical : .warning,
            "\(system.target.printable(limit: 100)) has used \(percent(share)) of its inodes; with none left no file can be made.",
            "find folders with very many small files: du --inodes -x \(system.target.asArgument("MOUNTPOINT")) | sort -n | tail"
        )
    }

    private static func evidence(_ system: FileSystem) -> String {
        let inodes = system.inodes.map { " inodes=\($0) free=\(system.inodesAvailable ?? 0)" } ?? ""
        return "\(system.source) \(system.type) on \(system.target): size=\(system.size) used=\(system.used) "
            + "available=\(system.available)\(inodes) \(system.access.rawValue)"
    }

    /// Never rounds up to 100 %.
    // Rounded as the tables round it; a disk with room left is never called full to the last byte.
    private static func percent(_ share: Double) -> String {
        share < 1 && share > 0.995 ? ">99 %" : "\(Int((share * 100).rounded())) %"
    }

    private static func size(_ bytes: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var amount = Double(bytes)
        var unit = 0
        while amount >= 1024, unit < units.count - 1 {
            amount /= 1024
            unit += 1
        }
        let tenths = Int(amount * 10)
        return amount >= 10 || unit == 0
            ? "\(Int(amount)) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
