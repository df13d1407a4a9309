// SPDX-License-Identifier: MIT
package import Macha
package import MachaStore

package import struct Foundation.Date

/// What is said of `macha serve`, and by it.
package enum DaemonPage {
    /// What a person should know of the daemon beside the state of the fleet; nothing while all is well or none ever ran.
    /// With `isRow` the fleet has a row of Macha itself, which says the rest.
    package static func page(_ daemon: DaemonRecord?, isRow: Bool, now: Date) -> Page {
        var page = Page()
        guard let daemon, daemon.endedAt == nil else { return page }
        guard !daemon.isLost else {
            if isRow { return page }
            page.gap()
            page.text(
                Cell("warning:", .warning),
                Cell(
                    "macha serve was ended without a word \(HumanFormat.age(of: daemon.beatAt, now: now)); start it again: "
                        + "systemctl start macha"))
            return page
        }
        let health = isRow ? [] : daemon.health ?? []
        guard !daemon.mistakes.isEmpty || !daemon.faults.isEmpty || !health.isEmpty else { return page }
        page.gap()
        page.text(
            Cell("macha", .heading), Cell("itself", .dim), Cell(daemon.pid.map { "(process \($0))" } ?? "", .dim),
            Cell(daemon.lastBackup.map { "last backup \(HumanFormat.age(of: $0, now: now))" } ?? "", .dim))
        for finding in health {
            page.text(Cell(finding.severity), Cell(finding.message, limit: 600), indent: 2)
            if !finding.remedy.isEmpty { page.text(Cell("→ \(finding.remedy)"), indent: 4) }
        }
        if !daemon.mistakes.isEmpty {
            page.text(
                Cell("warning:", .warning),
                Cell(
                    "the files as they were \(HumanFormat.age(of: daemon.readAt, now: now)) were not taken over; those "
                        + "from before are in use"))
            for mistake in daemon.mistakes { page.text(Cell(mistake, limit: 800), indent: 2) }
        }
        for fault in daemon.faults {
            let count = fault.count == 1 ? "" : "\(fault.count) times "
            page.text(
                Cell("fault:", .warning), Cell(fault.message, limit: 400),
                Cell("(\(count)since \(HumanFormat.localTime(fault.since)))", .dim))
        }
        return page
    }

    /// The fleet in a sentence, for the service manager.
    package static func sentence(_ view: FleetView) -> String {
        let headline = HostFormatting.headline(view.report.summary).map(\.text).joined(separator: " ")
        guard view.waitingApprovals > 0 else { return headline }
        return headline
            + (view.waitingApprovals == 1 ? " 1 approval waits." : " \(view.waitingApprovals) approvals wait.")
    }

    /// What happened to time, and what follows from it.
    package static func words(_ gap: TimeGap) -> String {
        switch gap {
        case .slept(let seconds):
            "the machine slept, or macha was stopped, for \(about(seconds)); hosts are checked again "
                + "one after another"
        case .clockSet(let seconds):
            "the clock of this machine was set \(seconds < 0 ? "back" : "ahead") by "
                + "\(about(abs(seconds))); the intervals of checks are not affected"
        }
    }

    /// The loop notices it by the second.
    private static func about(_ seconds: Double) -> String {
        HumanFormat.duration(seconds: (seconds / 5).rounded() * 5)
    }

    /// A change in words without its time, for a log that has one.
    package static func words(_ change: Change) -> String {
        ChangesPage.line(change).dropFirst().map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
