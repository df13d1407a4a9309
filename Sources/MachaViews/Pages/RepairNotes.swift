// SPDX-License-Identifier: MIT
import MachaActions

import struct Foundation.Date
import struct Foundation.TimeZone

/// What was repaired of late, in reports about the state afterwards.
enum RepairNotes {
    /// As many as a report shows; the audit has all.
    private static let most = 8

    static func add(_ notes: [RepairNote], now: Date, to page: inout Page) {
        guard !notes.isEmpty else { return }
        page.gap()
        page.text(Cell("Repairs within the last day", .heading))
        var table = Table([
            .init("host"), .init("what", minimum: 16, yields: 1), .init("result"), .init("when", .right),
        ])
        for note in notes.prefix(most) {
            table.append([
                Cell(note.host), Cell(what(note), limit: 300), result(note),
                Cell(HumanFormat.age(of: note.at, now: now), .dim),
            ])
        }
        page.table(table, orSay: "")
        if notes.count > most { page.text(Cell("… and \(notes.count - most) more: macha logs actions", .dim)) }
    }

    static func markdown(_ notes: [RepairNote], zone: TimeZone) -> [String] {
        guard !notes.isEmpty else { return [] }
        let lines = notes.prefix(most).map { note in
            "- \(Markdown.text(Cell(HumanFormat.minute(note.at, in: zone)))) \(Markdown.text(Cell(note.host))): \(Markdown.text(Cell(sentence(note), limit: 400)))"
        }
        return ["", "## Repairs within the last day", ""] + lines
    }

    static func html(_ notes: [RepairNote], _ links: HostLinks, zone: TimeZone) -> HTML {
        guard !notes.isEmpty else { return "" }
        let rows: [HTML] = notes.prefix(most).map { note in
            """
            <tr class=\(result(note).role.html)><th>\(links.name(note.host))<td>\(FleetHTML.pill(result(note)))<td>\(Cell(what(note), limit: 300)) <small>\(Cell(note.note, limit: 300))</small><td class="r d">\(Cell(HumanFormat.minute(note.at, in: zone)))

            """
        }
        return """
            <section id=repairs><h2>Repairs within the last day</h2><table class="f s"><thead><tr><th>Host<th>Result<th>What<th class=r>When<tbody>
            \(rows)</table></section>
            """
    }

    /// What was done and how it ended, in one line.
    static func sentence(_ note: RepairNote) -> String {
        "\(what(note)): \(result(note).text)" + (note.note.isEmpty ? "" : " (\(note.note))")
    }

    private static func what(_ note: RepairNote) -> String {
        note.title + (note.approval.map { " (approval \($0))" } ?? "")
    }

    private static func result(_ note: RepairNote) -> Cell {
        switch note.outcome {
        case .verified: Cell("verified", .ok)
        case .failed: Cell("failed", .critical)
        case .rolledBack: Cell("rolled back", .critical)
        case .interrupted, .running: Cell("interrupted", .unknown)
        }
    }
}
