// SPDX-License-Identifier: MIT
import MachaCore

import struct Foundation.Date

/// The fleet at a glance, then what is wrong, worst first.
enum FleetPage {
    static func page(_ report: FleetReport) -> Page {
        var page = Page()
        page.table(glance(report), orSay: "no hosts")
        for host in report.hosts where !host.findings.isEmpty {
            page.gap()
            page.text(Cell(host.host, .heading), state(host))
            for finding in host.findings { add(finding, at: report, to: &page) }
        }
        page.gap()
        page.text(contentsOf: summary(report.summary))
        return page
    }

    private static func glance(_ report: FleetReport) -> Table {
        var table = Table([
            .init("host"), .init("state"), .init("worst finding", minimum: 10, yields: 1), .init("load", .right),
            .init("memory", .right), .init("disk", .right), .init("generation", .right), .init("asked", .right),
        ])
        for host in report.hosts {
            let figures = host.figures
            table.append([
                Cell(host.host), state(host), Cell(host.reason == "ok" ? "" : host.reason),
                figure(figures.load.map { HumanFormat.decimal($0) }),
                figure(figures.memoryUsed.map(HumanFormat.percent)),
                figure(figures.diskUsed.map(HumanFormat.percent)), figure(figures.generation.map(String.init)),
                Cell(host.takenAt.map { HumanFormat.age(of: $0, now: report.generatedAt) } ?? "never", .dim),
            ])
        }
        return table
    }

    private static func figure(_ text: String?) -> Cell { text.map { Cell($0) } ?? Cell("?", .unknown) }

    static func state(_ host: HostReport) -> Cell {
        switch host.state {
        case .ok: Cell("ok", .ok)
        case .warning: Cell("warning", .warning)
        case .critical: Cell("critical", .critical)
        case .unknown: Cell("unknown", .unknown)
        }
    }

    private static func add(_ report: FindingReport, at fleet: FleetReport, to page: inout Page) {
        let finding = report.finding
        let age = fleet.generatedAt.timeIntervalSince(report.since)
        let since = age < 60 ? Cell("") : Cell("(for \(HumanFormat.duration(seconds: age)))", .dim)
        page.text(Cell(finding.severity), Cell(finding.summary), since, indent: 2)
        let evidence = runs(of: finding.evidence)
        for (line, count) in evidence.prefix(3) {
            page.text(Cell(line, .dim, limit: 300), Cell(count > 1 ? "(\(count) times)" : "", .dim), indent: 6)
        }
        if evidence.count > 3 { page.text(Cell("… and \(evidence.count - 3) more", .dim), indent: 6) }
        if !finding.remedy.isEmpty { page.text(Cell("→ \(finding.remedy)"), indent: 4) }
    }

    /// The lines in order, with those that say the same as the one before counted instead of repeated.
    private static func runs(of lines: [UntrustedText]) -> [(UntrustedText, Int)] {
        lines.reduce(into: []) { runs, line in
            if let last = runs.last, last.0 == line {
                runs[runs.count - 1].1 += 1
            } else {
                runs.append((line, 1))
            }
        }
    }

    private static func summary(_ summary: FleetReport.Summary) -> [Cell] {
        let counts: [(Int, String, Role)] = [
            (summary.critical, "critical", .critical), (summary.unknown, "unknown", .unknown),
            (summary.warning, "warning", .warning), (summary.ok, "ok", .ok),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { Cell("\($0.0) \($0.1)", $0.2) }
        return [Cell("\(summary.hosts) \(summary.hosts == 1 ? "host" : "hosts"):", .heading)] + parts
    }
}
