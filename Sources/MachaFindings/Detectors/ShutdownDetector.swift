// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// A boot that ended without a shutdown, and a journal that has grown large.
///
/// - `unclean-shutdown`, a warning for the first day after: power, a crash or a reset took the host down.
/// - `journal-large`, information: more than 4 GiB.
///
/// False alarms thought about: hosts whose journal holds no earlier boot (memory only, first boot), containers (their
/// manager may kill them), a journal on a disk that is unmounted before the last lines are written (several lines of an
/// orderly end are looked for, also early ones).
enum ShutdownDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let history = snapshot[BootsProbe.self].value else { return [] }
        var found: [Finding] = []
        if history.lastEnd == .sudden, let system = snapshot[SystemProbe.self].value, system.container == nil {
            let uptime = snapshot[BootProbe.self].value.map { " \(FindingText.span($0.uptime)) ago" } ?? ""
            found.append(
                Finding(
                    .uncleanShutdown, host: snapshot.host, .warning,
                    "The host went down without a clean shutdown and came back\(uptime).",
                    evidence: ["the journal of the previous boot ends without any message of a shutdown"],
                    remedy: "Read the last messages of the previous boot, and check power, temperature and memory.",
                    commands: ["journalctl -b -1 -n 100"]))
        }
        if history.journalBytes > thresholds.journalSize {
            found.append(
                Finding(
                    .journalLarge, host: snapshot.host, .info,
                    "The journal uses \(history.journalBytes >> 30) GiB.",
                    evidence: ["\(FindingText.bytes(history.journalBytes)) of journal"],
                    figures: [.journalBytes: history.journalBytes],
                    remedy: "Shrink it, and limit it with services.journald.extraConfig = \"SystemMaxUse=1G\".",
                    commands: ["journalctl --vacuum-size=1G"]))
        }
        return found
    }
}
