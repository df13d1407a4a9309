// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Timers that ought to have run and did not, never ran, or whose job did not end well.
///
/// - `timer-overdue`: the last run is older than twice the schedule's period. A late backup is a warning and after a week
///   critical, because nothing else tells that there is none; upgrades and certificates are warnings; for the rest
///   (log rotation, `man-db`) it is information.
/// - `timer-never-run`: the timer has waited for two periods and has never fired. Severity as above.
/// - `timer-off`: a timer for backups that is not active although it once ran.
/// - `timer-job-failed`: the last run failed and nothing calls the unit failed any more (`systemctl reset-failed`, or a
///   job that may fail). A unit that still is `failed` is `unit-failed` already.
/// - `timer-job-hangs`: a job has run for more than a day.
///
/// False alarms thought about: a host that was off (a period counts from the boot at the earliest unless the timer is a
/// backup: that it did not run is true all the same, but the grace starts again), timers that fire once a boot (no period),
/// schedules that are not understood (no period), random delays (part of the period), timers switched off by somebody,
/// and a job that is just running.
enum TimerDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[TimersProbe.self].value else { return [] }
        let uptime = snapshot[BootProbe.self].value?.uptime
        return state.timers.compactMap { finding($0, state.observedAt, uptime, snapshot.host, thresholds) }
    }

    private static func finding(
        _ timer: TimerState, _ now: Int, _ uptime: Double?, _ host: String, _ thresholds: Thresholds
    ) -> Finding? {
        let found = hanging(timer, now, thresholds) ?? failed(timer) ?? late(timer, now, uptime, thresholds)
        return found.map { kind, severity, summary, remedy, commands in
            Finding(
                kind, host: host, subject: timer.name, severity, summary, evidence: [evidence(timer, now)],
                remedy: remedy, commands: commands)
        }
    }

    private typealias Found = (
        kind: FindingKind, severity: Severity, summary: String, remedy: String, commands: [String]
    )

    private static func hanging(_ timer: TimerState, _ now: Int, _ thresholds: Thresholds) -> Found? {
        guard let job = timer.job, job.active == "activating", let last = timer.lastRun,
            Double(now - last) >= thresholds.jobSpan
        else { return nil }
        return (
            .timerJobHangs, .warning,
            "\(name(timer.unit)) has been running for \(FindingText.span(now - last)) and has not finished.",
            "See what it is doing.", ["systemctl status \(timer.unit.asArgument("UNIT"))"]
        )
    }

    private static func failed(_ timer: TimerState) -> Found? {
        guard let job = timer.job, job.active == "inactive", let result = job.result, result != "success" else {
            return nil
        }
        return (
            .timerJobFailed, TimerPurpose(timer).matters ? .warning : .info,
            "The last run of \(name(timer.unit)) failed (\(result.printable(limit: 40))).",
            "Read its last messages.", ["journalctl -u \(timer.unit.asArgument("UNIT")) -n 50"]
        )
    }

    private static func late(
        _ timer: TimerState, _ now: Int, _ uptime: Double?, _ thresholds: Thresholds
    ) -> Found? {
        let purpose = TimerPurpose(timer)
        let start = "systemctl start \(timer.unit.asArgument("UNIT"))"
        guard timer.active == "active" else {
            guard timer.active == "inactive", purpose == .backup, timer.lastRun != nil else { return nil }
            return (
                .timerOff, .warning, "\(name(timer.name)) is turned off, so no backup is made.",
                "Turn it on again.", ["systemctl start \(timer.name.asArgument("TIMER"))"]
            )
        }
        guard let period = timer.period, timer.job?.active != "activating" else { return nil }
        let allowed = max(thresholds.timerPeriods * Double(period), Double(period) + thresholds.timerGrace)
        // A host that was off could not run anything; give it one round since it is up again.
        if let uptime, uptime < min(Double(period), 86_400) + thresholds.timerGrace { return nil }
        guard let last = timer.lastRun else {
            guard let since = timer.activeSince, Double(now - since) > allowed else { return nil }
            return (
                .timerNeverRun, purpose.matters ? .warning : .info,
                "\(name(timer.name)) has never run, although it has been active for \(FindingText.span(now - since)).",
                findWhy, ["systemctl list-timers --all", start]
            )
        }
        let age = Double(now - last)
        guard age > allowed else { return nil }
        let severity: Severity =
            purpose == .backup && age > thresholds.backupCritical ? .critical : purpose.matters ? .warning : .info
        return (
            .timerOverdue, severity,
            "\(name(timer.name)) has not run for \(FindingText.span(age)), although it is due every \(FindingText.span(period)).",
            findWhy, ["systemctl list-timers --all", start]
        )
    }

    private static let findWhy = "See when the timers run; the second command runs the job now."

    private static func name(_ unit: String) -> String { unit.printable(limit: 100) }

    private static func evidence(_ timer: TimerState, _ now: Int) -> String {
        let facts: [(String, String?)] = [
            ("state", timer.active), ("last", timer.lastRun.map { FindingText.moment($0) } ?? "never"),
            ("next", timer.nextRun.map { FindingText.moment($0) }),
            ("period", timer.period.map { FindingText.span($0) }),
            ("job", timer.job?.active), ("result", timer.job?.result), ("now", FindingText.moment(now)),
        ]
        return timer.name + ": "
            + facts.compactMap { key, value in value.map { "\(key)=\($0)" } }.joined(separator: " ")
    }
}

/// What a timer is for, as far as its name tells.
private enum TimerPurpose {
    case backup, upgrade, certificate, other

    init(_ timer: TimerState) {
        let name = timer.name.lowercased()
        func has(_ words: [String]) -> Bool { words.contains { name.contains($0) } }
        if has(["backup", "borg", "restic", "duplicity", "rsnapshot", "sanoid", "syncoid", "btrbk", "zrepl"]) {
            self = .backup
        } else if has(["nixos-upgrade", "auto-upgrade", "unattended", "apt-daily-upgrade", "comin"]) {
            self = .upgrade
        } else if has(["acme", "certbot"]) {
            self = .certificate
        } else {
            self = .other
        }
    }

    var matters: Bool { self != .other }
}
