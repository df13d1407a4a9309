// SPDX-License-Identifier: MIT
import GRDB
import MachaActions
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

/// What came of a person's word about an issue.
package enum IssueOutcome: Hashable, Sendable {
    case done(Issue)
    case missing
    /// It is in a state in which this means nothing.
    case refused(IssueState)
}

/// What people say of issues. Each word and its audit entry are one transaction.
extension Store {
    /// Opens an issue that a person reports, or reopens it when it was reported before.
    package func report(
        _ finding: Finding, note: String, by person: String, at now: Date
    ) throws(StoreError) -> IssueOutcome {
        try write("cannot record the issue of \(finding.host)") { db in
            if let open = try Issue.with(finding.fingerprint, db) { return .refused(open.state) }
            let observation = Observation(
                host: finding.host, at: now, coverage: .clear(known: [], unknown: []), gaps: Gaps())
            guard let issue = try Issue.report(finding, in: observation, by: person, note: UntrustedText(note), db)
            else { return .missing }
            return .done(try Self.audit(.created, issue, by: person, why: note, until: nil, at: now, db))
        }
    }

    /// Says that a person knows of it, until `until` at the most. `hosts` are those that share its cause now,
    /// `below` the worst of what is folded below it.
    package func acknowledge(
        _ id: Int64, until: Date?, note: String, sharing hosts: Set<String>, below: Severity?, by person: String,
        at now: Date
    ) throws(StoreError) -> IssueOutcome {
        try change(id, to: .acknowledged, at: now) { issue, db in
            let word = Acknowledgement(
                by: person, at: now, until: until, note: UntrustedText(note), severity: issue.finding.severity,
                hosts: hosts, below: below)
            try Issue.acknowledge(issue, word, db)
            return try Self.audit(.acknowledged, issue, by: person, why: note, until: until, at: now, db)
        }
    }

    /// Ends the acknowledgement of `id` because `hosts` have joined its cause; its history says so.
    package func lapse(_ id: Int64, joinedBy hosts: [String], at now: Date) throws(StoreError) {
        try write("cannot end the acknowledgement of issue \(id)") { db in
            guard let issue = try Issue.with(id, db) else { return }
            let names =
                hosts.prefix(8).joined(separator: ", ") + (hosts.count > 8 ? " and \(hosts.count - 8) more" : "")
            try Issue.take(
                IssueEvent(
                    .lapsed, at: now, by: IssueEvent.program, note: UntrustedText("\(names) joined"),
                    severity: issue.finding.severity), to: id, db)
        }
    }

    /// Adds a line to its history.
    package func comment(
        _ id: Int64, _ text: String, by person: String, at now: Date
    ) throws(StoreError) -> IssueOutcome {
        try change(id, to: .commented, at: now) { issue, db in
            try Issue.note(
                IssueEvent(
                    .commented, at: now, by: person, note: UntrustedText(text), severity: issue.finding.severity),
                of: id, db)
            return try Self.audit(.commented, issue, by: person, why: text, until: nil, at: now, db)
        }
    }

    /// Ends it by a person's word. An observation that shows it again reopens it.
    package func resolve(
        _ id: Int64, note: String, by person: String, at now: Date
    ) throws(StoreError) -> IssueOutcome {
        try end(id, .resolved, .resolved, note: note, by: person, at: now)
    }

    /// Puts it aside for good. An observation that shows it again reopens it all the same.
    package func closeIssue(
        _ id: Int64, note: String, by person: String, at now: Date
    ) throws(StoreError) -> IssueOutcome {
        try end(id, .closed, .closed, note: note, by: person, at: now)
    }

    private func end(
        _ id: Int64, _ event: IssueEvent.Kind, _ name: AuditEvent.IssueChange.Change, note: String, by person: String,
        at now: Date
    ) throws(StoreError) -> IssueOutcome {
        try change(id, to: event, at: now) { issue, db in
            _ = try Issue.end(id, event, as: .person, at: now, by: person, note: UntrustedText(note), db)
            return try Self.audit(name, issue, by: person, why: note, until: nil, at: now, db)
        }
    }

    private func change(
        _ id: Int64, to event: IssueEvent.Kind, at now: Date, _ body: (Issue, Database) throws -> Issue
    ) throws(StoreError) -> IssueOutcome {
        try write("cannot change issue \(id)") { db in
            try Issue.lapse(at: now, db)
            guard let issue = try Issue.with(id, db) else { return .missing }
            guard issue.state.after(event) != nil else { return .refused(issue.state) }
            return .done(try body(issue, db))
        }
    }

    /// Writes the entry, and returns the issue as it is now.
    private static func audit(
        _ change: AuditEvent.IssueChange.Change, _ issue: Issue, by person: String, why: String, until: Date?,
        at now: Date, _ db: Database
    ) throws -> Issue {
        try append(
            .issue(AuditEvent.IssueChange(change, issue, by: person, why: why, until: until)),
            host: issue.finding.host, at: now, db)
        return try Issue.with(issue.id, db) ?? issue
    }
}
