// SPDX-License-Identifier: MIT
package import Macha
import MachaActions
import MachaModel
import MachaStore

/// What a playbook would do, and what came of it.
package enum RunPage {
    /// What a playbook would do on each host.
    package static func plans(_ plans: [Rollout.Plan]) -> Page {
        var page = Page()
        for plan in plans {
            guard let proposal = plan.proposal else {
                page.text(Cell(plan.host, .heading), Cell("nothing: \(plan.refusal ?? "")", .warning))
                continue
            }
            page.text(Cell(plan.host, .heading), Cell(proposal.title), decision(plan.decision))
            if let decision = plan.decision {
                page.text(Cell("\(decision.rule.rawValue): \(decision.sentence)", .dim), indent: 2)
            }
            steps(proposal, on: &page)
        }
        return page
    }

    static func decision(_ decision: Decision?) -> Cell {
        switch decision?.outcome {
        case .run: Cell("may run", .ok)
        case .ask: Cell("needs your approval", .warning)
        case .refuse, nil: Cell("refused", .critical)
        }
    }

    /// Every command line as the host gets it, with the risk and the way back.
    static func steps(_ proposal: Proposal, on page: inout Page) {
        for step in proposal.steps { add(step, "", to: &page) }
        for step in proposal.rollback { add(step, "if it fails: ", to: &page) }
    }

    private static func add(_ step: ProposedStep, _ prefix: String, to page: inout Page) {
        page.text(
            Cell("\(prefix)\(step.action.kind.rawValue) \(step.action.target)"), risk(step.risk.risk),
            Cell(step.risk.reasons.joined(separator: "; "), .dim), indent: 2)
        page.lines(step.commands.map { Cell("      \($0.role): \(words($0.words))", limit: 4_000) })
        page.text(Cell("rollback: \(step.wayBack)", .dim), indent: 6)
    }

    static func risk(_ risk: Risk) -> Cell {
        switch risk {
        case .low: Cell("low risk", .ok)
        case .medium: Cell("medium risk", .warning)
        case .high: Cell("high risk", .critical)
        }
    }

    /// Words so that a person sees where each begins and ends.
    static func words(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII
                        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                            || "/._-:@=+,%".unicodeScalars.contains(scalar))
                }
            return isPlain ? word : "'\(word)'"
        }.joined(separator: " ")
    }

    /// What it did on one host.
    package static func outcome(_ outcome: Rollout.Outcome) -> Page {
        if let report = outcome.run { return Self.report(report) }
        var page = Page()
        page.text(Cell(outcome.host, .heading), Cell(outcome.note, .critical))
        return page
    }

    /// One run, its commands and what proves it.
    package static func report(_ report: RunReport) -> Page {
        var page = Page()
        let seconds = report.seconds > 0 ? "(\(HumanFormat.duration(seconds: report.seconds)))" : ""
        page.text(Cell(report.host, .heading), Cell(report.title), state(report), Cell(seconds, .dim))
        for step in report.steps {
            for line in step.lines {
                page.text(
                    Cell("\(line.role): \(words(line.words))", limit: 2_000),
                    Cell(line.ending, line.ending == "done" ? .ok : .warning), indent: 4)
                let isTold = line.ending != "done" || line.role == "look" || step.kind == .diagnose
                guard isTold, !line.output.raw.isEmpty else { continue }
                page.lines(line.output.raw.split(separator: "\n").suffix(12).map { Cell("        \($0)", .dim) })
            }
            if step.kind == .notify, !step.note.isEmpty {
                page.text(Cell("says: \(step.note)", limit: 2_000), indent: 4)
            }
            if let file = step.file {
                page.text(Cell("suggests a configuration change for you to apply:"), indent: 4)
                page.lines([Cell("      \(file)", limit: 4_000)])
            }
            for proof in step.proofs {
                let sign = proof.verdict.holds ? Cell("yes", .ok) : Cell("no", .critical)
                page.text(Cell("\(proof.check):"), sign, Cell(proof.verdict.seen, .dim), indent: 4)
            }
        }
        if !report.note.isEmpty, report.state != .verified { page.text(Cell("→ \(report.note)"), indent: 2) }
        return page
    }

    static func state(_ report: RunReport) -> Cell {
        switch report.state {
        case .verified: Cell("verified", .ok)
        case .failed: Cell("failed", .critical)
        case .rolledBack: Cell("rolled back", .critical)
        case .interrupted: Cell("interrupted", .unknown)
        case .skipped: report.isNotNeeded ? Cell("not needed", .ok) : Cell("not begun", .warning)
        case .authorised: Cell("not begun", .warning)
        case .started: Cell("running", .unknown)
        }
    }

    /// How many hosts it helped.
    package static func summary(_ outcomes: [Rollout.Outcome]) -> Page {
        var page = Page()
        page.gap()
        let good = outcomes.count { $0.isGood }
        let failed = outcomes.count { !$0.isGood && $0.run?.run != nil }
        page.text(
            Cell("\(outcomes.count) \(outcomes.count == 1 ? "host" : "hosts"):", .heading),
            Cell("\(good) succeeded", good == outcomes.count ? .ok : .plain),
            failed > 0 ? Cell("\(failed) failed", .critical) : Cell(""),
            good + failed < outcomes.count
                ? Cell("\(outcomes.count - good - failed) not begun", .warning) : Cell(""))
        return page
    }
}
