// SPDX-License-Identifier: MIT
package import Macha
import MachaActions

package import struct Foundation.Date

/// Decisions for people.
package enum PolicyPage {
    /// One decision a host, with the rule that makes it.
    package static func explain(_ lines: [Controller.ExplainedDecision], now: Date) -> Page {
        var page = Page()
        for line in lines {
            page.text(Cell(line.host, .heading), cell(line.outcome), Cell("by rule", .dim), Cell(line.rule.rawValue))
            page.text(Cell(line.sentence), indent: 2)
            page.text(
                Cell(line.action), Cell("is of", .dim), PlaybooksPage.cell(line.risk), Cell("risk:", .dim),
                Cell(line.reasons.joined(separator: "; ")), indent: 2)
            if let seen = line.seenAt, now.timeIntervalSince(seen) > 600 {
                page.text(
                    Cell(
                        "Based on the last check (\(HumanFormat.age(of: seen, now: now))); a repair checks the host again first.",
                        .dim),
                    indent: 2)
            }
        }
        return page
    }

    static func cell(_ outcome: Decision.Outcome) -> Cell {
        switch outcome {
        case .run: Cell("run", .ok)
        case .ask: Cell("ask", .warning)
        case .refuse: Cell("refuse", .critical)
        }
    }
}
