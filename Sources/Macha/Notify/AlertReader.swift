// SPDX-License-Identifier: MIT
import MachaActions
import MachaFindings
import MachaInventory
import MachaJournal
import MachaModel
import MachaStore
import Foundation

/// Everything that is so now and may have to be told, out of the store.
///
/// It is read as it is, not as events: whatever happened while nobody ran is found all the same.
struct AlertReader {
    let store: Store
    let inventory: Inventory
    let settings: NotificationSettings
    let now: Date

    func alerts() throws(StoreError) -> [Alert] {
        let names = Set(inventory.hosts.map(\.name) + (try isItselfTold() ? [FleetHost.itself.name] : []))
        let muting = try MutingLoader(inventory, store: store).muting(of: inventory.hosts, at: now)
        let issues = try store.openIssues().filter {
            names.contains($0.finding.host) && !$0.finding.isAny(of: Self.toldOtherwise)
        }
        let reasons = muting.reasons(for: issues)
        let judged = issues.map { (issue: $0, reason: reasons[$0.finding.fingerprint]) }
        var alerts: [Alert] = []
        for (issue, reason) in judged { alerts.append(try alert(issue, reason)) }
        alerts += shared(judged.filter { $0.reason == nil }.map(\.issue))
        alerts += try store.approvals(open: true, at: now).filter { $0.state(at: now) == .waiting }.map { alert($0) }
        alerts += try store.receiversInTrouble(before: now.addingTimeInterval(-Self.patience)).map { alert($0) }
        return alerts
            + Self.leftOn(
                try store.maintenanceWindows(), of: Set(inventory.hosts.map(\.name)),
                quiet: judged.compactMap { issue, reason in
                    if case .maintenance = reason { issue.finding.host } else { nil }
                }, at: now)
    }

    /// Seconds for which a receiver may fail before the others are told of it.
    static let patience = 300.0

    /// Faults and receivers in trouble are alerts of their own, from their first minute on.
    private static let toldOtherwise: Set<FindingKind> = [.machaFault, .machaNotices]

    /// Of a daemon that was stopped for good, nobody is told for ever what it found last.
    private func isItselfTold() throws(StoreError) -> Bool {
        guard let end = try store.daemon()?.endedAt else { return true }
        return now.timeIntervalSince(end) < 86_400
    }

    private func alert(_ issue: Issue, _ reason: Muting.Reason?) throws(StoreError) -> Alert {
        let finding = issue.finding
        return Alert(
            id: finding.fingerprint.description, source: .problem, kind: finding.recordedKind.name, host: finding.host,
            subject: finding.subject?.printable(), severity: finding.severity, revision: 0, since: issue.firstSeen,
            summary: OutgoingText.clean(finding.summary),
            evidence: finding.evidence.map { OutgoingText.clean($0.line.raw) },
            advice: OutgoingText.clean(finding.advice), muted: reason.map { Self.muted($0) },
            settling: try settling(issue), besides: [], hosts: [])
    }

    /// Why a problem that comes and goes is not told yet. One that has stayed for an hour is told whatever it did before.
    private func settling(_ issue: Issue) throws(StoreError) -> String? {
        guard now.timeIntervalSince(issue.firstSeen) < 3_600 else { return nil }
        switch try store.announcement(of: issue) {
        case .tell: return nil
        case .hold(let reason): return reason
        }
    }

    /// By whom it is muted, until when and why.
    private static func muted(_ reason: Muting.Reason) -> Alert.Muting {
        let kind: Alert.Muting.Kind =
            switch reason {
            case .acknowledged: .acknowledged
            case .silenced: .silenced
            case .maintenance: .maintenance
            }
        let end = reason.until.map { " until \($0.formatted(.iso8601))" } ?? ""
        let note = reason.note.raw.isEmpty ? "" : ": \(OutgoingText.clean(reason.note.raw))"
        return Alert.Muting(kind, "by \(reason.by.printable())\(end)\(note)")
    }

    /// One alert for what many hosts have in common; it stands for theirs.
    private func shared(_ issues: [Issue]) -> [Alert] {
        let findings = Dictionary(grouping: issues.map(\.finding), by: \.host)
        return FleetFolding.causes(inventory.hosts, findings).filter { $0.host == nil }.map { cause in
            let kind = cause.kind.name
            let those = issues.filter { $0.finding.recordedKind.name == kind && cause.hosts.contains($0.finding.host) }
            return Alert(
                id: "fleet-\(kind)", source: .fleet, kind: kind, host: nil, subject: nil,
                severity: cause.severity, revision: 0, since: those.map(\.firstSeen).min() ?? now,
                summary: OutgoingText.clean(cause.summary),
                evidence: [OutgoingText.clean(cause.hosts.joined(separator: ", "))],
                advice: "",
                muted: nil, settling: nil, besides: [], hosts: cause.hosts)
        }
    }

    /// Told when it is asked, once more when it is forgotten, and when a fifth of its time is left.
    private func alert(_ approval: Approval) -> Alert {
        let lifetime = approval.expiresAt.timeIntervalSince(approval.seenAt)
        let isEnding = now >= approval.expiresAt.addingTimeInterval(-lifetime / 5)
        let isForgotten = now >= approval.requestedAt.addingTimeInterval(Double(settings.approvalReminder))
        let left = max(0, Int(approval.expiresAt.timeIntervalSince(now) / 60))
        let end = isEnding ? " It expires in \(left < 120 ? "\(left) minutes" : "\(left / 60) hours")." : ""
        let risk = approval.proposal.risk
        return Alert(
            id: "approval-\(approval.id)", source: .approval, kind: "approval-waiting", host: approval.proposal.host,
            subject: nil, severity: risk == .high ? .critical : .warning, revision: isEnding ? 2 : isForgotten ? 1 : 0,
            since: approval.requestedAt,
            summary: OutgoingText.clean(
                "Approval \(approval.id) waits: \(approval.proposal.title) (risk \(risk.rawValue)).\(end)"),
            evidence: [OutgoingText.clean(approval.decision.sentence)], advice: "macha approve show \(approval.id)",
            muted: nil,
            settling: nil, besides: [], hosts: [])
    }

    private func alert(_ trouble: Store.ReceiverTrouble) -> Alert {
        Alert(
            id: "macha-receiver-\(trouble.receiver)", source: .fault, kind: "macha-receiver", host: nil,
            subject: trouble.receiver, severity: .warning, revision: 0, since: trouble.since,
            summary: OutgoingText.clean("Notices do not arrive at \(trouble.receiver)."),
            evidence: [OutgoingText.clean(trouble.reason)],
            advice: "macha notify test \(trouble.receiver)", muted: nil, settling: nil, besides: [trouble.receiver],
            hosts: [])
    }
}
