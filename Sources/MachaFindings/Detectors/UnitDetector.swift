// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Units that failed, services in a crash loop, and what has been starting or stopping for hours.
///
/// - `unit-failed`: critical for what is to run all the time, a warning for jobs, information for what belongs to one
///   login, was made by a program for one use, or is not on the host any more.
/// - `unit-crash-loop`, critical, and `unit-restarting`, a warning: a service dies and is started again.
/// - `unit-starting`, a warning: it neither started nor gave up, so nothing else tells of it. Jobs may run for long; those
///   of timers are `timer-job-hangs`, others hang after a day.
///
/// False alarms thought about: podman's health checks, which are units of their own and already reported by the
/// container.
enum UnitDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[UnitsProbe.self].value else { return [] }
        let jobs = Set((snapshot[TimersProbe.self].value?.timers ?? []).map(\.unit))
        let isToldByContainer = hasUnhealthyContainer(snapshot)
        let found = state.units.compactMap { unit in
            if unit.isFailed {
                return UnitKind(unit) == .healthCheck && isToldByContainer ? nil : failure(of: unit, snapshot.host)
            }
            return looping(unit, in: state, host: snapshot.host, thresholds)
                ?? starting(unit, in: state, jobs, host: snapshot.host, thresholds)
        }
        let failed = state.units.count(where: \.isFailed)
        // All of them: what is left out here would count as gone. Pages cut their own lists.
        let unlisted = state.failedCount - failed
        guard unlisted > 0 else { return found }
        let rest = Finding(
            .unitsFailed, host: snapshot.host, .critical,
            "\(FindingText.count(unlisted, "more unit")) failed, by the service manager's count.",
            remedy: "List them.", commands: ["systemctl --failed"])
        return found + [rest]
    }

    private static func hasUnhealthyContainer(_ snapshot: Snapshot) -> Bool {
        guard case .known(.some(let state)) = snapshot[ContainersProbe.self] else { return false }
        return state.engines.contains { ($0.containers ?? []).contains { $0.isHealthy == false } }
    }

    private static func failure(of unit: UnitState, _ host: String) -> Finding {
        let kind = UnitKind(unit)
        let argument = unit.name.asArgument("UNIT")
        let forget = "systemctl reset-failed \(argument)"
        return Finding(
            .unitFailed, host: host, subject: unit.name, kind.severity, sentence(unit, kind),
            telling: evidence(unit),
            remedy: kind.isLeftover ? "Clear the failed state." : seeWhy,
            commands: kind.isLeftover ? [forget] : look(argument))
    }

    private static func sentence(_ unit: UnitState, _ kind: UnitKind) -> String {
        let name = unit.name.printable(limit: 100)
        return switch kind {
        case .gone: "\(name) is no longer a unit of the host; only its failed state remains."
        case .healthCheck: "The health check of container \(unit.name.prefix(12)) failed."
        case .session: "\(name), a unit of one login session, has failed\(UnitEnd.cause(unit))."
        case .transient: "\(name), a transient unit, has failed\(UnitEnd.cause(unit))."
        case .job, .lasting: "\(name) has failed\(UnitEnd.cause(unit))."
        }
    }

    private static func looping(
        _ unit: UnitState, in state: UnitsState, host: String, _ thresholds: Thresholds
    ) -> Finding? {
        let name = unit.name.printable(limit: 100)
        let argument = unit.name.asArgument("UNIT")
        let restarts = unit.restarts ?? 0
        guard isLooping(unit, restarts, state, thresholds) else {
            guard unit.isRestarting else { return nil }
            return Finding(
                .unitRestarting, host: host, subject: unit.name, .warning,
                "\(name) failed\(UnitEnd.cause(unit)) and is about to be restarted.", telling: evidence(unit),
                remedy: "Read its last messages.", commands: ["journalctl -u \(argument) -n 50"])
        }
        return Finding(
            .unitCrashLoop, host: host, subject: unit.name, .critical,
            "\(name) keeps failing and restarting, \(restarts) times so far.", telling: evidence(unit),
            remedy: "Read its last messages; the second command stops the loop.",
            commands: ["journalctl -u \(argument) -n 50", "systemctl stop \(argument)"])
    }

    private static func isLooping(
        _ unit: UnitState, _ restarts: Int, _ state: UnitsState, _ thresholds: Thresholds
    ) -> Bool {
        guard restarts >= thresholds.restartLoop else { return false }
        if unit.isRestarting { return true }
        // Between two deaths it runs or starts; one that has settled since has not changed its state for a while.
        guard let since = unit.since else { return unit.active == "activating" }
        return (-5...thresholds.restartLoopSpan).contains(state.observedAt - since)
    }

    private static func starting(
        _ unit: UnitState, in state: UnitsState, _ jobs: Set<String>, host: String, _ thresholds: Thresholds
    ) -> Finding? {
        guard unit.isUnderWay, let since = unit.since, !jobs.contains(unit.name), !UnitKind(unit).isLeftover else {
            return nil
        }
        let isJob = unit.type == "oneshot" && unit.active == "activating"
        let span = Double(state.observedAt - since)
        guard span >= (isJob ? thresholds.jobSpan : thresholds.startSpan) else { return nil }
        let argument = unit.name.asArgument("UNIT")
        let doing = unit.active == "deactivating" ? "stopping" : "starting"
        return Finding(
            .unitStarting, host: host, subject: unit.name, .warning,
            "\(unit.name.printable(limit: 100)) has been \(doing) for \(FindingText.span(span)).",
            telling: evidence(unit), remedy: seeWhy, commands: look(argument))
    }

    private static let seeWhy = "See its state and its last messages."

    private static func look(_ argument: String) -> [String] {
        ["systemctl status \(argument)", "journalctl -u \(argument) -n 50"]
    }

    private static func evidence(_ unit: UnitState) -> [Evidence] {
        let facts: [(String, String?)] = [
            ("LoadState", unit.load == "loaded" ? nil : unit.load), ("ActiveState", unit.active),
            ("SubState", unit.sub), ("Result", unit.result),
            ("ExecMainStatus", UnitEnd.hasExitStatus(unit) ? unit.exitStatus.map { String($0) } : nil),
            ("NRestarts", unit.restarts.map { String($0) }),
        ]
        let line =
            unit.name + ": " + facts.compactMap { key, value in value.map { "\(key)=\($0)" } }.joined(separator: " ")
        let known = Evidence.UnitFacts(result: unit.result, mountPoint: mountPoint(unit.name))
        return [.unit(UntrustedText(line), known)] + (unit.said ?? []).map { .lastWords($0) }
    }

    /// What a mount unit mounts. systemd.unit(5): a path's slashes become dashes, and its own dashes are escaped.
    private static func mountPoint(_ unit: String) -> String? {
        guard unit.hasSuffix(".mount") else { return nil }
        return "/" + unit.dropLast(".mount".count).replacing("-", with: "/").replacing("\\x2d", with: "-")
    }
}
