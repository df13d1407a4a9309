// SPDX-License-Identifier: MIT

/// Units that failed, and services in a crash loop.
enum UnitDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[UnitsProbe.self].value else { return [] }
        let found = state.units.compactMap { finding($0, in: state, host: snapshot.host, thresholds) }
        let failed = state.units.count(where: \.isFailed)
        // All of them: what is left out here would count as gone. Pages cut their own lists.
        let unlisted = state.failedCount - failed
        guard unlisted > 0 else { return found }
        let rest = Finding(
            "units-failed", host: snapshot.host, .critical,
            "\(FindingText.count(unlisted, "more unit")) failed, by the service manager's count.",
            remedy: "systemctl --failed")
        return found + [rest]
    }

    private static func finding(
        _ unit: UnitState, in state: UnitsState, host: String, _ thresholds: Thresholds
    ) -> Finding? {
        let name = unit.name.printable(limit: 100)
        let argument = unit.name.asArgument("UNIT")
        if unit.isFailed {
            // A job that failed has its next run; a service that failed is gone.
            let severity: Severity = unit.type == "oneshot" || unit.name.hasSuffix(".timer") ? .warning : .critical
            return Finding(
                "unit-failed", host: host, subject: unit.name, severity, "\(name) has failed\(cause(unit)).",
                evidence: [evidence(unit)], remedy: "systemctl status \(argument); journalctl -u \(argument) -n 50")
        }
        let restarts = unit.restarts ?? 0
        guard isLooping(unit, restarts, state, thresholds) else {
            guard unit.isRestarting else { return nil }
            return Finding(
                "unit-restarting", host: host, subject: unit.name, .warning,
                "\(name) has died and waits to be started again\(cause(unit)).", evidence: [evidence(unit)],
                remedy: "journalctl -u \(argument) -n 50")
        }
        return Finding(
            "unit-crash-loop", host: host, subject: unit.name, .critical,
            "\(name) dies and is started again and again, \(restarts) times so far.", evidence: [evidence(unit)],
            remedy: "journalctl -u \(argument) -n 50; systemctl stop \(argument) ends the loop")
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

    private static func cause(_ unit: UnitState) -> String {
        switch unit.result {
        case "exit-code": unit.exitStatus.map { " with exit status \($0)" } ?? ""
        case "oom-kill": " because memory ran out"
        case "timeout": " because it took too long"
        case "signal": " by a signal"
        case "core-dump": " with a core dump"
        case "watchdog": " because its watchdog got no sign of life"
        case "start-limit-hit": " after too many attempts to start it"
        case "success", nil: ""
        case .some(let other): " (\(other.printable(limit: 40)))"
        }
    }

    private static func evidence(_ unit: UnitState) -> String {
        let facts: [(String, String?)] = [
            ("ActiveState", unit.active), ("SubState", unit.sub), ("Result", unit.result),
            ("ExecMainStatus", unit.exitStatus.map { String($0) }), ("NRestarts", unit.restarts.map { String($0) }),
        ]
        return unit.name + ": " + facts.compactMap { key, value in value.map { "\(key)=\($0)" } }.joined(separator: " ")
    }
}
