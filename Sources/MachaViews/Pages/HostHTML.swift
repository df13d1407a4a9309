// SPDX-License-Identifier: MIT
import Macha
import MachaFindings
import MachaModel

package import struct Foundation.Date
package import struct Foundation.TimeZone

/// One host on a web page: as a part of the fleet's, or as a page of its own.
package enum HostHTML {
    /// How much of a host the fleet's page shows; the host's own page has all.
    enum Detail {
        /// State, trends and the worst findings with their evidence.
        case full
        /// State and what the worst findings say.
        case short
    }

    /// Findings of one host on the fleet's page: in full, and in short.
    private static let (mostFindings, mostSummaries) = (6, 2)

    /// The page of one host with everything of its last snapshot.
    package static func page(_ document: HostDocument, zone: TimeZone = .current) -> String {
        let host = document.host
        let readings: [HTML] = document.readings.map { reading in
            let rows: [HTML] = reading.facts.map { "<dt>\(Cell($0.name))<dd>\($0.value)" }
            let age: HTML =
                reading.takenAt.map { " <small>as of \(Cell(HumanFormat.minute($0, in: zone)))</small>" } ?? ""
            let commands = RemedyLines.html(reading.commands)
            return "<div><h3>\(Cell(reading.title))\(age)</h3><dl>\(rows)</dl>\(commands)</div>"
        }
        let words = HostFormatting.worst(host)
        let body: HTML = """
            <header><h1>\(Cell(host.host)) <span class="i \(HostFormatting.mark(host))">\(HostFormatting.state(host))</span></h1>
            <p>\(Cell(words.text.isEmpty ? "No problems found." : words.text))</p><p>\(Cell(asked(host, zone)))</p></header>
            <section>\(content(of: host, most: .max, zone))</section>
            \(ApprovalNotes.html(document.approvals, .none, zone: zone))
            \(RepairNotes.html(document.repairs, .none, zone: zone))
            <section><h2>All readings</h2>\(contact(host))<div class=g>\(readings)</div></section>
            """
        return FleetHTML.document(Cell(host.host), body).text
    }

    private static func asked(_ host: HostReport, _ zone: TimeZone) -> String {
        guard let time = host.takenAt else { return "Never checked." }
        return HostFormatting.asOf(time, zone)
    }

    private static func contact(_ host: HostReport) -> HTML {
        guard let failure = host.contactFailure else { return "" }
        let remedy = RemedyLines.html(failure.advice, failure.commands)
        return
            "<article class=u><p>Not reached: failed at \(Cell(failure.stage.rawValue)).</p><pre>\(Cell(failure.message, limit: 600))</pre>\(remedy)</article>"
    }

    /// A host as a part of the fleet's page.
    static func section(_ host: HostReport, id: Int, _ detail: Detail, _ zone: TimeZone) -> HTML {
        let pill: HTML = "<span class=\"i \(HostFormatting.mark(host))\">\(HostFormatting.state(host))</span>"
        let content: HTML =
            switch detail {
            case .full: content(of: host, most: mostFindings, zone)
            case .short: summaries(of: host)
            }
        return """
            <section id=h\(id)><h2>\(Cell(host.host)) \(pill) \(HostLinks.back)</h2>\(content)</section>

            """
    }

    private static func summaries(of host: HostReport) -> HTML {
        let shown = host.findings.prefix(mostSummaries)
        let lines: [HTML] = shown.map { report in
            "<article class=\(report.quiet == nil ? HostFormatting.role(report.severity).html : "p")><p>\(Cell(report.finding.summary))</p></article>"
        }
        let (rest, old) = (host.findings.count - shown.count, host.unconfirmed.count)
        var left: [String] = []
        if rest > 0 { left.append("\(rest) more") }
        if old > 0 { left.append("\(old) that could not be re-checked") }
        if host.analysis != nil { left.append("the analysis") }
        left.append("\(left.isEmpty ? "" : "and ")\(shown.isEmpty ? "all readings" : "the evidence")")
        return
            "\(lines)<p class=d>\(Cell(left.joined(separator: ", "))): <code>macha status \(Cell(host.host))</code></p>"
    }

    /// State, findings and trends; at most `most` findings.
    private static func content(of host: HostReport, most: Int, _ zone: TimeZone) -> HTML {
        let rest = host.findings.count - min(most, host.findings.count)
        let more: HTML =
            rest > 0
            ? "<p class=d>\(rest) more:</p>\(RemedyLines.html(["macha status \(host.host)"]))" : ""
        return """
            \(trends(host))\(host.findings.prefix(most).map { finding($0, zone) })\(more)\(AnalysisPage.html(host.analysis, zone: zone))\(unconfirmed(host, zone))
            """
    }

    private static func trends(_ host: HostReport) -> HTML {
        guard !host.trends.isEmpty else { return "" }
        let figures: [HTML] = host.trends.map { trend in
            "<figure><figcaption>\(Sparkline.label(trend))</figcaption>\(Sparkline.svg(trend))</figure>"
        }
        return "<div class=t>\(figures)</div>"
    }

    private static func finding(_ report: FindingReport, _ zone: TimeZone) -> HTML {
        let finding = report.finding
        if let line = MutedLines.text(report, in: zone) {
            return "<article class=p><p class=d>\(Cell(line))</p></article>"
        }
        let age: HTML = " <small>\(Cell(HostFormatting.since(report, in: zone)))</small>"
        let lines = HostFormatting.runs(of: finding.lines)
        let shown: [HTML] = lines.prefix(3).map { line, count in
            "\(Cell(line, limit: 300))\(Cell(count > 1 ? " (\(count) times)" : ""))\n"
        }
        let left: HTML = lines.count > 3 ? "… and \(lines.count - 3) more\n" : ""
        let evidence: HTML = lines.isEmpty ? "" : "<pre>\(shown)\(left)</pre>"
        let remedy = RemedyLines.html(finding.advice, finding.commands)
        return """
            <article class=\(HostFormatting.role(report.severity).html)><p><b>\(Cell(finding.summary))</b>\(age)</p>\(evidence)\(remedy)\(folded(report))</article>
            """
    }

    private static func folded(_ report: FindingReport) -> HTML {
        guard !report.folded.isEmpty else { return "" }
        if let silent = HostFormatting.silent(report) { return "<p class=d>\(Cell(silent))</p>" }
        let lines: [HTML] = report.folded.map { "<p>\(Cell($0.finding.summary))</p>" }
        return "<details open><summary>As a result (\(report.folded.count))</summary>\(lines)</details>"
    }

    private static func unconfirmed(_ host: HostReport, _ zone: TimeZone) -> HTML {
        guard !host.unconfirmed.isEmpty else { return "" }
        let lines: [HTML] = host.unconfirmed.prefix(5).map { report in
            let seen = HumanFormat.minute(report.lastSeen ?? report.since, in: zone)
            return "<p>\(Cell(report.finding.summary)) <small>last seen \(Cell(seen))</small></p>"
        }
        let rest = host.unconfirmed.count - min(5, host.unconfirmed.count)
        let more: HTML = rest > 0 ? "<p class=d>and \(rest) more</p>" : ""
        return "<article class=u><p class=d>Could not be re-checked (last known):</p>\(lines)\(more)</article>"
    }
}
