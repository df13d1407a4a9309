// SPDX-License-Identifier: MIT
import Macha

import struct Foundation.Date
import struct Foundation.TimeZone

/// The approvals that are open, on pages that are kept: as Markdown and as HTML.
enum ApprovalNotes {
    private static let heading = "Waiting for your approval"

    static func markdown(_ notes: [ApprovalNote], zone: TimeZone) -> [String] {
        guard !notes.isEmpty else { return [] }
        let lines = notes.flatMap { note in
            [
                "- \(Markdown.text(Cell(note.host))): \(Markdown.text(Cell(note.title, limit: 300))) (\(Markdown.text(RunPage.risk(note.risk))); \(Markdown.text(Cell(standing(note, zone), limit: 400))))",
                "  - \(Markdown.code(Cell(command(note))))",
            ]
        }
        return ["", "## \(heading)", ""] + lines
    }

    static func html(_ notes: [ApprovalNote], _ links: HostLinks, zone: TimeZone) -> HTML {
        guard !notes.isEmpty else { return "" }
        let rows: [HTML] = notes.map { note in
            """
            <tr class=w><th>\(links.name(note.host))<td>\(FleetHTML.pill(RunPage.risk(note.risk)))<td>\(Cell(note.title, limit: 300)) <small>\(Cell(standing(note, zone), limit: 400))</small><td>\(RemedyLines.html([command(note)]))

            """
        }
        return """
            <section id=approvals><h2>\(Cell(heading))</h2><table class="f s"><thead><tr><th>Host<th>Risk<th>What<th>To approve<tbody>
            \(rows)</table></section>
            """
    }

    private static func standing(_ note: ApprovalNote, _ zone: TimeZone) -> String {
        let end = HumanFormat.minute(note.expiresAt, in: zone)
        return note.isWaiting
            ? "\(note.reason); expires \(end)" : "approved, and runs with the next check; expires \(end)"
    }

    private static func command(_ note: ApprovalNote) -> String { "macha approve \(note.id)" }
}
