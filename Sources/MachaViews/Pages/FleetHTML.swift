// SPDX-License-Identifier: MIT
package import Macha
import MachaFindings
import MachaInventory

package import struct Foundation.Date
package import struct Foundation.TimeZone

/// The report as one web page: no script, no other file, and nothing is fetched.
package enum FleetHTML {
    /// Bytes of an overview, so that it stays a page one can read and send: at least this many…
    private static let leastRoom = 105_000
    /// …and as many for each host of a large fleet.
    private static let roomForHost = 1_000

    /// The whole report as a document.
    package static func page(_ report: FleetReport, zone: TimeZone = .current) -> String {
        let troubled = HostFormatting.troubled(report)
        let links = HostLinks(troubled)
        let overview: HTML = """
            \(headline(report, zone))
            \(table(report, links, zone))
            \(together(report.openCauses, links))
            \(ApprovalNotes.html(report.approvals, links, zone: zone))
            \(RepairNotes.html(report.repairs, links, zone: zone))

            """
        let room = max(leastRoom, roomForHost * report.hosts.count) - document(Cell("Fleet"), overview).size
        return document(Cell("Fleet"), "\(overview)\(sections(of: troubled, in: room, zone))")
            .text
    }

    /// The hosts in trouble, worst first: in full as long as there is room for that, then in short.
    private static func sections(of hosts: [HostReport], in room: Int, _ zone: TimeZone) -> [HTML] {
        var sections: [HTML] = hosts.enumerated().map { HostHTML.section($1, id: $0, .short, zone) }
        var left = room - sections.reduce(0) { $0 + $1.size }
        for (id, host) in hosts.enumerated() {
            let full = HostHTML.section(host, id: id, .full, zone)
            left -= full.size - sections[id].size
            guard left >= 0 else { break }
            sections[id] = full
        }
        return sections
    }

    /// Any of our pages around `body`. The policy forbids everything but the style sheet, should markup ever get in.
    static func document(_ title: Cell, _ body: HTML) -> HTML {
        """
        <!doctype html><html lang=en><meta charset=utf-8>
        <meta http-equiv=Content-Security-Policy content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
        <meta name=viewport content="width=device-width,initial-scale=1"><meta name=color-scheme content="light dark">
        <meta name=robots content=noindex><title>\(title) · Macha</title><style>
        \(Stylesheet.text)
        </style>
        \(body)
        <footer>\(Cell("Macha \(Version.number)")). A question mark means unknown, which is never counted as healthy.</footer></html>

        """
    }

    private static func headline(_ report: FleetReport, _ zone: TimeZone) -> HTML {
        let summary = report.summary
        let counts: [(Int, String, HTML)] = [
            (summary.critical, "critical", "c"), (summary.unknown - summary.away, "unknown", "u"),
            (summary.warning, "warning", "w"), (summary.ok, "ok", "o"), (summary.away, "away", "p"),
        ]
        let pills: [HTML] = counts.filter { $0.0 > 0 }.map { "<span class=\"i \($0.2)\">\($0.0) \(Cell($0.1))</span>" }
        let words = HostFormatting.headline(summary).map(\.text).joined(separator: " ")
        return """
            <header><h1>\(Cell(words))</h1><p>\(Cell(HostFormatting.asOf(report.generatedAt, zone)))</p><div class=n>\(pills)</div></header>
            """
    }

    private static func together(_ causes: [FleetCause], _ links: HostLinks) -> HTML {
        guard !causes.isEmpty else { return "" }
        let articles: [HTML] = causes.map { cause in
            "<article class=\(HostFormatting.role(cause.severity).html)><p><b>\(Cell(cause.summary))</b></p><p class=d>\(names(cause, links))</p></article>"
        }
        return "<section><h2>Together</h2>\(articles)</section>"
    }

    private static func names(_ cause: FleetCause, _ links: HostLinks) -> HTML {
        let shown: [HTML] = cause.hosts.prefix(8).enumerated().map { index, host in
            let comma: HTML = index > 0 ? ", " : ""
            return comma + links.name(host)
        }
        let rest = cause.hosts.count - shown.count
        return rest > 0 ? "\(shown), and \(rest) more" : "\(shown)"
    }

    private static func table(_ report: FleetReport, _ links: HostLinks, _ zone: TimeZone) -> HTML {
        guard !report.hosts.isEmpty else { return "<p>No hosts.</p>" }
        return """
            <table class="f l" id=hosts><thead><tr><th>Host<th>State<th>Worst<th class=r>Load<th>Memory<th>Fullest disk<th class="r k">Failed<th class=k>Generation<th class=k>Boot<th class=k>Autonomy<th class=r>As of<tbody>
            \(report.hosts.map { row($0, links, zone) })
            </table>
            """
    }

    private static func row(_ host: HostReport, _ links: HostLinks, _ zone: TimeZone) -> HTML {
        let figures = host.figures
        let load = figures.load.map { Cell(HumanFormat.decimal($0)) }
        let spark = host.trends.first { $0.unit == .number }.map { Sparkline.mark($0) } ?? ""
        let revision = HostFormatting.revision(host)
        let commit: HTML = revision.text.isEmpty ? "" : " <small>\(revision)</small>"
        return """
            <tr class=\(HostFormatting.mark(host))><th>\(links.name(host.host))<td>\(pill(HostFormatting.state(host)))<td>\(HostFormatting.worst(host))\
            <td class=r>\(load.map { "\($0)\(spark)" } ?? unknown)<td>\(bar(figures.memoryUsed, HostFormatting.memoryRole(host)))\
            <td>\(bar(figures.diskUsed, HostFormatting.diskRole(host)))\(disk(host, zone))<td class="r k">\(failed(host))\
            <td class=k>\(marked(HostFormatting.generation(host)))\(commit)<td class=k>\(marked(HostFormatting.boot(host)))\
            <td class=k>\(Cell(host.autonomy.rawValue))<td class="r d">\(Cell(HostFormatting.asked(host, in: zone)))

            """
    }

    private static func disk(_ host: HostReport, _ zone: TimeZone) -> HTML {
        let mount: HTML = host.figures.diskMount.map { " <small class=d>\(Cell($0, limit: 24))</small>" } ?? ""
        guard let full = HostFormatting.fullAt(host, zone) else { return mount }
        return "\(mount) <em class=\(full.role.html)>full about \(full)</em>"
    }

    private static func failed(_ host: HostReport) -> HTML {
        guard let count = host.figures.failedUnits else { return unknown }
        return count > 0 ? "<em>\(count)</em>" : "<span class=d>0</span>"
    }

    static let unknown: HTML = "<span class=q>?</span>"

    static func pill(_ cell: Cell) -> HTML { "<span class=i>\(cell)</span>" }

    /// A cell in the colour of its role.
    static func marked(_ cell: Cell) -> HTML {
        switch cell.role {
        case .unknown where cell.text == "?": unknown
        case .plain: "\(cell)"
        case .warning: "<em>\(cell)</em>"
        case .heading, .ok, .critical, .unknown, .dim: "<span class=\(cell.role.html)>\(cell)</span>"
        }
    }

    /// A share as a bar and in figures.
    static func bar(_ share: Double?, _ role: Role) -> HTML {
        guard let share else { return unknown }
        let width = Int((min(1, max(0, share)) * 100).rounded())
        let mark: HTML =
            switch role {
            case .critical: " c"
            case .warning: " w"
            case .plain, .heading, .ok, .unknown, .dim: ""
            }
        return "<i class=\"b\(mark)\" style=--s:\(width)%></i>\(Cell(HumanFormat.percent(share)))"
    }
}
