// SPDX-License-Identifier: MIT
import MachaFindings
package import MachaModel

extension FindingCondition: CustomStringConvertible {
    /// `unit-failed about *.service, critical, for 10m`; safe to print.
    package var description: String {
        var parts = [kinds.map(\.rawValue).joined(separator: " or ")]
        if !subjects.isEmpty { parts[0] += " about " + listed(subjects) }
        if !notSubjects.isEmpty { parts.append("not about " + listed(notSubjects)) }
        if severity > .info { parts.append("at least \(severity.rawValue)") }
        if let seenFor { parts.append("known for \(seenFor)") }
        if !evidence.isEmpty { parts.append("evidence matches " + listed(evidence)) }
        if !notEvidence.isEmpty { parts.append("no evidence matches " + listed(notEvidence)) }
        return parts.joined(separator: ", ").printable(limit: 600)
    }

    private func listed(_ patterns: [SubjectPattern]) -> String {
        patterns.map(\.text).joined(separator: " or ")
    }
}

extension StepTemplate: CustomStringConvertible {
    /// `restart-unit unit=${unit}`, one line, safe to print.
    package var description: String {
        let words = parameters.sorted { $0.key < $1.key }.map { key, value in
            switch value {
            case .text(let template): "\(key)=\(template.source)"
            case .words(let words): "\(key)=[\(words.map { $0.source.quoted }.joined(separator: ", "))]"
            }
        }
        return ([kind.rawValue] + words).joined(separator: " ").printable(limit: 600)
    }
}

extension CheckTemplate: CustomStringConvertible {
    /// `unit-active unit=${unit}`, one line, safe to print.
    package var description: String {
        let words = parameters.sorted { $0.key < $1.key }.map { "\($0)=\($1.source)" }
        return ([kind.rawValue] + words).joined(separator: " ").printable(limit: 600)
    }
}

extension Playbook {
    /// The risk its actions have by themselves, with sample values: what a list can say before a host is named.
    package var usualRisk: Risk {
        let samples = PlaybookReader.samples(parameters)
        return (steps + rollback).compactMap { try? $0.action(samples).risk().risk }.reduce(terms.risk) { max($0, $1) }
    }

    /// What its actions become, with sample values; for showing.
    package var sampleSteps: [Action] {
        let samples = PlaybookReader.samples(parameters)
        return steps.compactMap { try? $0.action(samples) }
    }
}
