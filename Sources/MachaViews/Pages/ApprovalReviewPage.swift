// SPDX-License-Identifier: MIT
package import Macha
import MachaActions
import MachaFindings
import MachaModel
import MachaStore

package import struct Foundation.Date

/// All that is recorded about an approval.
package struct ApprovalDossier: Encodable {
    var approval: ApprovalView
    var issue: Controller.IssueDetail?
    var analysis: AnalysisReport?
    var earlier: [ActionRecord]

    /// `folder` is the state directory, where suggestions are written.
    package init(_ file: Controller.ApprovalFile, in folder: String, at now: Date) {
        approval = ApprovalView(file.approval, file.run, in: folder, at: now)
        issue = file.issue
        analysis = file.analysis
        earlier = file.earlier
    }
}

/// Approvals one by one, in front of a person.
package enum ApprovalReviewPage {
    /// One approval, short: what, why, risk, and the way back.
    package static func brief(_ approval: ApprovalView, number: Int, of total: Int, now: Date) -> Page {
        var page = Page()
        page.gap()
        page.text(
            Cell("\(number) of \(total):", .dim), Cell("approval \(approval.id)", .heading),
            Cell("on \(approval.host):"), Cell(approval.title, .heading))
        if approval.isFromModel {
            page.text(
                Cell("Only \(approval.requester) proposes this.", .warning),
                Cell("It can be wrong, and it read text that others wrote."))
        }
        page.facts(facts(approval, now))
        return page
    }

    private static func facts(_ approval: ApprovalView, _ now: Date) -> [Page.Fact] {
        let proposal = approval.proposal
        let lines = proposal.steps.flatMap(\.commands).filter { $0.role == "act" }
        var facts = lines.prefix(6).map { Page.Fact("what", Cell(RunPage.words($0.words), limit: 4_000)) }
        if lines.isEmpty {
            facts = proposal.steps.map { .init("what", Cell("\($0.action.kind.rawValue) \($0.action.target)")) }
        }
        if lines.count > 6 { facts.append(.init("", Cell("and \(lines.count - 6) more commands; d shows them", .dim))) }
        facts += proposal.evidence.prefix(2).map { .init("why", Cell($0, limit: 300)) }
        facts.append(
            .init("asks", Cell("\(approval.decision.rule.rawValue): \(approval.decision.sentence)", limit: 400)))
        facts.append(.init("risk", Cell("\(approval.risk.rawValue): \(approval.riskReasons.joined(separator: "; "))")))
        let back = proposal.steps.map(\.wayBack)
        facts.append(.init("rollback", Cell(back.isEmpty ? "none" : back.joined(separator: "; "), limit: 600)))
        let left = approval.expiresAt.timeIntervalSince(now)
        facts.append(.init("expires in", Cell(HumanFormat.duration(seconds: left), .dim)))
        return facts
    }

    /// Why this one is not asked about.
    package static func passed(_ approval: ApprovalView) -> Page {
        var page = Page()
        page.gap()
        let by = approval.decidedBy.map { "by \($0)" } ?? ""
        page.text(
            Cell("approval \(approval.id)", .heading), Cell("on \(approval.host):"), Cell(approval.title),
            ApprovalPage.state(approval.state), Cell(by, .dim), Cell(approval.reason, .dim, limit: 300),
            Cell("(meanwhile; nothing to decide)", .dim))
        return page
    }

    /// Everything that is recorded: the problem, its history, what a model says, and what was done before.
    package static func dossier(_ dossier: ApprovalDossier, now: Date) -> Page {
        var page = ApprovalPage.body(dossier.approval, now)
        if !dossier.approval.proposal.description.isEmpty {
            page.gap()
            page.text(Cell("Why it is done like this", .heading))
            page.text(Cell(dossier.approval.proposal.description, limit: 2_000), indent: 2)
        }
        page.gap()
        page.text(Cell("The problem", .heading))
        if let issue = dossier.issue {
            page = Page(page.blocks + IssuesPage.show(issue, now: now).blocks)
        } else {
            page.text(Cell("no issue is recorded for it", .dim), indent: 2)
        }
        page.gap()
        page.text(Cell("What a model says", .heading))
        if let analysis = dossier.analysis {
            AnalysisPage.add(analysis, now: now, to: &page)
        } else {
            page.text(Cell("no model was asked about this host", .dim), indent: 2)
        }
        page.gap()
        page.text(Cell("Done on this host within 30 days", .heading))
        if dossier.earlier.isEmpty { page.text(Cell("nothing", .dim), indent: 2) }
        for record in dossier.earlier {
            page.text(
                Cell(HumanFormat.age(of: record.startedAt, now: now), .dim),
                Cell("\(record.kind.rawValue) \(record.target)"), Cell(record.outcome.rawValue),
                Cell(record.isAutomatic ? "by itself" : "by a person", .dim), indent: 2)
        }
        return page
    }

    /// What was decided.
    package static func summary(_ counts: Counts) -> Page {
        var page = Page()
        page.gap()
        var words = [
            (counts.carriedOut, "carried out"), (counts.failed, "failed"), (counts.rejected, "rejected"),
            (counts.skipped, "skipped"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if words.isEmpty { words = ["nothing was decided"] }
        page.text(Cell(words.joined(separator: ", ") + ";"), Cell(waiting(counts.waiting)))
        return page
    }

    private static func waiting(_ count: Int) -> String {
        switch count {
        case 0: "none is waiting"
        case 1: "1 is still waiting: macha approve"
        default: "\(count) are still waiting: macha approve"
        }
    }

    /// How a review went.
    package struct Counts: Sendable {
        package var carriedOut = 0
        package var failed = 0
        package var rejected = 0
        package var skipped = 0
        package var waiting = 0

        package init() {}
    }
}
