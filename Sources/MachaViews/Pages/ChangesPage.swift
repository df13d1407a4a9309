// SPDX-License-Identifier: MIT
package import Macha
import MachaActions
import MachaFindings
import MachaModel

import struct Foundation.Date
import struct Foundation.TimeZone

/// What changed since a time, bad news first.
package enum ChangesPage {
    /// What changed, as a table.
    package static func page(_ report: ChangeReport) -> Page {
        var page = Page()
        page.text(
            Cell("Since \(HumanFormat.localTime(report.since))", .heading),
            Cell("(\(HumanFormat.duration(seconds: report.generatedAt.timeIntervalSince(report.since))) ago)", .dim))
        page.gap()
        var table = Table([.init("when"), .init("host"), .init("change"), .init("what", minimum: 24, yields: 1)])
        for change in report.changes {
            table.append([
                Cell(HumanFormat.age(of: change.time, now: report.generatedAt), .dim), Cell(change.host, .heading),
                word(change), Cell(sentence(change), limit: 400),
            ])
        }
        page.table(table, orSay: Cell("Nothing changed.", .ok))
        page.gap()
        for limit in limits(report) { page.text(limit) }
        page.text(contentsOf: HostFormatting.headline(report.summary))
        return page
    }

    /// What the report cannot tell, and from when on it can.
    static func limits(_ report: ChangeReport) -> [Cell] {
        let compared = report.comparedSince.sorted { $0.key < $1.key }
        var limits = compared.prefix(5).map { host, time in
            Cell(
                "\(host): the oldest check kept is of \(HumanFormat.localTime(time)); "
                    + "earlier changes are unknown.", .unknown)
        }
        if compared.count > 5 {
            let youngest = compared.dropFirst(5).map(\.value).max() ?? report.since
            let more = "\(compared.count - 5) more host\(compared.count == 6 ? "" : "s")"
            limits.append(
                Cell(
                    "The same holds for \(more); all of them have checks from \(HumanFormat.localTime(youngest)) on.",
                    .unknown))
        }
        if let time = report.resolvedSince {
            limits.append(
                Cell("What was resolved before \(HumanFormat.localTime(time)) is no longer kept.", .unknown))
        }
        if !report.unseen.isEmpty {
            let names = report.unseen.prefix(8).joined(separator: ", ") + (report.unseen.count > 8 ? ", …" : "")
            limits.append(Cell("Not checked since then, so nothing is known: \(names)", .unknown))
        }
        return limits
    }

    static func word(_ change: Change) -> Cell {
        switch change.kind {
        case .state(_, let to, _): HostFormatting.state(to)
        case .found(let finding): Cell("new", HostFormatting.role(finding.severity))
        case .resolved: Cell("resolved", .ok)
        case .worse(let finding, _): Cell("worse", HostFormatting.role(finding.severity))
        case .better: Cell("better", .ok)
        case .rebooted: Cell("rebooted", .warning)
        case .generation: Cell("generation")
        case .revision: Cell("revision")
        case .repaired(let note): note.outcome == .verified ? Cell("repaired", .ok) : Cell("repair", .critical)
        case .firstLook: Cell("checked", .dim)
        }
    }

    static func sentence(_ change: Change) -> String {
        switch change.kind {
        case .state(let from, _, let reason): "was \(from.rawValue)" + (reason == .ok ? "" : "; \(reason.name)")
        case .found(let finding): "\(finding.severity.rawValue): \(finding.summary)"
        case .resolved(let finding, let lastSeen):
            "\(finding.summary) Last seen \(HumanFormat.localTime(lastSeen)); a later check confirmed that it is gone."
        case .worse(let finding, let from), .better(let finding, let from):
            "\(finding.summary) (\(from.rawValue) before, now \(finding.severity.rawValue))"
        case .rebooted: "booted \(HumanFormat.localTime(change.time))"
        case .generation(let from, let to): "\(from.map(String.init) ?? "?") → \(to.map(String.init) ?? "?")"
        case .revision(let from, let to): "\(from?.raw ?? "?") → \(to?.raw ?? "?")"
        case .repaired(let note): RepairNotes.sentence(note)
        case .firstLook: "for the first time"
        }
    }

    /// One line for a log or a pipe: time, host, change, what.
    static func line(_ change: Change) -> [Cell] {
        [
            Cell(HumanFormat.localTime(change.time), .dim), Cell(change.host, .heading), word(change),
            Cell(sentence(change), limit: 400),
        ]
    }

    /// The same as Markdown.
    package static func markdown(_ report: ChangeReport) -> String {
        let rows = report.changes.map { change in
            "- \(Markdown.text(Cell(HumanFormat.minute(change.time, in: .current)))) \(Markdown.text(Cell(change.host))) **\(Markdown.text(word(change)))** \(Markdown.text(Cell(sentence(change), limit: 400)))"
        }
        let title = "# Since \(Markdown.text(Cell(HumanFormat.localTime(report.since))))"
        let limits = limits(report).flatMap { ["", Markdown.text($0)] }
        return ([title, ""] + (rows.isEmpty ? ["Nothing changed\\."] : rows) + limits).joined(separator: "\n") + "\n"
    }

    /// The same as a web page.
    package static func html(_ report: ChangeReport) -> String {
        let zone = TimeZone.current
        let rows: [HTML] = report.changes.map { change in
            """
            <tr class=\(word(change).role.html)><th>\(Cell(change.host))<td>\(FleetHTML.pill(word(change)))<td>\(Cell(sentence(change), limit: 400))<td class="r d">\(Cell(HumanFormat.minute(change.time, in: zone)))

            """
        }
        let table: HTML =
            rows.isEmpty
            ? "<p>Nothing changed.</p>"
            : "<table class=\"f s\"><thead><tr><th>Host<th>Change<th>What<th class=r>When<tbody>\(rows)</table>"
        let unknown: [HTML] = limits(report).map { "<p>\($0)</p>" }
        let limits: HTML = unknown.isEmpty ? "" : "<section class=u>\(unknown)</section>"
        let body: HTML =
            "<header><h1>What changed since \(Cell(HumanFormat.localTime(report.since)))</h1><p>\(Cell(HostFormatting.asOf(report.generatedAt, zone)))</p><p>\(Cell(HostFormatting.headline(report.summary).map(\.text).joined(separator: " ")))</p></header>\(table)\(limits)"
        return FleetHTML.document(Cell("Changes"), body).text
    }
}
