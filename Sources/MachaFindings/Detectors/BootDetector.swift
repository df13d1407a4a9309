// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// A boot that did not finish, and one that is very long ago.
enum BootDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        let uptime = snapshot[BootProbe.self].value?.uptime
        return [
            manager(snapshot, uptime, thresholds), uptime.flatMap { longUptime($0, snapshot.host, thresholds) },
        ].compactMap { $0 }
    }

    private static func manager(_ snapshot: Snapshot, _ uptime: Double?, _ thresholds: Thresholds) -> Finding? {
        guard let units = snapshot[UnitsProbe.self].value else { return nil }
        let evidence = ["SystemState=\(units.manager)", "NJobs=\(units.jobs)"]
        switch units.manager {
        // Failed units have findings of their own.
        case "running": return nil
        case "degraded" where units.failedCount > 0: return nil
        case "maintenance":
            return Finding(
                .maintenanceMode, host: snapshot.host, .critical, "The host is in rescue or emergency mode.",
                evidence: evidence,
                remedy:
                    "Log in at the console and read the errors of this boot; the second command continues the boot.",
                commands: ["journalctl -b -p err", "systemctl default"])
        case "initializing", "starting":
            guard let uptime, uptime > thresholds.bootSpan else { return nil }
            return Finding(
                .bootUnfinished, host: snapshot.host, .warning,
                "The host is still starting, \(Int(uptime / 60)) minutes after boot.", evidence: evidence,
                remedy: "See which jobs it is waiting for.", commands: ["systemctl list-jobs"])
        case "stopping":
            return Finding(
                .shuttingDown, host: snapshot.host, .info, "The host is shutting down.", evidence: evidence)
        default:
            return Finding(
                .managerState, host: snapshot.host, .warning,
                "The service manager reports the state \(units.manager.printable(limit: 40)).", evidence: evidence,
                remedy: "See what it reports.", commands: ["systemctl status"])
        }
    }

    private static func longUptime(_ uptime: Double, _ host: String, _ thresholds: Thresholds) -> Finding? {
        guard uptime >= thresholds.longUptime else { return nil }
        return Finding(
            .longUptime, host: host, .info,
            "The host has been up for \(Int(uptime / 86_400)) days, so no newer kernel has taken effect.",
            evidence: ["up for \(FindingText.span(uptime))"], figures: [.uptime: Int(uptime)], remedy: "Plan a reboot."
        )
    }
}
