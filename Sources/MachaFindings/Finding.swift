// SPDX-License-Identifier: MIT
package import MachaModel

/// One observed deviation on one host.
package struct Finding: Hashable, Encodable, Sendable {
    /// What was found, under the name it is shown and recorded by.
    package var recordedKind: RecordedKind
    package var host: String
    /// The unit, mount point or probe concerned; `nil` when it is the host itself.
    package var subject: UntrustedText?
    package var severity: Severity
    /// One plain sentence, safe to print.
    package var summary: String
    /// What was seen, in words and in people's units, and what rules have to know of it.
    package var evidence: [Evidence]
    /// The exact values behind the evidence, by name: `size` in bytes, and whatever else was rounded there. Names that
    /// another version recorded stay.
    package var figures: [String: Int]
    /// What a person can do next, in one sentence without commands; empty when nothing is known or the commands say it.
    package var advice: String
    /// Commands for the host that help, each to be pasted as it is.
    package var commands: [String]

    /// With evidence in Macha's words; `remedy` is the advice, without the commands.
    package init(
        _ kind: FindingKind, host: String, subject: String? = nil, _ severity: Severity, _ summary: String,
        evidence: [String] = [], figures: [Figure: Int] = [:], remedy: String = "", commands: [String] = []
    ) {
        self.init(
            kind, host: host, subject: subject, severity, summary,
            telling: evidence.map { .seen(UntrustedText($0)) }, figures: figures, remedy: remedy, commands: commands)
    }

    /// With evidence that rules ask for.
    package init(
        _ kind: FindingKind, host: String, subject: String? = nil, _ severity: Severity, _ summary: String,
        telling evidence: [Evidence], figures: [Figure: Int] = [:], remedy: String = "", commands: [String] = []
    ) {
        self.init(
            recorded: .known(kind), host: host, subject: subject, severity, summary, evidence: evidence,
            figures: Dictionary(uniqueKeysWithValues: figures.map { ($0.key.rawValue, $0.value) }), remedy: remedy,
            commands: commands)
    }

    /// A finding of before.
    package init(
        recorded kind: RecordedKind, host: String, subject: String?, _ severity: Severity, _ summary: String,
        evidence: [Evidence], figures: [String: Int], remedy: String, commands: [String]
    ) {
        recordedKind = kind
        self.host = host
        self.subject = subject.map { UntrustedText($0) }
        self.severity = severity
        self.summary = summary
        self.evidence = evidence
        self.figures = figures
        self.advice = remedy
        self.commands = commands
    }

    /// What was found; `nil` when another version of Macha recorded a kind that this one does not know.
    package var kind: FindingKind? { recordedKind.known }

    /// Whether it is of one of these kinds.
    package func isAny(of kinds: Set<FindingKind>) -> Bool { kind.map { kinds.contains($0) } ?? false }

    /// The evidence as people and programs read it.
    package var lines: [UntrustedText] { evidence.map(\.line).filter { !$0.raw.isEmpty } }

    /// `nil` when it is not known.
    package subscript(figure: Figure) -> Int? { figures[figure.rawValue] }

    /// Advice and commands in one text, for programs that read one.
    package var remedy: String { Remedy.text(advice, commands) }

    /// The same problem on the same host has the same fingerprint, whatever its figures are today.
    package var fingerprint: Fingerprint {
        Fingerprint(host: host, kind: recordedKind.name, subject: subject?.raw ?? "")
    }
}

extension Finding {
    private enum CodingKeys: String, CodingKey {
        case kind, host, subject, severity, summary, evidence, figures, remedy, advice, commands
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(recordedKind.name, forKey: .kind)
        try container.encode(host, forKey: .host)
        try container.encodeIfPresent(subject, forKey: .subject)
        try container.encode(severity, forKey: .severity)
        try container.encode(summary, forKey: .summary)
        try container.encode(lines, forKey: .evidence)
        if !figures.isEmpty { try container.encode(figures, forKey: .figures) }
        try container.encode(remedy, forKey: .remedy)
        try container.encode(advice, forKey: .advice)
        try container.encode(commands, forKey: .commands)
    }
}
