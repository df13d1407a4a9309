// SPDX-License-Identifier: MIT
import Macha
package import MachaActions
import MachaInventory
import MachaModel
package import MachaStore

package import struct Foundation.Date

/// An approval with what follows from the time of day and from its run.
package struct ApprovalView: Encodable {
    var id: Int
    var host: String
    var title: String
    var playbook: String?
    /// Who proposes it: `macha`, `model NAME` or `person NAME`.
    var requester: String
    /// Only a model proposes it; no playbook's own conditions match.
    var isFromModel: Bool
    /// False when somebody edited it in the database; it cannot be approved then.
    var isIntact: Bool
    var state: Approval.State
    var risk: Risk
    var riskReasons: [String]
    var content: ContentHash
    var requestedAt: Date
    var seenAt: Date
    var expiresAt: Date
    var decidedBy: String?
    var decidedAt: Date?
    var reason: String
    var decision: Decision
    var proposal: Proposal
    var run: RunState?
    var runNote: String?
    /// Files in which a change of the configuration is suggested, once it has run.
    var suggestions: [String]

    /// `folder` is the state directory, where suggestions are written.
    package init(_ approval: Approval, _ run: StoredRun? = nil, in folder: String, at now: Date) {
        suggestions = Suggestion.all(of: approval.proposal).compactMap { try? $0.path(in: folder) }
        id = approval.id
        host = approval.proposal.host
        title = approval.proposal.title
        playbook = approval.proposal.playbook
        requester = approval.proposal.requester.description
        isFromModel = approval.proposal.requester.isModel
        isIntact = approval.isIntact
        state = approval.state(at: now)
        risk = approval.proposal.risk
        riskReasons = approval.proposal.riskReasons
        content = approval.content
        requestedAt = approval.requestedAt
        seenAt = approval.seenAt
        expiresAt = approval.expiresAt
        decidedBy = approval.decidedBy
        decidedAt = approval.decidedAt
        reason = approval.reason
        decision = approval.decision
        proposal = approval.proposal
        self.run = run?.state
        runNote = run.flatMap { $0.note.isEmpty ? nil : $0.note }
    }
}

/// The approval queue for people.
package enum ApprovalPage {
    /// The queue as a table.
    package static func list(_ approvals: [ApprovalView], now: Date) -> Page {
        var table = Table([
            .init("id", .right), .init("host"), .init("what", minimum: 16, yields: 1), .init("risk"), .init("state"),
            .init("why", minimum: 10, yields: 2), .init("requested", .right), .init("expires in", .right),
        ])
        for approval in approvals {
            let left = approval.expiresAt.timeIntervalSince(now)
            table.append([
                Cell("\(approval.id)"), Cell(approval.host),
                Cell(approval.title + RepairPage.wish(of: approval.proposal.requester)), RunPage.risk(approval.risk),
                state(approval.state), Cell(approval.decision.rule.rawValue),
                Cell(HumanFormat.age(of: approval.requestedAt, now: now), .dim),
                Cell(approval.state == .waiting && left > 0 ? HumanFormat.duration(seconds: left) : "", .dim),
            ])
        }
        var page = Page()
        page.table(table, orSay: "nothing is waiting for approval")
        return page
    }

    /// All that a person needs to decide about one approval.
    package static func show(_ approval: ApprovalView, now: Date) -> Page {
        var page = body(approval, now)
        if approval.state == .waiting {
            page.gap()
            page.text(Cell("To approve or reject it:"))
            RemedyLines.add(
                ["macha approve \(approval.id)", "macha reject \(approval.id) --reason …"], to: &page, indent: 2)
        }
        return page
    }

    static func body(_ approval: ApprovalView, _ now: Date) -> Page {
        var page = Page()
        page.text(
            Cell("approval \(approval.id)", .heading), Cell("on \(approval.host):"), Cell(approval.title),
            state(approval.state))
        if approval.isFromModel {
            page.text(
                Cell("Only \(approval.requester) proposes this.", .warning),
                Cell("It can be wrong, and it read text that others wrote."))
        }
        if !approval.isIntact {
            page.text(
                Cell("It was edited in the database and cannot be approved.", .critical),
                Cell("See: macha audit verify"))
        }
        page.facts(facts(approval, now))
        page.gap()
        page.text(Cell("Evidence", .heading))
        page.lines(approval.proposal.evidence.prefix(40).map { Cell("  \($0.raw)", limit: 400) })
        page.gap()
        page.text(Cell("The exact commands that would run", .heading))
        RunPage.steps(approval.proposal, on: &page)
        page.gap()
        page.text(Cell("How it is verified", .heading))
        page.lines(proofs(approval.proposal).map { Cell("  \($0)") })
        suggestions(approval, on: &page)
        let looks = approval.proposal.look.compactMap { try? $0.plan().act.first }
        if !looks.isEmpty {
            page.gap()
            page.text(Cell("To investigate", .heading))
            page.lines(
                looks.map { Cell("  macha exec \(approval.host) -- \(RunPage.words($0.command.words))", limit: 1_000) })
        }
        return page
    }

    /// What is suggested for the configuration, and the file it goes into: the very lines.
    private static func suggestions(_ approval: ApprovalView, on page: inout Page) {
        for (suggestion, file) in zip(Suggestion.all(of: approval.proposal), approval.suggestions) {
            page.gap()
            page.text(
                Cell("Suggested configuration change", .heading),
                Cell("(apply it yourself; Macha does not)", .dim))
            page.lines((suggestion.why + suggestion.body).prefix(60).map { Cell("  \($0)", limit: 400) })
            page.lines([Cell("  → \(file)", limit: 4_000)])
        }
    }

    private static func facts(_ approval: ApprovalView, _ now: Date) -> [Page.Fact] {
        var facts: [Page.Fact] = [
            .init("risk", Cell("\(approval.risk.rawValue): \(approval.riskReasons.joined(separator: "; "))")),
            .init("reason", Cell("\(approval.decision.rule.rawValue): \(approval.decision.sentence)")),
            .init("machine", Cell(machine(approval.proposal), limit: 400)),
            .init("from", Cell(source(approval))),
            .init("requested", Cell(HumanFormat.age(of: approval.requestedAt, now: now))),
            .init("content", Cell(approval.content.short)),
        ]
        if approval.state == .waiting {
            facts.append(
                .init("expires in", Cell(HumanFormat.duration(seconds: approval.expiresAt.timeIntervalSince(now)))))
        }
        if let by = approval.decidedBy { facts.append(.init("decided by", Cell(by))) }
        if !approval.reason.isEmpty { facts.append(.init("reason", Cell(approval.reason))) }
        if let run = approval.run {
            facts.append(.init("outcome", Cell(run.rawValue + (approval.runNote.map { ": \($0)" } ?? ""))))
        }
        return facts
    }

    /// Where it would run, and by what the machine is known there.
    private static func machine(_ proposal: Proposal) -> String {
        guard let target = proposal.target else { return "not recorded, so it cannot be approved" }
        let marks = "\(target.machine)"
        return "\(target.way), \(marks)"
    }

    private static func source(_ approval: ApprovalView) -> String {
        let requester = approval.proposal.requester.description
        return approval.playbook.map { "\(requester), playbook \($0)" } ?? requester
    }

    /// As they were stored with what is approved, not as today's program would plan them.
    private static func proofs(_ proposal: Proposal) -> [String] {
        var seen: Set<Check> = []
        let own = proposal.steps.flatMap { $0.proofs ?? [] }
        var all = (own + proposal.verify).filter { seen.insert($0).inserted }.map(\.description)
        if proposal.steps.contains(where: { $0.proofs == nil }) {
            all.append(
                "not recorded by the earlier version of Macha that requested it; the next check requests it again")
        }
        return all.isEmpty ? ["nothing: it is read-only or only notifies someone"] : all
    }

    static func state(_ state: Approval.State) -> Cell {
        switch state {
        case .waiting: Cell("waiting", .warning)
        case .granted: Cell("approved, not begun", .ok)
        case .rejected: Cell("rejected", .dim)
        case .expired: Cell("expired", .dim)
        case .superseded: Cell("superseded", .dim)
        case .used: Cell("approved and begun", .ok)
        }
    }
}
