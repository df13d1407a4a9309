// SPDX-License-Identifier: MIT
package import Macha
import MachaFindings
import MachaInventory
import MachaModel

import struct Foundation.Date
import struct Foundation.TimeZone

/// The fleet at a glance, then what is wrong, worst first.
package enum FleetPage {
    /// The overview, then each host that needs attention.
    package static func page(_ report: FleetReport) -> Page {
        var page = Page()
        page.table(glance(report, .now(report.generatedAt)), orSay: "no hosts")
        add(report.openCauses, to: &page)
        for host in HostFormatting.troubled(report) {
            page.gap()
            page.text(Cell(host.host, .heading), HostFormatting.state(host))
            add(host, isWhole: false, now: report.generatedAt, to: &page)
        }
        RepairNotes.add(report.repairs, now: report.generatedAt, to: &page)
        page.gap()
        page.text(contentsOf: HostFormatting.headline(report.summary))
        if report.hosts.contains(where: { $0.takenAt == nil }) {
            page.text(Cell("Some were never checked. To check them:", .dim))
            RemedyLines.add(["macha check"], to: &page, indent: 2)
        }
        return page
    }

    /// When a page is read: at once, where ages may be said, or at any time, where only times are true.
    enum Reader {
        case now(Date)
        case kept(TimeZone)
    }

    /// One row a host. Columns without room are left out, the least important first; so is a column without values.
    static func glance(_ report: FleetReport, _ reader: Reader) -> Table {
        let forecast = report.hosts.contains { $0.figures.diskUntilFull != nil }
        let revisions = report.hosts.contains { $0.figures.revision != nil }
        let nixos = report.hosts.contains { $0.figures.isNixOS != false && $0.takenAt != nil }
        var columns: [(Table.Column, (HostReport) -> Cell)] = [
            (.init("host"), { Cell($0.host, $0.state == .ok ? .plain : .heading) }),
            (.init("state"), HostFormatting.state),
            (.init("worst", minimum: 26, yields: 1, isCut: true), HostFormatting.worst),
            (.init("load", .right, leaves: 1), { figure($0.figures.load.map { HumanFormat.decimal($0) }) }),
            (
                .init("memory", .right, leaves: 3),
                { HostFormatting.share($0.figures.memoryUsed, HostFormatting.memoryRole($0)) }
            ),
            (.init("disk", .right), { HostFormatting.share($0.figures.diskUsed, HostFormatting.diskRole($0)) }),
            (.init("fullest", minimum: 12, leaves: 4), fullest),
        ]
        if forecast {
            switch reader {
            case .now: columns.append((.init("full in", .right, leaves: 2), HostFormatting.untilFull))
            case .kept(let zone):
                columns.append(
                    (.init("full about", .right, leaves: 2), { HostFormatting.fullAt($0, zone) ?? Cell("") }))
            }
        }
        columns.append((.init("failed", .right, leaves: 6), { failed($0) }))
        if nixos {
            columns.append((.init("gen", .right, leaves: 5), HostFormatting.generation))
            if revisions { columns.append((.init("revision", leaves: 9), HostFormatting.revision)) }
            columns.append((.init("boot", leaves: 7), HostFormatting.boot))
        }
        columns.append((.init("autonomy", leaves: 8), { Cell($0.autonomy.rawValue) }))
        switch reader {
        case .now(let now): columns.append((.init("checked", .right), { HostFormatting.asked($0, now: now) }))
        case .kept(let zone):
            columns.append((.init("as of", .right), { Cell(HostFormatting.asked($0, in: zone)) }))
        }
        // Macha itself has no such figures, which is not the same as unknown ones.
        let others: Set = ["LOAD", "MEMORY", "FAILED", "GEN", "REVISION", "BOOT", "AUTONOMY"]
        let rows = report.hosts.map { host in
            columns.map { host.itself != nil && others.contains($0.0.title.text) ? Cell("") : $0.1(host) }
        }
        return Table(columns.map(\.0), rows: rows)
    }

    private static func figure(_ text: String?) -> Cell { text.map { Cell($0) } ?? HostFormatting.unknown }

    private static func failed(_ host: HostReport) -> Cell {
        guard let count = host.figures.failedUnits else { return HostFormatting.unknown }
        return Cell("\(count)", count > 0 ? .warning : .dim)
    }

    private static func fullest(_ host: HostReport) -> Cell {
        guard let share = host.figures.diskUsed else { return HostFormatting.unknown }
        let mount = host.figures.diskMount?.raw ?? ""
        return Cell("\(HumanFormat.bar(share)) \(mount)", HostFormatting.diskRole(host), limit: 28)
    }

    /// What hosts have in common, before what each of them has.
    static func add(_ causes: [FleetCause], to page: inout Page) {
        guard !causes.isEmpty else { return }
        page.gap()
        page.text(Cell("Together", .heading))
        for cause in causes {
            page.text(Cell(cause.severity), Cell(cause.summary), indent: 2)
            page.text(Cell(names(cause), .dim), indent: 6)
        }
    }

    /// `web1, web2, and 7 more`
    static func names(_ cause: FleetCause) -> String {
        let rest = cause.hosts.count - min(8, cause.hosts.count)
        return cause.hosts.prefix(8).joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
    }

    /// A host's findings, and what could not be confirmed; unless `isWhole`, only so many of each kind.
    static func add(_ host: HostReport, isWhole: Bool, now: Date, to page: inout Page) {
        let (findings, rest) = isWhole ? (host.findings, nil) : HostFormatting.shown(host.findings)
        for finding in findings where finding.quiet == nil { add(finding, now: now, to: &page) }
        for finding in findings { MutedLines.add(finding, now: now, to: &page) }
        if let rest { page.text(Cell("… and \(rest): macha status \(host.host)", .dim), indent: 2) }
        if let analysis = host.analysis { AnalysisPage.add(analysis, now: now, to: &page) }
        guard !host.unconfirmed.isEmpty else { return }
        page.text(Cell("could not be re-checked (last known):", .unknown), indent: 2)
        for finding in host.unconfirmed.prefix(5) {
            if finding.quiet != nil {
                MutedLines.add(finding, now: now, to: &page)
                continue
            }
            let seen = HumanFormat.age(of: finding.lastSeen ?? finding.since, now: now)
            page.text(
                Cell(finding.finding.severity), Cell(finding.finding.summary), Cell("(last seen \(seen))", .dim),
                indent: 4)
        }
        if host.unconfirmed.count > 5 { page.text(Cell("… and \(host.unconfirmed.count - 5) more", .dim), indent: 4) }
    }

    private static func add(_ report: FindingReport, now: Date, to page: inout Page) {
        let finding = report.finding
        let since = HostFormatting.since(report, now: now)
        page.text(
            Cell(report.severity), Cell(finding.summary), Cell(since.isEmpty ? "" : "(\(since))", .dim), indent: 2)
        let evidence = HostFormatting.runs(of: finding.lines)
        for (line, count) in evidence.prefix(3) {
            page.text(Cell(line, .dim, limit: 300), Cell(count > 1 ? "(\(count) times)" : "", .dim), indent: 6)
        }
        if evidence.count > 3 { page.text(Cell("… and \(evidence.count - 3) more", .dim), indent: 6) }
        RemedyLines.add(finding.advice, finding.commands, to: &page, indent: 4)
        guard !report.folded.isEmpty else { return }
        if let silent = HostFormatting.silent(report) { return page.text(Cell(silent, .dim), indent: 4) }
        page.text(Cell("as a result:", .dim), indent: 4)
        for folded in report.folded {
            page.text(Cell(folded.finding.severity.rawValue, .dim), Cell(folded.finding.summary, .dim), indent: 6)
        }
    }
}
