// SPDX-License-Identifier: MIT
import Macha
import MachaFindings
import MachaInventory
import MachaModel

import struct Foundation.Date

/// One host in full: what is wrong, how its figures went, and all that it answered.
package enum HostPage {
    /// One host with all its readings.
    package static func page(_ document: HostDocument) -> Page {
        let (host, now) = (document.host, document.generatedAt)
        var page = Page()
        let asked = host.takenAt.map {
            "checked \(HumanFormat.age(of: $0, now: now)), \(HumanFormat.localTime($0))"
        }
        page.text(
            Cell(host.host, .heading), HostFormatting.state(host),
            Cell(asked ?? "never checked; run: macha check", .dim))
        page.gap()
        if let failure = host.contactFailure {
            page.facts([
                .init("failed at", Cell(failure.stage.rawValue, .unknown)),
                .init("because", Cell(failure.message, limit: 600)),
            ])
            RemedyLines.add(failure.advice, failure.commands, to: &page, indent: 0)
            page.gap()
        }
        if host.findings.isEmpty, host.takenAt != nil { page.text(Cell("No problems found.", .ok)) }
        FleetPage.add(host, isWhole: true, now: now, to: &page)
        RepairNotes.add(document.repairs, now: now, to: &page)
        page.gap()
        page.facts(overview(host))
        if !host.trends.isEmpty {
            page.gap()
            page.facts(host.trends.map { .init("\($0.name.raw)", trend($0)) })
        }
        for reading in document.readings {
            page.gap()
            let age =
                reading.takenAt.map { "as of \(HumanFormat.age(of: $0, now: now)), \(HumanFormat.localTime($0))" } ?? ""
            page.text(Cell(reading.title, .heading), Cell(age, .dim))
            page.facts(reading.facts.map { .init("  \($0.name)", $0.value) })
            RemedyLines.add(reading.commands, to: &page, indent: 4)
        }
        return page
    }

    private static func overview(_ host: HostReport) -> [Page.Fact] {
        if let itself = host.itself { return overview(itself) }
        let untilFull = HostFormatting.untilFull(host)
        let generation = [HostFormatting.generation(host), HostFormatting.revision(host)].map(\.text).filter {
            !$0.isEmpty
        }
        let facts: [(String, Cell?)] = [
            ("system", host.figures.system.map { Cell($0) }), ("generation", Cell(generation.joined(separator: " "))),
            ("boot", HostFormatting.boot(host)), ("autonomy", Cell(host.autonomy.rawValue)),
            ("groups", host.groups.isEmpty ? nil : Cell(host.groups.joined(separator: ", "))),
            ("disk full in", untilFull.text.isEmpty ? nil : untilFull),
        ]
        return facts.compactMap { name, value in value.map { .init(name, $0) } }
    }

    private static func overview(_ itself: HostReport.Itself) -> [Page.Fact] {
        let none = Cell("none", .dim)
        return [
            .init("process", itself.process.map { Cell("\($0)") } ?? none),
            .init("started", Cell(HumanFormat.localTime(itself.startedAt))),
            .init("last backup", itself.lastBackup.map { Cell(HumanFormat.localTime($0)) } ?? none),
            .init(
                "database",
                itself.databaseBytes.map { Cell(HumanFormat.bytes(Int(clamping: $0))) } ?? HostFormatting.unknown),
            .init(
                "room on its disk",
                itself.freeBytes.map { Cell(HumanFormat.bytes(Int(clamping: $0))) } ?? HostFormatting.unknown),
        ]
    }

    /// A trend in one line of eighths, with its span in words. A hole in what is known is a space.
    private static func trend(_ trend: Trend) -> Cell {
        let values = trend.points.map(\.value)
        guard let low = values.min(), let high = values.max(), let first = trend.points.first,
            let last = trend.points.last, let least = trend.points.map(\.low).min(),
            let most = trend.points.map(\.high).max()
        else { return HostFormatting.unknown }
        let steps = Array("▁▂▃▄▅▆▇█")
        let floor = trend.unit == .share ? max(high - low, 0.1) : max(high - low, 1)
        let line = trend.stretches.map { stretch in
            String(stretch.map { steps[min(7, max(0, Int(($0.value - low) / floor * 7.99)))] })
        }.joined(separator: " ")
        let span = HumanFormat.span(seconds: last.time.timeIntervalSince(first.time))
        return Cell(
            "\(line)  \(Sparkline.text(least, trend.unit)) to \(Sparkline.text(most, trend.unit)) within \(span), now \(Sparkline.text(last.value, trend.unit))"
        )
    }
}
