// SPDX-License-Identifier: MIT
import MachaCore

import struct Foundation.Date
import struct Foundation.TimeZone

/// One host on a web page: as a part of the fleet's, or as a page of its own.
enum HostHTML {
    /// How much of a host the fleet's page shows; the host's own page has all.
    enum Detail {
        /// State, trends and the worst findings with their evidence.
        case full
        /// State and what the worst findings say.
        case short
    }

    /// Findings of one host on the fleet's page: in full, and in short.
    private static let (mostFindings, mostSummaries) = (6, 2)

    /// The page of one host with everything its last look told.
    static func page(_ document: HostDocument, zone: TimeZone = .current) -> String {
        let now = document.generatedAt
        let host = document.host
        let readings: [HTML] = document.readings.map { reading in
            let rows: [HTML] = reading.facts.map { "<dt>\(Cell($0.name))<dd>\($0.value)" }
            return "<div><h3>\(Cell(reading.title))</h3><dl>\(rows)</dl></div>"
        }
        let words = HostWords.worst(host)
        let body: HTML = """
            <header><h1>\(Cell(host.host)) <span class="i \(HostWords.mark(host))">\(HostWords.state(host))</span></h1>
            <p>\(Cell(words.text.isEmpty ? "Nothing is wrong." : words.text))</p><p>\(Cell(asked(host, now: now, zone)))</p></header>
            <section>\(content(of: host, most: .max, now: now, zone))</section>
            \(RepairNotes.html(document.repairs, now: now))
            <section><h2>What it answered</h2>\(contact(host))<div class=g>\(readings)</div></section>
            """
        return FleetHTML.document(Cell(host.host), body).text
    }

    private static func asked(_ host: HostReport, now: Date, _ zone: TimeZone) -> String {
        guard let time = host.takenAt else { return "Never asked." }
        return "Asked \(HumanFormat.age(of: time, now: now)), \(HumanFormat.localTime(time, in: zone))."
    }

    private static func contact(_ host: HostReport) -> HTML {
        guard let failure = host.contactFailure else { return "" }
        let remedy: HTML = failure.remedy.isEmpty ? "" : "<p>→ \(Cell(failure.remedy))</p>"
        return
            "<article class=u><p>Not reached: it failed at \(Cell(failure.stage.rawValue)).</p><pre>\(Cell(failure.message, limit: 600))</pre>\(remedy)</article>"
    }

    /// A host as a part of the fleet's page.
    static func section(_ host: HostReport, id: Int, _ detail: Detail, now: Date, _ zone: TimeZone) -> HTML {
        let pill: HTML = "<span class=\"i \(HostWords.mark(host))\">\(HostWords.state(host))</span>"
        let content: HTML =
            switch detail {
            case .full: content(of: host, most: mostFindings, now: now, zone)
            case .short: summaries(of: host)
            }
        return """
            <section id=h\(id)><h2>\(Cell(host.host)) \(pill)</h2>\(content)</section>

            """
    }

    private static func summaries(of host: HostReport) -> HTML {
        let shown = host.findings.prefix(mostSummaries)
        let lines: [HTML] = shown.map { report in
            "<article class=\(HostWords.role(report.severity).html)><p>\(Cell(report.finding.summary))</p></article>"
        }
        let (rest, old) = (host.findings.count - shown.count, host.unconfirmed.count)
        var left: [String] = []
        if rest > 0 { left.append("\(rest) more") }
        if old > 0 { left.append("\(old) seen before that cannot be told now") }
        if host.analysis != nil { left.append("the analysis") }
        left.append("\(left.isEmpty ? "" : "and ")\(shown.isEmpty ? "all it answered" : "the evidence")")
        return
            "\(lines)<p class=d>\(Cell(left.joined(separator: ", "))): <code>macha status \(Cell(host.host))</code></p>"
    }

    /// State, findings and trends; at most `most` findings.
    private static func content(of host: HostReport, most: Int, now: Date, _ zone: TimeZone) -> HTML {
        let rest = host.findings.count - min(most, host.findings.count)
        let more: HTML = rest > 0 ? "<p class=d>\(rest) more: <code>macha status \(Cell(host.host))</code></p>" : ""
        return """
            \(trends(host))\(host.findings.prefix(most).map { finding($0, now: now, zone) })\(more)\(AnalysisPage.html(host.analysis, now: now))\(unconfirmed(host, now: now))
            """
    }

    private static func trends(_ host: HostReport) -> HTML {
        guard !host.trends.isEmpty else { return "" }
        let figures: [HTML] = host.trends.map { trend in
            "<figure><figcaption>\(Sparkline.label(trend))</figcaption>\(Sparkline.svg(trend))</figure>"
        }
        return "<div class=t>\(figures)</div>"
    }

    private static func finding(_ report: FindingReport, now: Date, _ zone: TimeZone) -> HTML {
        let finding = report.finding
        let since = HostWords.since(report, now: now)
        let age: HTML =
            since.isEmpty
            ? "" : " <small title=\"\(Cell(HumanFormat.localTime(report.since, in: zone)))\">\(Cell(since))</small>"
        let lines = HostWords.runs(of: finding.evidence)
        let shown: [HTML] = lines.prefix(3).map { line, count in
            "\(Cell(line, limit: 300))\(Cell(count > 1 ? " (\(count) times)" : ""))\n"
        }
        let left: HTML = lines.count > 3 ? "… and \(lines.count - 3) more\n" : ""
        let evidence: HTML = lines.isEmpty ? "" : "<pre>\(shown)\(left)</pre>"
        let remedy: HTML = finding.remedy.isEmpty ? "" : "<p>→ <code>\(Cell(finding.remedy))</code></p>"
        return """
            <article class=\(HostWords.role(report.severity).html)><p><b>\(Cell(finding.summary))</b>\(age)</p>\(evidence)\(remedy)\(folded(report))</article>
            """
    }

    private static func folded(_ report: FindingReport) -> HTML {
        guard !report.folded.isEmpty else { return "" }
        if let silent = HostWords.silent(report) { return "<p class=d>\(Cell(silent))</p>" }
        let lines: [HTML] = report.folded.map { "<p>\(Cell($0.finding.summary))</p>" }
        return "<details open><summary>\(report.folded.count) because of it</summary>\(lines)</details>"
    }

    private static func unconfirmed(_ host: HostReport, now: Date) -> HTML {
        guard !host.unconfirmed.isEmpty else { return "" }
        let lines: [HTML] = host.unconfirmed.prefix(5).map { report in
            let seen = HumanFormat.age(of: report.lastSeen ?? report.since, now: now)
            return "<p>\(Cell(report.finding.summary)) <small>seen \(Cell(seen))</small></p>"
        }
        let rest = host.unconfirmed.count - min(5, host.unconfirmed.count)
        let more: HTML = rest > 0 ? "<p class=d>and \(rest) more</p>" : ""
        return "<article class=u><p class=d>Seen before, and now it cannot be told:</p>\(lines)\(more)</article>"
    }
}
