// SPDX-License-Identifier: MIT
package import MachaModel

package import struct Foundation.Date
package import struct Foundation.TimeZone

/// What a model made of a host. All of it is untrusted text, and each statement is shown with its evidence.
package enum AnalysisPage {
    /// What came of one analysis, by itself. Says nothing when nothing is known.
    package static func page(_ host: String, _ report: AnalysisReport?, now: Date) -> Page {
        var page = Page()
        guard let report else { return page }
        page.gap()
        page.text(Cell(host, .heading))
        add(report, now: now, to: &page)
        return page
    }

    /// Below the host's findings. Its first line says how old it is, or that it is unknown and why.
    static func add(_ report: AnalysisReport, now: Date, to page: inout Page) {
        if let failure = report.failure {
            page.text(
                Cell("model", .heading), Cell("unknown", .unknown), Cell(failure.message, limit: 600),
                Cell("(\(HumanFormat.age(of: failure.madeAt, now: now)))", .dim), indent: 2)
            if !failure.remedy.isEmpty { page.text(Cell("→ \(failure.remedy)", limit: 400), indent: 4) }
            if let words = notAskedAgain(failure, now: now) { page.text(Cell(words, .dim), indent: 4) }
        }
        guard let analysis = report.analysis else { return }
        let age = HumanFormat.age(of: analysis.madeAt, now: now)
        page.text(
            Cell("model", .heading), verdict(analysis, isOld: report.failure != nil),
            Cell(analysis.summary, limit: 600), Cell("(\(analysis.model), \(age))", .dim), indent: 2)
        if let cause = analysis.rootCause {
            page.text(
                Cell(analysis.isAlone == true ? "suspected root cause" : "root cause"),
                Cell(cause.statement, limit: 400), Cell(sureness(cause, analysis), .dim), indent: 4)
            add(cause.evidence, of: analysis, to: &page)
        }
        for statement in analysis.statements {
            let detail = statement.detail.raw.isEmpty ? "" : ": \(statement.detail.raw)"
            page.text(severity(statement, analysis), Cell(statement.title.raw + detail, limit: 600), indent: 4)
            add(statement.evidence, of: analysis, to: &page)
        }
        for proposal in analysis.proposals {
            let values = proposal.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            page.text(
                Cell("proposes"), Cell(([proposal.playbook] + values).joined(separator: " "), .heading),
                Cell(proposal.reason, limit: 300), indent: 4)
        }
        for suggestion in analysis.suggestions {
            page.text(
                Cell("suggests"), Cell(suggestion.change, limit: 800), Cell(suggestion.reason, .dim, limit: 300),
                indent: 4)
        }
        page.text(Cell(account(analysis), .dim), indent: 4)
    }

    /// Why the same is not asked again; `nil` when it is.
    static func notAskedAgain(_ failure: AnalysisFailure, now: Date) -> String? {
        guard let words = failure.lastingWords, now.timeIntervalSince(failure.madeAt) < AnalysisFailure.lasts else {
            return nil
        }
        let age = HumanFormat.age(of: failure.madeAt, now: now)
        return
            "the answer \(words) \(age), and would be again; models are asked again when something changes or after a day. To ask now: macha check \(failure.host) --ask-again"
    }

    /// What it rests on and what it took, in one line.
    static func account(_ analysis: Analysis) -> String {
        let cost = analysis.cost
        var words = ["\(cost.calls) call\(cost.calls == 1 ? "" : "s")"]
        if cost.reused > 0 { words.append("\(cost.reused) reused") }
        words.append("\(cost.promptTokens) tokens read, \(cost.answerTokens) written")
        if cost.journalLines > 0 { words.append("\(cost.journalLines) lines of journal") }
        let cut = analysis.dropped.contains { $0.reason == .cutShort }
        let dropped = analysis.dropped.count(where: { $0.reason != .cutShort })
        if dropped > 0 {
            words.append("\(dropped) statement\(dropped == 1 ? "" : "s") dropped: not supported by evidence")
        }
        if cut { words.append("cut short at the answer's limit; incomplete parts were left out") }
        return words.joined(separator: " · ")
    }

    /// After a failed attempt it is unknown whether it still holds. On a host without findings it is no more than a
    /// question.
    static func verdict(_ analysis: Analysis, isOld: Bool) -> Cell {
        let verdict = analysis.verdict
        if analysis.isEmptyHanded { return Cell("nothing it said is supported by evidence", .unknown) }
        guard !isOld else { return Cell("was \(verdict.rawValue)", .unknown) }
        return switch verdict {
        case .healthy: Cell(verdict.rawValue, .ok)
        case .attention: Cell(verdict.rawValue, .warning)
        case .intervention where analysis.isAlone == true: Cell("asks: does it need intervention?", .warning)
        case .intervention: Cell(verdict.rawValue, .critical)
        }
    }

    /// What a model alone calls critical is a suspicion.
    static func severity(_ statement: GroundedStatement, _ analysis: Analysis) -> Cell {
        guard statement.severity == .critical, analysis.isAlone == true else { return Cell(statement.severity) }
        return Cell("the model suspects", .warning)
    }

    /// How sure the model says it is; on a host without findings that says nothing.
    static func sureness(_ cause: RootCause, _ analysis: Analysis) -> String {
        analysis.isAlone == true ? "" : "(\(HumanFormat.percent(cause.confidence)) sure)"
    }

    /// At most three of the lines that are cited.
    static func evidence(_ ids: [String], of analysis: Analysis) -> [(id: String, line: String)] {
        ids.prefix(3).map { id in
            (id, analysis.evidence[id]?.raw.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
        }
    }

    private static func add(_ ids: [String], of analysis: Analysis, to page: inout Page) {
        for (id, line) in evidence(ids, of: analysis) {
            page.text(Cell(id, .dim), Cell(line, .dim, limit: 240), indent: 8)
        }
        if ids.count > 3 { page.text(Cell("… and \(ids.count - 3) more", .dim), indent: 8) }
    }

    // MARK: HTML

    static func html(_ report: AnalysisReport?, zone: TimeZone) -> HTML {
        guard let report else { return "" }
        var parts: [HTML] = []
        if let failure = report.failure {
            let age = "as of \(HumanFormat.minute(failure.madeAt, in: zone))"
            parts.append(
                "<p><b>Model: unknown</b> <small>\(Cell(age))</small></p><p>\(Cell(failure.message, limit: 600))</p><p>→ \(Cell(failure.remedy, limit: 400))</p>"
            )
        }
        if let analysis = report.analysis {
            let age = "as of \(HumanFormat.minute(analysis.madeAt, in: zone))"
            parts.append(
                "<p><b>Model: \(verdict(analysis, isOld: report.failure != nil))</b> \(Cell(analysis.summary, limit: 600)) <small>\(Cell(analysis.model)), \(Cell(age))</small></p>"
            )
            if let cause = analysis.rootCause {
                parts.append(
                    "<p>\(Cell(analysis.isAlone == true ? "Suspected root cause" : "Root cause")): \(Cell(cause.statement, limit: 400))</p>\(lines(cause.evidence, analysis))"
                )
            }
            for statement in analysis.statements {
                parts.append(
                    "<p>\(severity(statement, analysis)) \(Cell(statement.title, limit: 200)) \(Cell(statement.detail, limit: 500))</p>\(lines(statement.evidence, analysis))"
                )
            }
            parts.append("<p class=d>\(Cell(account(analysis)))</p>")
        }
        let role: Role = report.failure == nil ? .plain : .unknown
        return "<article class=\(role.html)>\(parts)</article>"
    }

    private static func lines(_ ids: [String], _ analysis: Analysis) -> HTML {
        let shown: [HTML] = evidence(ids, of: analysis).map { id, line in "\(Cell(id)) \(Cell(line, limit: 240))\n" }
        return "<pre>\(shown)</pre>"
    }
}
