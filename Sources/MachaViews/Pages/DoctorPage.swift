// SPDX-License-Identifier: MIT
import Foundation
package import Macha
import MachaModel

/// What `macha doctor` found.
package enum DoctorPage {
    package static func page(_ report: DoctorReport) -> Page {
        var page = Page()
        for section in report.sections {
            page.text(Cell(section.title, .heading))
            for line in section.lines {
                page.text(mark(line.state), Cell(line.subject, .heading), Cell(line.message, limit: 600), indent: 2)
                RemedyLines.add(line.advice, line.commands, to: &page, indent: 4)
            }
            page.gap()
        }
        page.text(summary(report))
        return page
    }

    private static func mark(_ state: DoctorReport.State) -> Cell {
        let role: Role =
            switch state {
            case .ok: .ok
            case .problem: .critical
            case .unknown: .unknown
            case .note: .dim
            }
        // One column, as wide as the longest word.
        let width = DoctorReport.State.allCases.map(\.rawValue.count).max() ?? 0
        return Cell(state.rawValue.padding(toLength: width, withPad: " ", startingAt: 0), role)
    }

    private static func summary(_ report: DoctorReport) -> Cell {
        let (problems, unknown) = (report.count(.problem), report.count(.unknown))
        let more = unknown == 0 ? "" : "; \(unknown) could not be checked"
        return switch problems {
        case 0: Cell("No problems\(more).")
        case 1: Cell("1 problem\(more).")
        default: Cell("\(problems) problems\(more).")
        }
    }
}
