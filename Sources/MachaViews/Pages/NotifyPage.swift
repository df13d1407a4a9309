// SPDX-License-Identifier: MIT
package import Macha
import MachaModel
import MachaStore

package import struct Foundation.Date

/// Notices: what was sent, what was not, and where an issue would go.
package enum NotifyPage {
    /// What became of a message; with `isKept` what did not arrive is tried again.
    package static func deliveries(_ deliveries: [Controller.Delivery], isKept: Bool) -> Page {
        var page = Page()
        for delivery in deliveries {
            page.text(
                Cell(delivery.receiver, .heading),
                delivery.isSent ? Cell("sent", .ok) : Cell("not sent", .critical), Cell(delivery.reason, limit: 500))
        }
        if isKept, deliveries.contains(where: { !$0.isSent }) {
            page.text(Cell("What was not sent stays in the outbox; the next check tries it again.", .dim))
        }
        return page
    }

    /// Two tables: notices, and what was held back.
    package static func log(_ log: Controller.NotificationLog, now: Date) -> Page {
        var notices = Table([
            .init("when", .right), .init("receiver"), .init("state"), .init("why"),
            .init("notice", minimum: 20, yields: 1),
            .init("note", minimum: 10, yields: 2),
        ])
        for notice in log.notices {
            notices.append([
                Cell(HumanFormat.age(of: notice.createdAt, now: now), .dim), Cell(notice.receiver), state(notice.state),
                Cell(notice.occasion.rawValue), Cell(notice.message.title), Cell(notice.reason, .dim, limit: 500),
            ])
        }
        var held = Table([
            .init("last", .right), .init("receiver"), .init("reason"), .init("problem", minimum: 20, yields: 1),
            .init("because", minimum: 20, yields: 2), .init("times", .right),
        ])
        for entry in log.held {
            let place = entry.host.map { "\($0): " } ?? ""
            held.append([
                Cell(HumanFormat.age(of: entry.lastAt, now: now), .dim), Cell(entry.receiver),
                Cell(entry.reason.rawValue),
                Cell(place + entry.summary, limit: 400), Cell(entry.words, .dim, limit: 400), Cell("\(entry.times)"),
            ])
        }
        var page = Page()
        page.text(Cell("Notices", .heading))
        page.table(notices, orSay: "nothing was sent")
        page.gap()
        page.text(Cell("Held back", .heading))
        page.table(held, orSay: "nothing was held back")
        return page
    }

    /// Every route that was tried, and who would be told.
    package static func route(_ explanation: Controller.RouteExplanation) -> Page {
        var page = Page()
        page.text(
            Cell("issue \(explanation.issue)", .heading),
            Cell("\(explanation.host): \(explanation.summary)", limit: 400),
            Cell("\(explanation.severity.rawValue), \(explanation.kind)", .dim))
        for step in explanation.routes {
            let receivers = step.receivers.isEmpty ? "nobody" : step.receivers.joined(separator: ", ")
            page.text(
                Cell(step.route),
                step.refusal == nil ? Cell("takes it: \(receivers)", .ok) : Cell(step.refusal ?? "", .dim))
        }
        for held in explanation.held {
            page.text(
                Cell(held.receiver.isEmpty ? "nobody is told:" : "\(held.receiver) is not told:", .warning),
                Cell(held.reason, limit: 400))
        }
        let names = explanation.receivers
        page.text(Cell(names.isEmpty ? "Nobody would be told now." : "Told now: \(names.joined(separator: ", "))."))
        return page
    }

    private static func state(_ state: StoredNotice.State) -> Cell {
        switch state {
        case .waiting: Cell("waiting", .warning)
        case .sent: Cell("sent", .ok)
        case .failed: Cell("failed", .critical)
        }
    }
}
