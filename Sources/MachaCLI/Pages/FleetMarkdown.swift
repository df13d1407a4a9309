// SPDX-License-Identifier: MIT
import MachaCore

import struct Foundation.Date

/// The report as Markdown with tables (github.github.com/gfm), for tickets and chats.
enum FleetMarkdown {
    static func page(_ report: FleetReport) -> String {
        let words = HostWords.headline(report.summary).map(\.text).joined(separator: " ")
        var lines = [
            "# \(Markdown.text(Cell(words)))", "", Markdown.text(Cell(HumanFormat.localTime(report.generatedAt))), "",
        ]
        lines += table(FleetPage.glance(report))
        if !report.causes.isEmpty { lines += ["", "## Together", ""] }
        lines += report.causes.map {
            "- **\($0.severity.rawValue)** \(Markdown.text(Cell($0.summary))) (\(Markdown.text(Cell(FleetPage.names($0)))))"
        }
        for host in HostWords.troubled(report) {
            lines += ["", "## \(title(host))", ""] + body(host, isWhole: false, now: report.generatedAt)
        }
        lines += RepairNotes.markdown(report.repairs)
        return lines.joined(separator: "\n") + "\n"
    }

    /// One host, with all it answered.
    static func page(_ document: HostDocument) -> String {
        let host = document.host
        var lines = ["# \(title(host))", ""] + body(host, isWhole: true, now: document.generatedAt)
        if let time = host.takenAt { lines += ["", "Asked \(Markdown.text(Cell(HumanFormat.localTime(time))))"] }
        lines += RepairNotes.markdown(document.repairs)
        for reading in document.readings {
            lines += ["", "## \(Markdown.text(Cell(reading.title)))", ""]
            lines += reading.facts.map { "- \(Markdown.text(Cell($0.name))): \(Markdown.text($0.value))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func table(_ table: Table) -> [String] {
        guard !table.rows.isEmpty else { return ["No hosts\\."] }
        func line(_ cells: [Cell]) -> String { "| " + cells.map(Markdown.text).joined(separator: " | ") + " |" }
        let rule = table.columns.map { $0.alignment == .right ? "--:" : "---" }
        return [line(table.columns.map(\.title)), "| " + rule.joined(separator: " | ") + " |"] + table.rows.map(line)
    }

    private static func title(_ host: HostReport) -> String {
        "\(Markdown.text(Cell(host.host))): \(Markdown.text(HostWords.state(host)))"
    }

    private static func body(_ host: HostReport, isWhole: Bool, now: Date) -> [String] {
        var lines: [String] = []
        let (findings, rest) = isWhole ? (host.findings, nil) : HostWords.shown(host.findings)
        for finding in findings { lines += item(finding, now: now) }
        if let rest { lines.append("- … and \(Markdown.text(Cell(rest)))") }
        if let analysis = host.analysis { lines += AnalysisMarkdown.lines(analysis, now: now) }
        if !host.unconfirmed.isEmpty { lines += ["", "Seen before, and now it cannot be told:", ""] }
        lines += host.unconfirmed.map { "- \(Markdown.text(Cell($0.finding.summary)))" }
        return lines
    }

    private static func item(_ report: FindingReport, now: Date) -> [String] {
        let finding = report.finding
        let since = HostWords.since(report, now: now)
        var lines = [
            "- **\(report.severity.rawValue)** \(Markdown.text(Cell(finding.summary)))"
                + (since.isEmpty ? "" : " (\(since))")
        ]
        lines += HostWords.runs(of: finding.evidence).prefix(3).map {
            "  - \(Markdown.code(Cell($0.text, limit: 300)))"
        }
        if !finding.remedy.isEmpty { lines.append("  - → \(Markdown.code(Cell(finding.remedy)))") }
        if let silent = HostWords.silent(report) { return lines + ["  - \(Markdown.text(Cell(silent)))"] }
        lines += report.folded.map { "  - because of it: \(Markdown.text(Cell($0.finding.summary)))" }
        return lines
    }
}
