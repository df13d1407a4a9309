// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel

/// What the entries of the audit, read from the first to the last, say that the other tables hold now.
struct AuditReplay {
    /// What the newest entry about an approval says of it.
    struct Question {
        var state: Approval.State
        var title: String
        /// `nil` in entries of earlier versions, which counted the steps alone.
        var risk: Risk?
        var by: String?
        /// `nil` where an earlier version may have shown other content since, without an entry.
        var content: ContentHash?
    }

    struct Run {
        var host: String?
        var content: ContentHash
        var approval: Int?
        var state: RunState
    }

    struct Begun {
        var record: ActionRecord
        var endedAt: Date?
    }

    private(set) var questions: [Int: Question] = [:]
    private(set) var grants: [Int: ContentHash] = [:]
    private(set) var runs: [Int64: Run] = [:]
    private(set) var actions: [Int64: Begun] = [:]
    /// As the table has them: hosts, or ``Store/fleetRow``.
    private(set) var pauses: Set<String> = []
    /// Entries that this version cannot read, and what they are about: nothing is known of that.
    private(set) var unread: [Int] = []
    private(set) var unknown: Set<UnreadableEvent.Subject> = []

    init(_ entries: [AuditEntry]) {
        for entry in entries {
            switch entry.content {
            case .event(let event): replay(event, entry)
            case .unreadable(let event):
                unread.append(entry.sequence)
                unknown.formUnion(event.subjects)
            }
        }
    }

    private mutating func replay(_ event: AuditEvent, _ entry: AuditEntry) {
        switch event {
        case .authorised(let run): authorise(run, on: entry.host)
        case .approval(let change): ask(change)
        case .started(let start):
            actions[start.action] = Begun(record: start.record)
            runs[start.run]?.state = .started
        case .ended(let end): actions[end.action] = Begun(record: end.record, endedAt: entry.at)
        case .closed(let end): runs[end.run]?.state = end.state
        case .paused(let pause): pauses.formUnion(pause.hosts ?? [Store.fleetRow])
        case .resumed(let pause): pauses = pause.hosts.map { pauses.subtracting($0) } ?? []
        case .decided, .suggested, .refused, .skipped, .accepted, .left, .forgotten, .exec, .analysed, .lookedUp,
            .issue, .silence,
            .maintenance:
            break
        }
    }

    private mutating func ask(_ change: AuditEvent.ApprovalChange) {
        if change.event == .granted { grants[change.approval] = change.content }
        let isOfToday = change.target != nil
        questions[change.approval] = Question(
            state: change.state, title: change.title, risk: isOfToday ? change.risk : nil, by: change.by,
            content: change.state == .waiting && !isOfToday ? nil : change.content)
    }

    private mutating func authorise(_ run: AuditEvent.Authorised, on host: String?) {
        runs[run.run] = Run(host: host, content: run.content, approval: run.approval, state: .authorised)
        if let approval = run.approval { questions[approval]?.state = .used }
    }
}
