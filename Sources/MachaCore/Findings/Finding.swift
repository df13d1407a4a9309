// SPDX-License-Identifier: MIT

/// One observed deviation on one host.
package struct Finding: Hashable, Codable, Sendable {
    /// What was found, in kebab-case: `unit-failed`, `disk-space`, `unreachable`.
    package var kind: String
    package var host: String
    /// The unit, mount point or probe concerned; `nil` when it is the host itself.
    package var subject: UntrustedText?
    package var severity: Severity
    /// One plain sentence, safe to print.
    package var summary: String
    /// What was seen, verbatim.
    package var evidence: [UntrustedText]
    /// What a person can do next; empty when nothing is known.
    package var remedy: String

    /// Before a line of evidence that a unit or container logged before it ended.
    package static let saidMark = "| "

    package init(
        _ kind: String, host: String, subject: String? = nil, _ severity: Severity, _ summary: String,
        evidence: [String] = [], remedy: String = ""
    ) {
        self.kind = kind
        self.host = host
        self.subject = subject.map { UntrustedText($0) }
        self.severity = severity
        self.summary = summary
        self.evidence = evidence.map { UntrustedText($0) }
        self.remedy = remedy
    }

    /// The same problem on the same host has the same fingerprint, whatever its figures are today.
    package var fingerprint: Fingerprint { Fingerprint(host: host, kind: kind, subject: subject?.raw ?? "") }
}
