// SPDX-License-Identifier: MIT
package import Macha
import MachaFindings
import MachaModel
package import struct Foundation.Date

/// Problems over time.
package enum IssuesPage {
    /// One row an issue, after what several of them have in common.
    package static func list(_ list: Controller.IssueList, now: Date) -> Page {
        var page = Page()
        for incident in list.incidents {
            page.text(Cell(incident.severity), Cell(incident.summary))
            let issues = incident.issues.map { "#\($0)" }.joined(separator: " ")
            page.text(Cell("\(incident.hosts.joined(separator: ", ")); issues \(issues)", .dim), indent: 4)
        }
        if !list.incidents.isEmpty { page.gap() }
        var table = Table([
            .init("id", .right), .init("state"), .init("severity"), .init("host", minimum: 8),
            .init("problem", minimum: 24, yields: 1), .init("for", .right, leaves: 2),
            .init("returned", .right, leaves: 3), .init("note", minimum: 12, yields: 2, leaves: 1),
        ])
        for document in list.issues { table.append(row(document, now: now)) }
        page.table(table, orSay: "no issues")
        return page
    }

    private static func row(_ document: IssueDocument, now: Date) -> [Cell] {
        let issue = document.issue
        let isLoud = document.state.isActive && document.muted == nil
        func cell(_ text: String) -> Cell { Cell(text, isLoud ? .plain : .dim) }
        let end = issue.resolvedAt ?? now
        return [
            cell("\(issue.id)"), state(document),
            isLoud ? Cell(issue.finding.severity) : cell(issue.finding.severity.rawValue), cell(issue.finding.host),
            cell(issue.finding.summary), cell(HumanFormat.span(seconds: end.timeIntervalSince(issue.firstSeen))),
            cell(issue.recurrences == 0 ? "" : "\(issue.recurrences)"), Cell(note(document), .dim, limit: 120),
        ]
    }

    private static func state(_ document: IssueDocument) -> Cell {
        switch document.state {
        case .open: Cell(document.state.rawValue, document.muted == nil ? .warning : .dim)
        case .fixing, .investigating: Cell(document.state.rawValue)
        case .acknowledged, .closed: Cell(document.state.rawValue, .dim)
        case .resolved: Cell(document.state.rawValue, .ok)
        }
    }

    private static func note(_ document: IssueDocument) -> String {
        guard let muted = document.muted else { return "" }
        let until = muted.until.map { "until \(HumanFormat.localTime($0))" }
        return MutedLines.words(muted, until)
    }

    /// One issue with its history.
    package static func show(_ detail: Controller.IssueDetail, now: Date) -> Page {
        let (document, issue) = (detail.document, detail.document.issue)
        var page = Page()
        page.text(
            Cell("issue \(issue.id)", .heading), state(document), Cell(issue.finding.severity),
            Cell(issue.finding.host, .heading))
        page.text(Cell(issue.finding.summary))
        for line in issue.finding.lines.prefix(3) { page.text(Cell(line, .dim, limit: 300), indent: 4) }
        RemedyLines.add(issue.finding.advice, issue.finding.commands, to: &page, indent: 2)
        page.gap()
        page.facts(facts(document, now: now))
        page.gap()
        page.text(Cell("History", .heading))
        for event in detail.history {
            page.text(
                Cell(HumanFormat.localTime(event.at), .dim), Cell(event.kind.rawValue), Cell("by \(event.by)", .dim),
                Cell(event.note, limit: 1_000), indent: 2)
        }
        return page
    }

    private static func facts(_ document: IssueDocument, now: Date) -> [Page.Fact] {
        let issue = document.issue
        let subject = issue.finding.subject?.raw ?? ""
        var facts: [Page.Fact] = [
            .init("kind", Cell("\(issue.finding.recordedKind.name) \(subject)")),
            .init("since", Cell(HumanFormat.localTime(issue.firstSeen))),
            .init("last seen", Cell(HumanFormat.age(of: issue.lastSeen, now: now))),
        ]
        if issue.recurrences > 0 {
            facts.append(.init("first seen", Cell(HumanFormat.localTime(issue.createdAt))))
            let worse = issue.regressions > 0 ? ", \(issue.regressions) of these after it was resolved" : ""
            facts.append(.init("returned", Cell("\(DurationText.count(issue.recurrences, "time"))\(worse)")))
        }
        if let end = issue.resolvedAt {
            let how: String
            switch issue.resolution {
            case .observed: how = "an observation shows that it is gone"
            case .repaired: how = "after a repair"
            case .person: how = "a person says so"
            case nil: how = ""
            }
            facts.append(.init("ended", Cell("\(HumanFormat.localTime(end)) \(how)")))
        }
        if let muted = document.muted {
            let until = muted.until.map { "until \(HumanFormat.localTime($0))" }
            facts.append(.init("quiet", Cell(MutedLines.words(muted, until))))
        }
        return facts
    }
}
