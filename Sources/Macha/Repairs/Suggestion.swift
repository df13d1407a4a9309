// SPDX-License-Identifier: MIT
package import MachaActions
import MachaJournal
import MachaModel
package import MachaStore
import struct Foundation.Date

/// A change of the configuration that somebody suggests, as the file a person gets. Nothing here or elsewhere applies it.
///
/// Text of a host, a log or a model is in it without secrets, and without characters that steer a terminal. Its file's
/// name holds none of it.
package struct Suggestion: Sendable {
    private let host: String
    /// What makes it the same suggestion, whatever the figures are today.
    private let question: ContentHash
    private let form: SuggestionFiles.Form
    /// Host, finding, why, and where it comes from.
    private let facts: [Fact]
    private let note: AuditEvent.Suggested
    /// The words for the person, line by line, safe to print.
    package let why: [String]
    /// The lines of configuration; none where there are only words.
    package let body: [String]

    private struct Fact: Sendable {
        var name: String
        var value: String
    }

    /// Where it is, or would be, in the state directory `folder`.
    package func path(in folder: String) throws(StoreError) -> String {
        try SuggestionFiles(folder: folder).path(host, question, form)
    }

    /// Writes it, and returns the file's path.
    func write(in folder: String, at now: Date) throws(StoreError) -> String {
        let text = (header(at: now) + body).joined(separator: "\n") + "\n"
        return try SuggestionFiles(folder: folder).write(text, of: host, question, form)
    }

    /// Tells the audit which file was written.
    func note(_ file: String, run: Int64? = nil, in store: Store, at now: Date) throws(StoreError) {
        var note = note
        note.file = file
        note.run = run
        try store.note(.suggested(note), host: host, at: now)
    }

    /// Every line is a comment to Nix, and nothing to `patch`.
    private func header(at now: Date) -> [String] {
        let remedy =
            switch form {
            case .words: "You decide what to do."
            case .options: "It is a module: read it, change it, and import it into the host's configuration."
            case .replacement: "In the fleet's repository: patch -p1 --dry-run < FILE; read it; then without --dry-run."
            }
        let lines =
            ["Suggested by Macha for you to review. Nothing was applied, and Macha will not apply it.", remedy, ""]
            + (facts + [Fact(name: "written", value: now.formatted(.iso8601))]).map { "\($0.name): \($0.value)" }
            + [""] + why
        return lines.map { $0.isEmpty ? "#" : "# \($0)" }
    }

    // MARK: From a playbook

    /// Those among the steps of `proposal`, and of its way back.
    package static func all(of proposal: Proposal) -> [Suggestion] {
        (proposal.steps + proposal.rollback).enumerated().compactMap { position, step in
            guard case .suggest(let change) = step.action.work else { return nil }
            return Suggestion(change, proposal, position)
        }
    }

    /// That of the step at `position`.
    init(_ change: ConfigurationChange, _ proposal: Proposal, _ position: Int) {
        host = proposal.host
        question = Self.question([
            host, proposal.playbook ?? "", proposal.finding?.description ?? "", "\(position)",
        ])
        var facts = [Fact(name: "host", value: Self.line(host))]
        if let finding = proposal.finding {
            facts.append(Fact(name: "finding", value: Self.line(proposal.evidence.first?.raw ?? "") + " (\(finding))"))
        }
        let why = proposal.description.isEmpty ? proposal.title : proposal.description
        facts.append(Fact(name: "why", value: Self.line(why, limit: 2_000)))
        if let playbook = proposal.playbook { facts.append(Fact(name: "playbook", value: playbook)) }
        facts += proposal.evidence.dropFirst().prefix(8).map { Fact(name: "seen", value: Self.line($0.raw)) }
        self.facts = facts
        note = AuditEvent.Suggested(title: proposal.title, playbook: proposal.playbook, finding: proposal.finding)
        self.why = Self.lines(change.why.description)
        switch change.lines {
        case .none:
            form = .words
            body = []
        case .options(let text):
            form = .options
            let options = Self.lines(text.description).map { $0.isEmpty ? "" : "  " + $0 }
            body = ["", "{ config, lib, pkgs, ... }:", "", "{"] + options + ["}"]
        case .replacement(let before, let after, let file):
            form = .replacement
            let lines = (Self.lines(before.description), Self.lines(after.description))
            body = [""] + UnifiedDiff.lines(lines.0, lines.1, in: file.description)
        }
    }

    // MARK: From a model

    /// What the model of `analysis` would change: words alone, however much they look like lines of a configuration.
    static func all(of analysis: Analysis) -> [Suggestion] {
        analysis.suggestions.enumerated().map { Suggestion($1, analysis, $0) }
    }

    private init(_ suggestion: ConfigurationSuggestion, _ analysis: Analysis, _ number: Int) {
        host = analysis.host
        question = Self.question([host, "model", "\(number)"])
        form = .words
        body = []
        why =
            ["A model wrote this. It can be wrong, and it read text that others wrote:", ""]
            + Self.lines(suggestion.change.raw)
        facts =
            [
                Fact(name: "host", value: Self.line(host)), Fact(name: "why", value: Self.line(suggestion.reason.raw)),
                Fact(name: "model", value: Self.line(analysis.model)),
            ]
            + suggestion.evidence.compactMap { analysis.evidence[$0] }.prefix(8).map {
                Fact(name: "seen", value: Self.line($0.raw))
            }
        note = AuditEvent.Suggested(
            title: "a model suggests a configuration change", model: Self.line(analysis.model))
    }

    // MARK: Text

    private static func question(_ parts: [String]) -> ContentHash {
        ContentHash(of: parts.joined(separator: "\n").utf8)
    }

    /// One line, without secrets and without what steers a terminal.
    private static func line(_ text: String, limit: Int = 400) -> String {
        // Redacted before it is cut: half a secret would not be known as one.
        var redactor = Redactor()
        let whole = text.printable(limit: 16_000)
        return String(decoding: redactor.clean(Array(whole.utf8)), as: UTF8.self).printable(limit: limit)
    }

    /// Several of them; the spaces at their beginning stay.
    private static func lines(_ text: String) -> [String] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { part in
            line(String(part).replacing("\t", with: "        "), limit: 16_000)
        }
        let end = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? -1
        return Array(lines[...end])
    }
}
