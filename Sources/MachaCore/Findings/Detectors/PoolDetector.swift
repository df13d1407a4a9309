// SPDX-License-Identifier: MIT

/// ZFS pools and btrfs devices that are not whole.
///
/// - `pool-degraded`, critical: a pool works without a part of its redundancy, or no longer. The next fault may lose data.
/// - `pool-errors`, a warning: a pool is whole but a device made errors; critical once data is damaged for good.
/// - `pool-resilvering`, information, in place of nothing else: the host should not be rebooted now.
/// - `scrub-overdue`, information: the last scrub is more than forty days ago.
/// - `btrfs-errors`, a warning: the counters stand until somebody resets them, so they cannot say whether it goes on.
///
/// False alarms thought about: pools that were never scrubbed (no finding: a new pool looks the same), spare devices
/// (`AVAIL`, `INUSE`), a scrub that runs.
enum PoolDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        var found: [Finding] = []
        if case .known(.some(let state)) = snapshot[ZFSProbe.self] {
            found += state.pools.flatMap { pool($0, state.observedAt, snapshot.host, thresholds) }
        }
        if case .known(.some(let state)) = snapshot[BtrfsProbe.self] {
            found += state.devices.filter { $0.total > 0 }.map { btrfs($0, snapshot.host) }
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
        func finding(_ kind: String, _ severity: Severity, _ summary: String, _ remedy: String) -> Finding {
            Finding(kind, host: host, subject: pool.name, severity, summary, evidence: evidence, remedy: remedy)
        }
        var found: [Finding] = []
        if pool.state != "ONLINE" {
            found.append(
                finding(
                    "pool-degraded", .critical, "ZFS pool \(name) is \(pool.state.lowercased()).",
                    "\(status); check the last backup before anything else, and do not reboot"))
        } else if let damaged = pool.errors, damaged > 0 {
            found.append(
                finding(
                    "pool-errors", .critical,
                    "ZFS pool \(name) has \(FindingText.count(damaged, "damaged file")) that no copy can mend.",
                    "\(status) names them; restore them from a backup"))
        } else if devices.contains(where: { $0.errors > 0 || $0.state != "ONLINE" }) {
            found.append(
                finding(
                    "pool-errors", .warning, "A device of ZFS pool \(name) made errors.",
                    "\(status); look at the disk and its cable before zpool clear"))
        }
        if let scan = pool.scan, scan.hasPrefix("resilver"), !scan.contains("finished") {
            found.append(
                finding(
                    "pool-resilvering", .info, "ZFS pool \(name) is being made whole again.",
                    "wait, and do not reboot; \(status)"))
        }
        if let scrubbed = pool.scrubbedAt, Double(now - scrubbed) > thresholds.scrubAge {
            found.append(
                finding(
                    "scrub-overdue", .info, "ZFS pool \(name) was scrubbed \(FindingText.span(now - scrubbed)) ago.",
                    "services.zfs.autoScrub.enable = true"))
        }
        return found
    }

    private static func btrfs(_ device: BtrfsDevice, _ host: String) -> Finding {
        Finding(
            "btrfs-errors", host: host, subject: device.name, .warning,
            "Btrfs counted \(FindingText.count(device.total, "error")) on \(device.name.printable(limit: 60)).",
            evidence: [
                "write \(device.writeErrors) read \(device.readErrors) flush \(device.flushErrors) "
                    + "corruption \(device.corruptionErrors) generation \(device.generationErrors)"
            ],
            remedy: "look at the disk (smartctl -a), scrub, and reset the counters when it is settled")
    }
}
