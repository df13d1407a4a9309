// SPDX-License-Identifier: MIT
import MachaActions
import MachaFindings
import MachaModel
import MachaStore
import struct Foundation.Date

/// What is wrong, what waits, and what was done about it.
extension PeriodText {
    typealias Entry = ReportDocument.Entry
    typealias Section = ReportDocument.Section

    var waiting: Section {
        let open = report.waiting.map { item in
            let left = "expires in \(span(report.until, item.expiresAt))"
            let words =
                item.approvedBy.map { "approved by \($0), and has not run yet; \(left)" }
                ?? "risk \(item.risk.rawValue); waits for \(span(item.requestedAt, report.until)), \(left)"
            return Entry(
                item.risk == .high ? .critical : .warning, label: "approval \(item.approval)",
                Self.place(item.host, item.title), detail: words)
        }
        let over = report.expired.map { item in
            Entry(
                .unknown, label: "expired", Self.place(item.host, item.title),
                detail: "approval \(item.approval) ended \(clock.words(item.expiresAt)) "
                    + (item.approvedBy == nil ? "without an answer" : "before it ran"))
        }
        return Section("Waits for you", open + over, command: open.isEmpty ? "" : "macha approve list")
    }

    var problems: Section {
        let lost = report.notices.lost.map { loss in
            Entry(
                .warning, label: "not delivered", "\(Self.count(loss.count, "notice")) to \(loss.receiver)",
                detail: loss.reason)
        }
        let open = report.problems.map { problem in
            let label = problem.severity.rawValue + (problem.isNew ? ", new" : "")
            var detail = ["since \(clock.words(problem.since))"]
            if let seen = problem.lastSeen { detail.append("last seen \(clock.words(seen)), not confirmed since") }
            if !problem.hosts.isEmpty { detail.insert(Self.names(problem.hosts), at: 0) }
            if let last = report.blind.first(where: { Self.tells(problem, of: $0) && $0.host == problem.host }) {
                detail.append(reached(last))
            }
            if let issue = problem.issue { detail.append("issue \(issue)") }
            return Entry(
                Self.tone(problem.severity), label: label, Self.place(problem.host, problem.summary),
                detail: detail.joined(separator: "; "))
        }
        return Section("Problems", open + lost, command: "")
    }

    var blind: Section {
        Section(
            "Nothing is known of",
            unexplained.sorted { !$0.isAway && $1.isAway }.map { blind in
                let why =
                    blind.isAway
                    ? "away, as expected"
                    : blind.wasAsked ? "did not answer in this time" : "was not checked in this time"
                return Entry(
                    blind.isAway ? .plain : .unknown, label: "unknown", "\(blind.host) \(why)", detail: reached(blind))
            }, command: "")
    }

    /// Blind hosts that no open problem tells of.
    var unexplained: [PeriodReport.Blind] {
        report.blind.filter { blind in !report.problems.contains { Self.tells($0, of: blind) } }
    }

    /// Whether `problem` says that the host does not answer.
    private static func tells(_ problem: PeriodReport.Problem, of blind: PeriodReport.Blind) -> Bool {
        if problem.kind == FleetCause.Kind.hostDown.name { return problem.hosts.contains(blind.host) }
        return (problem.host == blind.host || problem.hosts.contains(blind.host))
            && FindingKind.silence.contains { $0.rawValue == problem.kind }
    }

    private func reached(_ blind: PeriodReport.Blind) -> String {
        blind.reachedAt.map { "last reached \(clock.words($0))" } ?? "never reached"
    }

    var actions: Section {
        Section(
            "Done",
            report.actions.reversed().map { action in
                let by = action.approvedBy.map { "approved by \($0)" } ?? "by itself, as its level allows"
                let note = action.outcome == .verified || action.note.isEmpty ? "" : "; \(action.note)"
                return Entry(
                    Self.tone(action.outcome), label: Self.word(action.outcome), Self.place(action.host, action.title),
                    detail: "\(clock.words(action.at)), \(by)\(note)")
            }, command: "")
    }

    var resolved: Section {
        Section(
            "Resolved",
            report.resolved.map { problem in
                let end = problem.resolvedAt ?? report.until
                return Entry(
                    .good, label: "resolved", Self.place(problem.host, problem.summary),
                    detail: "after \(span(problem.since, end)), \(clock.words(end))")
            }, command: "")
    }

    var known: Section {
        Section(
            "You know of these",
            report.known.map { known in
                var detail = "\(known.reason == .maintenance ? "in maintenance" : known.reason.rawValue) by \(known.by)"
                if let until = known.until { detail += " until \(clock.words(until))" }
                if !known.note.isEmpty { detail += ": \(known.note)" }
                return Entry(.plain, label: "", Self.place(known.host, known.summary), detail: detail)
            }, command: "")
    }

    private static func names(_ hosts: [String]) -> String {
        hosts.prefix(6).joined(separator: ", ") + (hosts.count > 6 ? " and \(hosts.count - 6) more" : "")
    }

    private static func tone(_ severity: Severity) -> ReportDocument.Tone {
        switch severity {
        case .critical: .critical
        case .warning: .warning
        case .info: .plain
        }
    }

    private static func tone(_ outcome: RunState) -> ReportDocument.Tone {
        switch outcome {
        case .verified: .good
        case .failed, .rolledBack: .critical
        case .interrupted, .authorised, .started, .skipped: .unknown
        }
    }

    private static func word(_ outcome: RunState) -> String {
        switch outcome {
        case .verified: "succeeded"
        case .rolledBack: "failed, rolled back"
        case .interrupted: "interrupted, outcome unknown"
        case .failed, .authorised, .started, .skipped: outcome.rawValue
        }
    }
}
