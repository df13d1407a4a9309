// SPDX-License-Identifier: MIT
package import Macha
import MachaActions
import MachaStore

/// What a check did about what it found.
package enum RepairPage {
    /// What was done, what waits, and what was not done.
    package static func page(_ report: RepairReport) -> Page {
        var page = Page()
        if !report.recovered.isEmpty { page = recovered(report.recovered) }
        let entries = report.entries.map { ($0, kind($0)) }
        add(entries.filter { $0.1 == .done }.map(\.0), to: &page)
        addWaiting(entries.filter { $0.1 == .waiting }.map(\.0), to: &page)
        addLeft(entries.filter { $0.1 == .left }.map(\.0), to: &page)
        if !report.suggestions.isEmpty {
            page.gap()
            page.text(Cell("A model suggests configuration changes for you to review", .heading))
            page.lines(report.suggestions.map { Cell("  \($0)", limit: 4_000) })
        }
        if report.waiting > 0 {
            page.gap()
            addWaiting(report.waiting, to: &page)
        }
        for trouble in report.troubles {
            page.text(
                Cell("error:", .critical), Cell(trouble.host, .heading), Cell("was skipped:"),
                Cell(trouble.message, limit: 1_000))
        }
        return page
    }

    /// Where an entry is listed.
    private enum Kind { case done, waiting, left, silent }

    private static func kind(_ entry: RepairReport.Entry) -> Kind {
        if let run = entry.run {
            if run.hasActed || !run.suggestions.isEmpty || run.state == .failed { return .done }
            // The finding says what a playbook that only tells or diagnoses has to say.
            return run.isGood && !run.isNotNeeded ? .silent : .left
        }
        if entry.approval != nil { return .waiting }
        return entry.decision.outcome == .run ? .silent : .left
    }

    private static func add(_ done: [RepairReport.Entry], to page: inout Page) {
        guard !done.isEmpty else { return }
        page.gap()
        page.text(Cell("Done", .heading))
        var table = Table([
            .init("host"), .init("what", minimum: 16, yields: 1), .init("result"),
            .init("seen", minimum: 16, yields: 2),
        ])
        for entry in done {
            let run = entry.run
            let approval = entry.approval.map { " (approval \($0))" } ?? ""
            table.append([
                Cell(entry.host, .heading), Cell(entry.title + approval, limit: 300),
                run.map { RunPage.state($0) } ?? Cell(""), Cell(run?.note ?? "", .dim, limit: 600),
            ])
        }
        page.table(table, orSay: "")
    }

    private static func addWaiting(_ waiting: [RepairReport.Entry], to page: inout Page) {
        guard !waiting.isEmpty else { return }
        page.gap()
        page.text(Cell("Waiting for your approval", .heading))
        var table = Table([
            .init("host"), .init("what", minimum: 16, yields: 1), .init("risk"), .init("why", minimum: 12, yields: 2),
            .init("to approve"),
        ])
        for entry in waiting {
            table.append([
                Cell(entry.host, .heading), Cell(entry.title, limit: 300), RunPage.risk(entry.risk),
                Cell(entry.decision.sentence, .dim, limit: 300),
                Cell(entry.approval.map { "macha approve \($0)" } ?? ""),
            ])
        }
        page.table(table, orSay: "")
    }

    /// One line for a host and a reason, however many repairs that reason stopped.
    private static func addLeft(_ left: [RepairReport.Entry], to page: inout Page) {
        guard !left.isEmpty else { return }
        page.gap()
        page.text(Cell("Not done", .heading))
        var table = Table([.init("host"), .init("what", minimum: 16, yields: 1), .init("why", minimum: 16, yields: 2)])
        var groups: [(entry: RepairReport.Entry, titles: [String])] = []
        for entry in left {
            if let index = groups.firstIndex(where: { $0.entry.host == entry.host && why($0.entry) == why(entry) }) {
                groups[index].titles.append(entry.title)
            } else {
                groups.append((entry, [entry.title]))
            }
        }
        for (entry, titles) in groups {
            let rest = titles.count > 3 ? " and \(titles.count - 3) more" : ""
            table.append([
                Cell(entry.host, .heading), Cell(titles.prefix(3).joined(separator: "; ") + rest, limit: 400),
                Cell(why(entry), .dim, limit: 600),
            ])
        }
        page.table(table, orSay: "")
    }

    /// Why nothing was done, in words.
    private static func why(_ entry: RepairReport.Entry) -> String {
        if let run = entry.run {
            let stays = run.approval.map { "; approval \($0) stays approved: macha approve \($0)" } ?? ""
            return run.isNotNeeded ? "not needed: \(run.note)" : "not begun: \(run.note)\(run.run == nil ? stays : "")"
        }
        if let id = entry.rejected {
            return "rejected as approval \(id)" + (entry.rejectedBecause.isEmpty ? "" : ": \(entry.rejectedBecause)")
        }
        return "\(entry.decision.rule.rawValue): \(entry.decision.sentence)"
    }

    /// How many approvals wait, which were granted and have not begun, and what is paused.
    package static func waiting(_ waiting: Controller.Waiting) -> Page {
        var page = Page()
        let count = waiting.approvals.count { $0.state == .waiting }
        if count > 0 { addWaiting(count, to: &page) }
        for approval in waiting.approvals where approval.state == .granted { add(granted: approval, to: &page) }
        if waiting.pause != PauseState() { page.text(contentsOf: PausePage.cells(waiting.pause)) }
        for line in PausePage.others(waiting.otherFolders) { page.text(contentsOf: line) }
        return page
    }

    private static func addWaiting(_ count: Int, to page: inout Page) {
        page.text(waitingWords(count))
        RemedyLines.add(["macha approve list"], to: &page, indent: 2)
    }

    static func waitingWords(_ count: Int) -> Cell {
        Cell(count == 1 ? "1 approval is waiting for you:" : "\(count) approvals are waiting for you:", .warning)
    }

    /// An answer that was given and has led to nothing yet.
    private static func add(granted approval: Approval, to page: inout Page) {
        let by = approval.decidedBy.map { " by \($0)" } ?? ""
        page.text(
            Cell(
                "Approval \(approval.id) was approved\(by) and has not run yet. The next check runs it, or now:",
                .warning))
        RemedyLines.add(["macha approve \(approval.id)"], to: &page, indent: 2)
    }

    /// Host, what, what came of it and why, as one line whose parts are distinct without colour.
    static func cells(_ entry: RepairReport.Entry) -> [Cell] {
        let outcome =
            switch kind(entry) {
            case .waiting: Cell("— waits as approval \(entry.approval ?? 0)", .warning)
            case .done, .silent:
                entry.run.map { run in
                    let state = RunPage.state(run)
                    return Cell("— \(state.text)", state.role)
                } ?? Cell("— read-only, done already", .dim)
            case .left: Cell("— not done", .dim)
            }
        let reason: String =
            switch kind(entry) {
            case .done, .silent: entry.run?.note ?? ""
            case .waiting: entry.decision.sentence
            case .left: why(entry)
            }
        return [
            Cell(entry.host, .heading), Cell(entry.title + wish(of: entry.requester)), outcome,
            Cell(reason.isEmpty ? "" : "— \(reason)", .dim, limit: 600),
        ]
    }

    /// The suffix of a title that only a model proposes; empty otherwise.
    static func wish(of requester: Requester) -> String { requester.isModel ? " (proposed by \(requester))" : "" }

    /// What makes an entry the same news as before.
    static func identity(_ entry: RepairReport.Entry) -> String {
        cells(entry).prefix(3).map(\.text).joined(separator: " ") + " \(entry.decision.rule.rawValue)"
    }

    /// What became of runs that an earlier process left behind.
    package static func recovered(_ notes: [Recovery.Note]) -> Page {
        var page = Page()
        for note in notes { page.text(contentsOf: cells(note)) }
        return page
    }

    static func cells(_ note: Recovery.Note) -> [Cell] {
        [
            Cell(note.host, .heading), Cell("run \(note.run), left by an earlier process:"),
            Cell(note.state.rawValue, note.state == .verified ? .ok : .warning), Cell(note.note, .dim),
        ]
    }
}
