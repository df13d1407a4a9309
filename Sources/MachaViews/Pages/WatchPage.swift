// SPDX-License-Identifier: MIT
package import Macha
import MachaFindings

import struct Foundation.Date

/// The fleet while it is watched: one screen, the worst on top.
package enum WatchPage {
    /// The picture of the whole terminal, with the body from line `offset` on.
    package static func frame(_ view: FleetView, offset: Int, terminal: Terminal) -> LiveFrame {
        let now = view.report.generatedAt
        return LiveFrame(
            heading: HostFormatting.headline(view.report.summary), body: body(view, terminal),
            footing: [Cell("\(HumanFormat.localTime(now)) · \(footing(view))", .dim)], offset: offset)
    }

    private static func body(_ view: FleetView, _ terminal: Terminal) -> [String] {
        let report = view.report
        let table = FleetPage.glance(report, .now(report.generatedAt))
        guard !table.rows.isEmpty else { return ["no hosts"] }
        var below = Page()
        add(view.repairs, waiting: view.waitingApprovals, now: report.generatedAt, to: &below)
        FleetPage.add(report.openCauses, to: &below)
        for host in HostFormatting.troubled(report) where host.state != .ok && !host.isAway {
            below.gap()
            below.text(Cell(host.host, .heading), HostFormatting.state(host))
            FleetPage.add(host, isWhole: false, now: report.generatedAt, to: &below)
        }
        return table.lines(width: terminal.width, color: terminal.usesColor, oneLine: true)
            + below.rendered(for: terminal, breaksLines: true).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
            .map(String.init)
    }

    /// What was done about it, what waits, and what was left alone.
    private static func add(_ repairs: [FleetView.Repair], waiting: Int, now: Date, to page: inout Page) {
        guard !repairs.isEmpty || waiting > 0 else { return }
        page.gap()
        page.text(Cell("Repairs", .heading))
        for repair in repairs {
            let age = repair.doneAt.map { Cell("(\(HumanFormat.age(of: $0, now: now)))", .dim) }
            page.text(contentsOf: RepairPage.cells(repair.entry) + [age].compactMap { $0 })
        }
        if waiting > 0 { page.text(RepairPage.waitingWords(waiting), Cell("macha approve list", .dim)) }
    }

    private static func footing(_ view: FleetView) -> String {
        var work: [String] = []
        if !view.remediating.isEmpty { work.append("repairing \(names(view.remediating))") }
        if !view.analysing.isEmpty { work.append("a model reads \(names(view.analysing))") }
        if !view.observing.isEmpty { work.append("checking \(names(view.observing))") }
        if work.isEmpty {
            work.append(
                view.nextObservation.map { "next check in \(HumanFormat.span(seconds: $0.rounded(.up)))" }
                    ?? "no host is due")
        }
        if let last = view.lastTrouble {
            let host = last.host.map { " for \($0)" } ?? ""
            work.append("\(view.troubleCount) failed to be stored, the last\(host): \(last)")
        }
        return (work + ["q leaves"]).joined(separator: " · ")
    }

    private static func names(_ hosts: [String]) -> String {
        hosts.prefix(4).joined(separator: ", ") + (hosts.count > 4 ? ", …" : "")
    }
}
