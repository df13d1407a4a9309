// SPDX-License-Identifier: MIT
package import Macha
import MachaFindings
import MachaModel

import struct Foundation.TimeZone

/// The report as Markdown with tables (github.github.com/gfm), for tickets and chats.
package enum FleetMarkdown {
    /// The fleet as a document.
    package static func page(_ report: FleetReport) -> String {
        let zone = TimeZone.current
        let words = HostFormatting.headline(report.summary).map(\.text).joined(separator: " ")
        var lines = [
            "# \(Markdown.text(Cell(words)))", "",
            Markdown.text(Cell(HostFormatting.asOf(report.generatedAt, zone))),
            "",
        ]
        lines += table(FleetPage.glance(report, .kept(zone)))
        if !report.openCauses.isEmpty { lines += ["", "## Together", ""] }
        lines += report.openCauses.map {
            "- **\($0.severity.rawValue)** \(Markdown.text(Cell($0.summary))) (\(Markdown.text(Cell(FleetPage.names($0)))))"
        }
        for host in HostFormatting.troubled(report) {
            lines += ["", "## \(title(host))", ""] + body(host, isWhole: false, zone)
        }
        lines += ApprovalNotes.markdown(report.approvals, zone: zone)
        lines += RepairNotes.markdown(report.repairs, zone: zone)
        return lines.joined(separator: "\n") + "\n"
    }

    /// One host, with all it answered.
    package static func page(_ document: HostDocument) -> String {
        let (host, zone) = (document.host, TimeZone.current)
        let age = host.takenAt.map { Markdown.text(Cell(HostFormatting.asOf($0, zone))) } ?? "Never checked."
        var lines = ["# \(title(host))", "", age, ""] + body(host, isWhole: true, zone)
        lines += ApprovalNotes.markdown(document.approvals, zone: zone)
        lines += RepairNotes.markdown(document.repairs, zone: zone)
        for reading in document.readings {
            let age = reading.takenAt.map { ", as of \(HumanFormat.minute($0, in: zone))" } ?? ""
            lines += ["", "## \(Markdown.text(Cell(reading.title + age)))", ""]
            lines += reading.facts.map { "- \(Markdown.text(Cell($0.name))): \(Markdown.text($0.value))" }
            lines += reading.commands.map { "  - \(Markdown.code(Cell($0, limit: 4_000)))" }
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
        "\(Markdown.text(Cell(host.host))): \(Markdown.text(HostFormatting.state(host)))"
    }

    private static func body(_ host: HostReport, isWhole: Bool, _ zone: TimeZone) -> [String] {
        var lines: [String] = []
        let (findings, rest) = isWhole ? (host.findings, nil) : HostFormatting.shown(host.findings)
        for finding in findings { lines += item(finding, zone) }
        if let rest { lines.append("- … and \(Markdown.text(Cell(rest)))") }
        if let analysis = host.analysis { lines += AnalysisMarkdown.lines(analysis, zone: zone) }
        if !host.unconfirmed.isEmpty { lines += ["", "Could not be re-checked (last known):", ""] }
        lines += host.unconfirmed.map { report in
            let seen = HumanFormat.minute(report.lastSeen ?? report.since, in: zone)
            return "- \(Markdown.text(Cell(report.finding.summary))) (last seen \(Markdown.text(Cell(seen))))"
        }
        return lines
    }

    private static func item(_ report: FindingReport, _ zone: TimeZone) -> [String] {
        let finding = report.finding
        if let line = MutedLines.text(report, in: zone) { return ["- \(Markdown.text(Cell(line)))"] }
        let since = Markdown.text(Cell(HostFormatting.since(report, in: zone)))
        var lines = ["- **\(report.severity.rawValue)** \(Markdown.text(Cell(finding.summary))) (\(since))"]
        lines += HostFormatting.runs(of: finding.lines).prefix(3).map {
            "  - \(Markdown.code(Cell($0.text, limit: 300)))"
        }
        lines += RemedyLines.markdown(finding.advice, finding.commands)
        if let silent = HostFormatting.silent(report) { return lines + ["  - \(Markdown.text(Cell(silent)))"] }
        lines += report.folded.map { "  - as a result: \(Markdown.text(Cell($0.finding.summary)))" }
        return lines
    }
}
