// SPDX-License-Identifier: MIT
import Macha
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

/// The fleet, and what was done about it.
struct CheckReport: Encodable {
    struct Waiting: Encodable {
        var host: String
        var job: Int64
    }

    var fleet: FleetReport?
    /// `nil` when nothing was to be done.
    var repairs: RepairReport?
    /// The end of the audit's chain, `SEQUENCE:HASH`; `nil` while it has no entries.
    var auditHead: String?
    /// A person ended the check before it was through.
    var isInterrupted = false
    /// Analyses that wait for the next check.
    var waiting: [Waiting] = []

    private enum CodingKeys: String, CodingKey { case repairs, auditHead, interrupted, waiting }

    func encode(to encoder: any Encoder) throws {
        try fleet?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(repairs, forKey: .repairs)
        try container.encodeIfPresent(auditHead, forKey: .auditHead)
        guard isInterrupted else { return }
        try container.encode(true, forKey: .interrupted)
        try container.encode(waiting, forKey: .waiting)
    }

    /// How the command ends; `nil` for success. As `monitoring` systems expect it, every report has a status.
    func exitStatus(monitoring: Bool) -> Int32? {
        if monitoring { return fleet?.exitCode ?? HostState.Level.unknown.exitCode }
        if repairs?.troubles.isEmpty == false { return Failure.Code.unavailable.rawValue }
        return fleet?.unreached.isEmpty == false ? Failure.Code.hosts.rawValue : nil
    }
}
