// SPDX-License-Identifier: MIT
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import struct Foundation.Date

/// What was done, what waits, and what is another than before.
extension PeriodReader {
    mutating func readActions() throws(StoreError) {
        let names = Set(names)
        report.actions = try store.runs(endedAfter: since, until: now).filter { names.contains($0.host) }.map { run in
            var approver: String?
            if case .approval(_, let by) = run.authority { approver = by.printable(limit: 60) }
            return PeriodReport.Action(
                run: run.id, host: run.host, title: OutgoingText.clean(run.proposal.title), outcome: run.state,
                at: run.endedAt ?? now, approval: run.approval, approvedBy: approver,
                note: OutgoingText.clean(run.note))
        }
        report.waiting = try store.approvals(open: true, at: now).filter { names.contains($0.proposal.host) }
            .map { Self.waiting($0) }.sorted { $0.expiresAt < $1.expiresAt }
        report.expired = try store.approvals(expiredAfter: since, until: now)
            .filter { names.contains($0.proposal.host) }.map { Self.waiting($0) }
    }

    private static func waiting(_ approval: Approval) -> PeriodReport.Waiting {
        PeriodReport.Waiting(
            approval: approval.id, host: approval.proposal.host, title: OutgoingText.clean(approval.proposal.title),
            risk: approval.proposal.risk, requestedAt: approval.requestedAt, expiresAt: approval.expiresAt,
            approvedBy: approval.decidedBy?.printable(limit: 60))
    }

    /// Compares the hosts with the newest report from the beginning of the period or before, or with the oldest check that
    /// is kept.
    mutating func readChanges() throws(StoreError) {
        let earlier = try store.reportMark(at: since)
        report.comparedWith = earlier?.mark.takenAt
        for known in hosts {
            let name = known.host.name
            var before = earlier?.mark.hosts[name]
            if earlier == nil { before = try oldest(name) }
            report.hosts.append(
                PeriodReport.Host(
                    host: name, state: known.report.state, alarm: known.report.alarm, isAway: known.report.isAway,
                    before: before?.state))
            // What cannot be seen now is as it was last seen.
            let figures = known.report.figures
            mark.hosts[name] = ReportMark.Host(
                state: known.report.state, generation: figures.generation ?? before?.generation,
                revision: figures.revision ?? before?.revision, kernel: figures.kernel ?? before?.kernel)
            if let before {
                report.changes += changes(of: known, since: before)
            } else if earlier != nil {
                report.changes.append(PeriodReport.HostChange(host: name, what: .added))
            }
            if let boot = boot(of: known) { report.changes.append(boot) }
        }
        let gone = Set(earlier?.mark.hosts.keys.map { $0 } ?? []).subtracting(names)
        report.changes += gone.sorted().map { PeriodReport.HostChange(host: $0, what: .removed) }
    }

    private mutating func oldest(_ host: String) throws(StoreError) -> ReportMark.Host? {
        let (store, since) = (store, since)
        let stored = try part("earlier checks of \(host)") { () throws(StoreError) in
            try store.snapshot(of: host, at: since)
        }
        guard let look = stored ?? nil else { return nil }
        report.comparedWith = max(report.comparedWith ?? since, look.snapshot.takenAt)
        let figures = HostFigures(look.snapshot)
        return ReportMark.Host(
            state: HostState(look.snapshot, look.findings).level, generation: figures.generation,
            revision: figures.revision, kernel: figures.kernel)
    }

    /// What is unknown in one of them has not changed.
    private func changes(of known: Known, since before: ReportMark.Host) -> [PeriodReport.HostChange] {
        let figures = known.report.figures
        var changes: [PeriodReport.HostChange] = []
        func compare(_ what: PeriodReport.HostChange.What, _ from: String?, _ to: String?) {
            guard let from, let to, from != to else { return }
            changes.append(
                PeriodReport.HostChange(
                    host: known.host.name, what: what, from: OutgoingText.clean(from), to: OutgoingText.clean(to)))
        }
        compare(.state, before.state.rawValue, known.report.state.rawValue)
        compare(.generation, before.generation.map(String.init), figures.generation.map(String.init))
        compare(.revision, before.revision?.raw, figures.revision?.raw)
        compare(.kernel, before.kernel?.raw, figures.kernel?.raw)
        return changes
    }

    /// The last boot, if it was in the period.
    private func boot(of known: Known) -> PeriodReport.HostChange? {
        guard let uptime = known.report.figures.uptime, let takenAt = known.report.takenAt else { return nil }
        let time = takenAt.addingTimeInterval(-Double(uptime))
        guard time > since else { return nil }
        return PeriodReport.HostChange(host: known.host.name, what: .rebooted, at: time)
    }
}
