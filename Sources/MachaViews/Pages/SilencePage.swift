// SPDX-License-Identifier: MIT
package import Macha
import MachaFindings
import MachaInventory
import MachaModel
import struct Foundation.Date

/// What is kept quiet, and where people are at work.
package enum SilencePage {
    /// One row a silence.
    package static func list(_ silences: [Controller.SilenceDocument]) -> Page {
        var table = Table([
            .init("id", .right), .init("hosts", minimum: 8), .init("kind"), .init("subject", minimum: 8),
            .init("until"), .init("by"), .init("reason", minimum: 16, yields: 1),
        ])
        for document in silences {
            let silence = document.silence
            func cell(_ text: String) -> Cell { Cell(text, document.isActive ? .plain : .dim) }
            table.append([
                cell(document.id.map { "\($0)" } ?? "–"), cell("\(silence.selector)"), cell(silence.kind ?? "all"),
                cell(silence.subject?.text ?? "all"), end(document), cell(silence.by), Cell(silence.reason, .dim),
            ])
        }
        var page = Page()
        page.table(table, orSay: "nothing is silenced")
        return page
    }

    private static func end(_ document: Controller.SilenceDocument) -> Cell {
        if let person = document.endedBy { return Cell("ended by \(person)", .dim) }
        guard let until = document.silence.span.until else { return Cell("for good", .dim) }
        return Cell(HumanFormat.localTime(until), document.isActive ? .plain : .dim)
    }

    /// One row a host that is in maintenance or has hours for it.
    package static func maintenance(_ hosts: [Controller.MaintenanceDocument]) -> Page {
        var table = Table([
            .init("host"), .init("now"), .init("until"), .init("by"), .init("reason", minimum: 12, yields: 1),
            .init("hours", minimum: 12, yields: 2),
        ])
        for host in hosts {
            table.append([
                Cell(host.host), host.active ? Cell("in maintenance", .warning) : Cell("no", .dim),
                Cell(host.until.map { HumanFormat.localTime($0) } ?? ""), Cell(host.by), Cell(host.reason, .dim),
                Cell(host.hours.joined(separator: "; "), .dim),
            ])
        }
        var page = Page()
        page.table(table, orSay: "no host is in maintenance")
        return page
    }
}
