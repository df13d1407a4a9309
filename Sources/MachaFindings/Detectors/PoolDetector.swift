// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// ZFS pools, btrfs file systems and RAID arrays of the kernel that are not whole.
///
/// - `pool-degraded`, critical: a pool works without a part of its redundancy, or no longer. The next fault may lose data.
/// - `pool-errors`, a warning: a pool is whole but a device made errors, a spare or cache device is gone; critical once
///   data is damaged for good.
/// - `pool-resilvering`, information, in place of nothing else: the host should not be rebooted now.
/// - `scrub-overdue`, information: the last scrub is more than forty days ago.
/// - `btrfs-degraded`, critical: a device of a file system is missing. A warning where it is mounted so and nobody may ask.
/// - `btrfs-errors`, a warning: the counters stay until they are reset, so they cannot say whether it goes on.
/// - `raid-degraded`, critical: an array lacks members, or does not run. `raid-errors`, a warning: it is whole and a
///   failed member is still in it. `raid-rebuilding`, information.
///
/// False alarms thought about: pools that were never scrubbed (no finding: a new pool looks the same), spare devices
/// (`AVAIL`, `INUSE`), a scrub or check that runs, `degraded` among the options of a file system that has all its devices,
/// the containers of firmware RAID (inactive by nature), levels without redundancy, arrays that were never written to.
enum PoolDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        var found: [Finding] = []
        if case .known(.some(let state)) = snapshot[ZFSProbe.self] {
            found += state.pools.flatMap { pool($0, state.observedAt, snapshot.host, thresholds) }
        }
        found += btrfs(snapshot)
        if case .known(.some(let state)) = snapshot[MDRaidProbe.self] {
            found += state.arrays.flatMap { array($0, snapshot.host) }
        }
        return found
    }

    private static func pool(_ pool: ZFSPool, _ now: Int, _ host: String, _ thresholds: Thresholds) -> [Finding] {
        let name = pool.name.printable(limit: 60)
        let devices = pool.devices.filter { $0.state != "AVAIL" && $0.state != "INUSE" }
        let evidence =
            ["\(pool.name): \(pool.state)" + (pool.scan.map { ", \($0)" } ?? "")]
            + devices.prefix(8).map { "\($0.name) \($0.state), \($0.errors) errors" }
        let status = "zpool status -v \(pool.name.asArgument("POOL"))"
        func finding(
            _ kind: FindingKind, _ severity: Severity, _ summary: String, _ remedy: String, _ commands: [String]
        )
            -> Finding
        {
            Finding(
                kind, host: host, subject: pool.name, severity, summary, evidence: evidence, remedy: remedy,
                commands: commands)
        }
        var found: [Finding] = []
        if pool.state != "ONLINE" {
            found.append(
                finding(
                    .poolDegraded, .critical, "ZFS pool \(name) is \(pool.state.lowercased()).",
                    "Check the last backup first, and do not reboot.", [status]))
        }
        // Replacing the disk makes the pool whole again; damaged files stay damaged. One that is gone tells no count.
        if ["ONLINE", "DEGRADED"].contains(pool.state), let damaged = pool.errors, damaged > 0 {
            found.append(
                finding(
                    .poolErrors, .critical,
                    "ZFS pool \(name) has \(FindingText.count(damaged, "damaged file")) that no copy can repair.",
                    "Restore the damaged files, which the command names, from a backup.", [status]))
        } else if pool.state == "ONLINE", devices.contains(where: { $0.errors > 0 || $0.state != "ONLINE" }) {
            found.append(
                finding(
                    .poolErrors, .warning,
                    devices.contains { $0.errors > 0 }
                        ? "A device of ZFS pool \(name) reported errors." : "A device of ZFS pool \(name) is missing.",
                    "Check the disk and its cable before the errors are cleared.", [status]))
        }
        if let scan = pool.scan, scan.hasPrefix("resilver"), !scan.contains("finished") {
            found.append(
                finding(
                    .poolResilvering, .info, "ZFS pool \(name) is being resilvered.",
                    "Wait until it has finished, and do not reboot.", [status]))
        }
        if let scrubbed = pool.scrubbedAt, Double(now - scrubbed) > thresholds.scrubAge {
            found.append(
                finding(
                    .scrubOverdue, .info, "ZFS pool \(name) was scrubbed \(FindingText.span(now - scrubbed)) ago.",
                    "Turn on regular scrubs: services.zfs.autoScrub.enable = true.", []))
        }
        return found
    }

    private static func btrfs(_ snapshot: Snapshot) -> [Finding] {
        guard case .known(let state) = snapshot[BtrfsProbe.self] else { return mountedDegraded(snapshot) }
        let devices = state?.devices ?? []
        let missing = Dictionary(grouping: devices.filter(\.isMissing)) { $0.mount ?? $0.name }
        return missing.sorted { $0.key < $1.key }.map { mount, gone in
            let name = mount.printable(limit: 100)
            return Finding(
                .btrfsDegraded, host: snapshot.host, subject: mount, .critical,
                "\(FindingText.count(gone.count, "device")) of the btrfs file system on \(name) \(gone.count == 1 ? "is" : "are") missing.",
                evidence: gone.prefix(8).map { "\($0.name) of \(mount)" },
                remedy: "Check the backup, and do not reboot before the device is replaced (btrfs replace start).",
                commands: ["btrfs filesystem show \(mount.asArgument("MOUNTPOINT"))"])
        } + devices.filter { $0.total > 0 }.map { errors($0, snapshot.host) }
    }

    /// What the mount table says where the devices cannot be asked.
    private static func mountedDegraded(_ snapshot: Snapshot) -> [Finding] {
        let systems = snapshot[DisksProbe.self].value?.fileSystems ?? []
        return SharedSpace.groups(systems.filter { $0.isDegraded == true }).map { group in
            let target = group.shown.target
            return Finding(
                .btrfsDegraded, host: snapshot.host, subject: target, .warning,
                "\(target.printable(limit: 100)) is mounted degraded: a device may be missing.",
                evidence: ["\(group.shown.source) on \(target) type \(group.shown.type), option degraded"],
                remedy: "List its devices.",
                commands: ["btrfs filesystem show \(target.asArgument("MOUNTPOINT"))"])
        }
    }

    private static func errors(_ device: BtrfsDevice, _ host: String) -> Finding {
        Finding(
            .btrfsErrors, host: host, subject: device.name, .warning,
            "Btrfs counted \(FindingText.count(device.total, "error")) on \(device.name.printable(limit: 60)).",
            evidence: [
                "write \(device.writeErrors) read \(device.readErrors) flush \(device.flushErrors) "
                    + "corruption \(device.corruptionErrors) generation \(device.generationErrors)"
            ],
            remedy: "Check the disk (smartctl -a), scrub, and reset the counters once the cause is fixed.")
    }

    private static func array(_ array: MDArray, _ host: String) -> [Finding] {
        guard !array.isContainer else { return [] }
        let name = array.name.printable(limit: 60)
        let look = "mdadm --detail \("/dev/\(array.name)".asArgument("ARRAY"))"
        let counts = array.working.flatMap { working in array.wanted.map { "[\($0)/\(working)]" } } ?? ""
        let activity = array.activity.map { "\($0) \(array.percent.map { "\($0) %" } ?? "waits")" } ?? ""
        let evidence =
            (["\(array.name): \(array.state)", array.level ?? "", counts, activity].filter { !$0.isEmpty })
            .joined(separator: " ")
        func finding(
            _ kind: FindingKind, _ severity: Severity, _ summary: String, _ remedy: String, _ commands: [String]
        )
            -> Finding
        {
            Finding(
                kind, host: host, subject: array.name, severity, summary,
                evidence: [evidence] + array.failed.prefix(8).map { "\($0) failed" }, remedy: remedy, commands: commands
            )
        }
        var found: [Finding] = []
        if array.state != "active" {
            found.append(
                finding(
                    .raidDegraded, .critical, "RAID array \(name) is \(array.state): nothing can be read from it.",
                    "Check the last backup first.", [look]))
        } else if let wanted = array.wanted, let working = array.working, working < wanted {
            found.append(
                finding(
                    .raidDegraded, .critical, "RAID array \(name) runs with \(working) of \(wanted) disks.",
                    "Check the last backup, then replace the disk.", [look]))
        } else if let failed = array.failed.first {
            found.append(
                finding(
                    .raidErrors, .warning, "RAID array \(name) has marked \(failed.printable(limit: 60)) as failed.",
                    "Check the disk and its cable.", [look]))
        }
        if let running = array.activity, ["recovery", "resync", "reshape"].contains(running) {
            found.append(
                finding(
                    .raidRebuilding, .info, "RAID array \(name) is being rebuilt (\(running)).",
                    "Wait until it has finished, and do not reboot.", ["cat /proc/mdstat"]))
        }
        return found
    }
}
