// SPDX-License-Identifier: MIT
import MachaModel

import struct Foundation.TimeZone

/// What a model made of a host, as items of a Markdown list: the same as ``AnalysisPage`` says.
enum AnalysisMarkdown {
    static func lines(_ report: AnalysisReport, zone: TimeZone) -> [String] {
        var lines: [String] = []
        if let failure = report.failure {
            let age = "as of \(HumanFormat.minute(failure.madeAt, in: zone))"
            lines.append("- **model: unknown** \(text(failure.message, 600)) (\(text(age)))")
            if !failure.remedy.isEmpty { lines.append("  - → \(text(failure.remedy, 400))") }
        }
        guard let analysis = report.analysis else { return lines }
        let verdict = AnalysisPage.verdict(analysis, isOld: report.failure != nil)
        let origin = "\(analysis.model), as of \(HumanFormat.minute(analysis.madeAt, in: zone))"
        lines.append(
            "- **model: \(Markdown.text(verdict))** \(text(analysis.summary.raw, 600)) (\(text(origin)))")
        if let cause = analysis.rootCause {
            let name = analysis.isAlone == true ? "suspected root cause" : "root cause"
            let sure = AnalysisPage.sureness(cause, analysis)
            lines.append("  - \(name): \(text(cause.statement.raw, 400))\(sure.isEmpty ? "" : " \(sure)")")
            lines += evidence(cause.evidence, of: analysis)
        }
        for statement in analysis.statements {
            let detail = statement.detail.raw.isEmpty ? "" : ": \(statement.detail.raw)"
            let severity = Markdown.text(AnalysisPage.severity(statement, analysis))
            lines.append("  - **\(severity)** \(text(statement.title.raw + detail, 600))")
            lines += evidence(statement.evidence, of: analysis)
        }
        for proposal in analysis.proposals {
            let values = proposal.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let call = Markdown.code(Cell(([proposal.playbook] + values).joined(separator: " ")))
            lines.append("  - proposes \(call) \(text(proposal.reason.raw, 300))")
        }
        for suggestion in analysis.suggestions {
            lines.append("  - suggests \(text(suggestion.change.raw, 800)) (\(text(suggestion.reason.raw, 300)))")
        }
        return lines + ["  - \(text(AnalysisPage.account(analysis)))"]
    }

    private static func text(_ words: String, _ limit: Int = 200) -> String { Markdown.text(Cell(words, limit: limit)) }

    private static func evidence(_ ids: [String], of analysis: Analysis) -> [String] {
        let shown = AnalysisPage.evidence(ids, of: analysis).map { id, line in
            "    - \(Markdown.code(Cell("\(id) \(line)", limit: 260)))"
        }
        return shown + (ids.count > 3 ? ["    - … and \(ids.count - 3) more"] : [])
    }
}
