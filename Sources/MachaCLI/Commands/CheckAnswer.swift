// SPDX-License-Identifier: MIT
import Macha
import MachaViews
import MachaFindings
import Synchronization

import struct Foundation.Date

/// What a check has come to so far; the one that is interrupted shows it as it is.
final class CheckAnswer: Sendable {
    private struct State {
        var report = CheckReport()
        var shownWarnings = 0
    }

    private let state = Mutex(State())

    var value: CheckReport { state.withLock { $0.report } }
    func set(_ change: (inout CheckReport) -> Void) { state.withLock { change(&$0.report) } }

    func take(_ cycle: CycleState) {
        set { report in
            (report.fleet, report.repairs) = (cycle.fleet ?? report.fleet, cycle.repairs)
        }
    }

    func take(_ entry: FleetAnalysis.Entry, at now: Date) { set { $0.fleet = $0.fleet?.with([entry], at: now) } }

    /// The warnings that were not returned before.
    func newWarnings(of cycle: CycleState) -> [String] {
        state.withLock { state in
            defer { state.shownWarnings = cycle.warnings.count }
            return Array(cycle.warnings.dropFirst(state.shownWarnings))
        }
    }
}

extension CheckReport {
    /// How the command ends; `nil` for success. As `monitoring` systems expect it, every report has a status.
    func exitStatus(monitoring: Bool) -> Int32? {
        if monitoring { return fleet?.exitCode ?? HostState.Level.unknown.exitCode }
        if repairs?.troubles.isEmpty == false { return Failure.Code.unavailable.rawValue }
        return fleet?.unreached.isEmpty == false ? Failure.Code.hosts.rawValue : nil
    }
}
