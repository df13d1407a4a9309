// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
import MachaModel
package import struct Foundation.Date

/// All that is known of a host when a model is asked about it.
package struct AnalysisMaterial: Sendable {
    package var host: FleetHost
    package var takenAt: Date
    /// What the snapshot says, a line each.
    package var facts: [String]
    package var findings: [Finding]
    package var journal: Journal
    /// Actions of the last days with their outcome, newest first.
    package var actions: [String]
    /// Known problems of this host, newest first.
    package var issues: [String]
    /// What was learnt about problems like these.
    package var knowledge: [String]
    /// What was looked up because a model asked.
    package var lookups: [Lookup]

    package struct Lookup: Hashable, Codable, Sendable {
        package var question: String
        package var answer: String

        package init(question: String, answer: String) {
            self.question = question
            self.answer = answer
        }
    }

    package init(
        host: FleetHost, takenAt: Date, facts: [String], findings: [Finding], journal: Journal,
        actions: [String] = [], issues: [String] = [], knowledge: [String] = [], lookups: [Lookup] = []
    ) {
        self.host = host
        self.takenAt = takenAt
        self.facts = facts
        self.findings = findings
        self.journal = journal
        self.actions = actions
        self.issues = issues
        self.knowledge = knowledge
        self.lookups = lookups
    }
}

extension AnalysisMaterial {
    /// The parts of the prompt, in their order. Findings come first and go last.
    var sections: [PromptSection] {
        [
            PromptSection("findings", findingLines, .essential),
            PromptSection("facts", numbered("S", facts), .supporting),
        ] + journal.sections
            + [
                PromptSection("looked up", lookupLines, .supporting),
                PromptSection("recent actions", numbered("A", actions), .background),
                PromptSection("open issues", numbered("I", issues), .background),
                PromptSection("knowledge", numbered("K", knowledge), .background),
            ].filter { !$0.lines.isEmpty }
    }

    private var findingLines: [EvidenceLine] {
        findings.enumerated().map { index, finding in
            let evidence = finding.lines.prefix(3).map { PromptFence.clean($0.raw, limit: 200) }
            let text = ([PromptFence.clean(finding.summary, limit: 300)] + evidence).joined(separator: " | ")
            return EvidenceLine("F\(index + 1)", "\(finding.severity.rawValue) \(finding.recordedKind.name): \(text)")
        }
    }

    /// The findings that these ids name.
    func findings(citedBy ids: [String]) -> [Finding] {
        ids.compactMap { id in
            guard id.first == "F", let number = Int(id.dropFirst()), findings.indices.contains(number - 1) else {
                return nil
            }
            return findings[number - 1]
        }
    }

    private var lookupLines: [EvidenceLine] {
        lookups.enumerated().flatMap { index, lookup in
            let lines = lookup.answer.split(whereSeparator: \.isNewline).prefix(60)
            return [EvidenceLine("D\(index + 1)", PromptFence.clean(lookup.question, limit: 120) + ":")]
                + lines.map { EvidenceLine("D\(index + 1)", PromptFence.clean(String($0), limit: 240)) }
        }
    }

    private func numbered(_ letter: String, _ lines: [String]) -> [EvidenceLine] {
        lines.enumerated().map { EvidenceLine("\(letter)\($0 + 1)", PromptFence.clean($1, limit: 400)) }
    }
}
