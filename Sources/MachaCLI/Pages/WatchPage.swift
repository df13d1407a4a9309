// SPDX-License-Identifier: MIT
import Macha
import MachaCore

/// The fleet while it is watched: one screen, the worst on top.
enum WatchPage {
    static func frame(_ view: FleetWatch.View, offset: Int, terminal: Terminal) -> LiveFrame {
        let now = view.report.generatedAt
        return LiveFrame(
            heading: HostWords.headline(view.report.summary), body: body(view.report, terminal),
            footing: [Cell("\(HumanFormat.localTime(now)) · \(footing(view))", .dim)], offset: offset)
    }

    private static func body(_ report: FleetReport, _ terminal: Terminal) -> [String] {
        let table = FleetPage.glance(report)
        guard !table.rows.isEmpty else { return ["no hosts"] }
        var below = Page()
        FleetPage.add(report.causes, to: &below)
        for host in HostWords.troubled(report) where host.state != .ok && !host.isAway {
            below.gap()
            below.text(Cell(host.host, .heading), HostWords.state(host))
            FleetPage.add(host, now: report.generatedAt, to: &below)
        }
        return table.lines(width: terminal.width, color: terminal.usesColor, oneLine: true)
            + below.rendered(for: terminal).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    private static func footing(_ view: FleetWatch.View) -> String {
        let names = view.underWay.prefix(4).joined(separator: ", ") + (view.underWay.count > 4 ? ", …" : "")
        let work =
            view.underWay.isEmpty
            ? view.nextLook.map { "next look in \(HumanFormat.span(seconds: $0.rounded(.up)))" } ?? "no host is due"
            : "asking \(names)"
        return "\(work) · q leaves"
    }
}
