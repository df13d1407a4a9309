// SPDX-License-Identifier: MIT
import Macha
import MachaCore
import MachaStore

/// What a check did about what it found.
enum RepairPage {
    static func page(_ report: RepairReport) -> Page {
        var page = Page()
        if !report.recovered.isEmpty { page = recovered(report.recovered) }
        for entry in report.entries { add(entry, to: &page) }
        if !report.suggestions.isEmpty {
            page.text(Cell("A model suggests changes of the configuration, for you to judge:"))
            page.lines(report.suggestions.map { Cell("  \($0)", limit: 4_000) })
        }
        if report.waiting > 0 {
            page.gap()
            page.text(contentsOf: waitingCells(report.waiting))
        }
        return page
    }

    /// How many approvals wait.
    static func waiting(_ count: Int) -> Page {
        var page = Page()
        page.text(contentsOf: waitingCells(count))
        return page
    }

    /// An answer that was given and has led to nothing yet.
    static func granted(_ approval: Approval) -> [Cell] {
        let by = approval.decidedBy.map { " by \($0)" } ?? ""
        return [
            Cell("approval \(approval.id) was given\(by) and not begun; the next check runs it, or now:", .warning),
            Cell("macha approve \(approval.id)", .dim),
        ]
    }

    static func waitingCells(_ count: Int) -> [Cell] {
        [
            Cell(count == 1 ? "1 approval waits:" : "\(count) approvals wait:", .warning),
            Cell("macha approve list", .dim),
        ]
    }

    private static func add(_ entry: RepairReport.Entry, to page: inout Page) {
        page.text(contentsOf: cells(entry))
        guard let run = entry.run, !run.note.isEmpty else { return }
        page.text(Cell("→ \(run.note)"), indent: 2)
    }

    /// Host, what, what came of it, and by which rule.
    static func cells(_ entry: RepairReport.Entry) -> [Cell] {
        [
            Cell(entry.host, .heading), Cell(entry.title), outcome(entry),
            Cell("\(entry.decision.rule.rawValue): \(entry.decision.sentence)", .dim),
        ]
    }

    private static func outcome(_ entry: RepairReport.Entry) -> Cell {
        if let run = entry.run { return RunPage.state(run) }
        if let id = entry.rejected { return Cell("not asked again: rejected as approval \(id)", .dim) }
        if let id = entry.approval { return Cell("waits as approval \(id)", .warning) }
        return entry.decision.outcome == .run ? Cell("looked at already", .dim) : Cell("left alone", .dim)
    }

    static func recovered(_ notes: [Recovery.Note]) -> Page {
        var page = Page()
        for note in notes { page.text(contentsOf: cells(note)) }
        return page
    }

    static func cells(_ note: Recovery.Note) -> [Cell] {
        [
            Cell(note.host, .heading), Cell("run \(note.run), left by an earlier macha:"),
            Cell(note.state.rawValue, note.state == .verified ? .ok : .warning), Cell(note.note, .dim),
        ]
    }
}
