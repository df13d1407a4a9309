// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// File systems that run full, by bytes or inodes, that cannot be written, or that cannot be read at all.
///
/// What shares its room (``SharedSpace``) is one finding. How full a ZFS pool is tells `zpool list` too, because volumes,
/// snapshots and datasets that are not mounted take room that `df` does not show.
enum DiskDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[DisksProbe.self].value else { return [] }
        let pools = (snapshot[ZFSProbe.self].value ?? nil)?.pools ?? []
        let groups = SharedSpace.groups(state.fileSystems)
        let mounted = Set(groups.compactMap(\.pool))
        return (state.unreadable ?? []).map { unreadable($0, snapshot.host) }
            + groups.flatMap { group in
                let room = group.pool.flatMap { name in pools.first { $0.name == name }?.room }
                return access(group, snapshot.host)
                    + [space(group, room, snapshot.host, thresholds), inodes(group.shown, snapshot.host, thresholds)]
                    .compactMap { $0 }
            }
            + pools.filter { !mounted.contains($0.name) }.compactMap { bare($0, snapshot.host, thresholds) }
    }

    private static func finding(
        _ kind: FindingKind, _ host: String, _ system: FileSystem, _ severity: Severity, _ summary: String,
        also evidence: [String], _ remedy: String, _ commands: [String]
    ) -> Finding {
        Finding(
            kind, host: host, subject: system.target, severity, summary, evidence: [line(system)] + evidence,
            figures: figures(system), remedy: remedy, commands: commands)
    }

    private static func unreadable(_ mount: UnreadableMount, _ host: String) -> Finding {
        let name = mount.target.printable(limit: 100)
        let argument = mount.target.asArgument("MOUNTPOINT")
        let isDead = mount.type.hasPrefix("fuse") || mount.error == "Transport endpoint is not connected"
        return Finding(
            .filesystemUnreadable, host: host, subject: mount.target, .critical,
            "\(name) cannot be read: \(mount.error.printable(limit: 80)).",
            evidence: ["\(mount.source) on \(mount.target) type \(mount.type): \(mount.error)"],
            remedy: isDead
                ? "The program that serves it has ended: unmount it, then start its unit again."
                : "Look for I/O errors in the kernel's log, and check the disk first.",
            commands: [isDead ? "umount -l \(argument)" : "journalctl -k -p err -n 50"])
    }

    private static func access(_ group: SharedSpace, _ host: String) -> [Finding] {
        if let broken = group.members.first(where: { $0.access == .readOnlyAfterError }) {
            let shown = group.shown.access == .readOnlyAfterError ? group.shown : broken
            return [
                finding(
                    .filesystemReadOnly, host, shown, .critical,
                    "The kernel remounted \(shown.target.printable(limit: 100)) read-only after an error.",
                    also: also(group),
                    "Look for I/O errors in the kernel's log, and check the disk first.",
                    ["journalctl -k -p err -n 50"]
                )
            ]
        }
        // Elsewhere a read-only mount is somebody's choice; these two nothing can work without.
        return group.members.filter { $0.access == .readOnly && ["/", "/var"].contains($0.target) }.map { system in
            finding(
                .filesystemReadOnly, host, system, .critical,
                "\(system.target.printable(limit: 100)) is mounted read-only.", also: [],
                "Look for I/O errors in the kernel's log; the second command makes it writable again.",
                ["journalctl -k -p err -n 50", "mount -o remount,rw \(system.target.asArgument("MOUNTPOINT"))"])
        }
    }

    /// A warning or critical by how full it is and what is left; `nil` while there is room.
    private static func severity(_ share: Double, left: Int, _ thresholds: Thresholds) -> Severity? {
        let isAmple = left >= thresholds.diskAmple
        guard share >= thresholds.diskWarning, !isAmple || share >= thresholds.diskCritical else { return nil }
        return share >= thresholds.diskCritical && !isAmple ? .critical : .warning
    }

    private static func space(
        _ group: SharedSpace, _ room: ZFSPool.Room?, _ host: String, _ thresholds: Thresholds
    ) -> Finding? {
        let share = max(group.usedShare, room?.usedShare ?? 0)
        guard let severity = severity(share, left: group.available, thresholds) else {
            return room == nil ? nearlyOut(group, host) : nil
        }
        let shown = group.shown
        let name = shown.target.printable(limit: 100)
        let what = group.pool.map { "ZFS pool \($0.printable(limit: 60)) (\(name))" } ?? name
        return finding(
            .diskSpace, host, shown, severity, "\(what) is \(percent(share)) full, \(size(group.available)) left.",
            also: also(group) + (room.map { ["\(size($0.used)) of \(size($0.size)) of the pool used"] } ?? []),
            "Find what is using the space.",
            [
                group.pool.map { "zfs list -o space -r \($0.asArgument("POOL"))" }
                    ?? "du -xh --max-depth=2 \(shown.target.asArgument("MOUNTPOINT")) | sort -h | tail"
            ])
    }

    /// What is left of a pool that several datasets share, where nothing tells its size: what volumes and snapshots take does
    /// not show in `df`. A container's one dataset has a quota, so there a small amount is no sign.
    private static func nearlyOut(_ group: SharedSpace, _ host: String) -> Finding? {
        guard let pool = group.pool, group.members.count > 1, group.available < 2 << 30 else { return nil }
        let name = pool.printable(limit: 60)
        return finding(
            .diskSpace, host, group.shown, .critical,
            "ZFS pool \(name) (\(group.shown.target.printable(limit: 100))) has \(size(group.available)) left for all its datasets.",
            also: also(group), "Find what is using the space.", ["zfs list -o space -r \(pool.asArgument("POOL"))"])
    }

    /// A pool of which nothing is mounted, as those of virtual machines.
    private static func bare(_ pool: ZFSPool, _ host: String, _ thresholds: Thresholds) -> Finding? {
        guard let room = pool.room, let severity = severity(room.usedShare, left: room.size - room.used, thresholds)
        else {
            return nil
        }
        return Finding(
            .diskSpace, host: host, subject: pool.name, severity,
            "ZFS pool \(pool.name.printable(limit: 60)) is \(percent(room.usedShare)) full, \(size(room.size - room.used)) left.",
            evidence: ["\(pool.name) zfs: \(size(room.used)) of \(size(room.size)) used"],
            figures: [.size: room.size, .used: room.used, .available: room.size - room.used],
            remedy: "Find what is using the space.", commands: ["zfs list -o space -r \(pool.name.asArgument("POOL"))"])
    }

    private static func inodes(_ system: FileSystem, _ host: String, _ thresholds: Thresholds) -> Finding? {
        // XFS and ZFS make inodes as long as there is space, so their figure only repeats the one for bytes.
        guard !["xfs", "zfs"].contains(system.type), let share = system.inodesUsedShare,
            share >= thresholds.inodesWarning
        else { return nil }
        return finding(
            .diskInodes, host, system, share >= thresholds.inodesCritical ? .critical : .warning,
            "\(system.target.printable(limit: 100)) has used \(percent(share)) of its inodes; without any left, no file can be created.",
            also: [],
            "Find the folders with the most files.",
            ["du --inodes -x \(system.target.asArgument("MOUNTPOINT")) | sort -n | tail"]
        )
    }

    /// The other mount points that share the room.
    private static func also(_ group: SharedSpace) -> [String] {
        let others = group.others
        guard !others.isEmpty else { return [] }
        let more = others.count > 12 ? " and \(others.count - 12) more" : ""
        return ["shared with " + others.prefix(12).joined(separator: " ") + more]
    }

    private static func line(_ system: FileSystem) -> String {
        let inodes = system.inodes.map { ", \(system.inodesAvailable ?? 0) of \($0) inodes free" } ?? ""
        return
            "\(system.source) \(system.type) on \(system.target): \(size(system.used)) of \(size(system.size)) used, "
            + "\(size(system.available)) available\(inodes), \(system.access.rawValue)"
    }

    private static func figures(_ system: FileSystem) -> [Figure: Int] {
        let bytes: [Figure: Int] = [.size: system.size, .used: system.used, .available: system.available]
        guard let inodes = system.inodes else { return bytes }
        return bytes.merging([.inodes: inodes, .inodesFree: system.inodesAvailable ?? 0]) { $1 }
    }

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

extension ZFSPool.Room {
    /// 0…1.
    fileprivate var usedShare: Double { Double(used) / Double(size) }
}
