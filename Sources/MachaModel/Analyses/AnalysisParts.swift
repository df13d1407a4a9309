// SPDX-License-Identifier: MIT

/// One observation, with what it rests on.
package struct GroundedStatement: Hashable, Codable, Sendable {
    package var title: UntrustedText
    package var detail: UntrustedText
    /// At least that of the findings it cites.
    package var severity: Severity
    /// Ids of ``Analysis/evidence``; never empty.
    package var evidence: [String]

    package init(title: UntrustedText, detail: UntrustedText, severity: Severity, evidence: [String]) {
        self.title = title
        self.detail = detail
        self.severity = severity
        self.evidence = evidence
    }
}

/// What a model believes to be behind it all.
package struct RootCause: Hashable, Codable, Sendable {
    package var statement: UntrustedText
    /// 0…1, the model's own.
    package var confidence: Double
    package var evidence: [String]

    package init(statement: UntrustedText, confidence: Double, evidence: [String]) {
        self.statement = statement
        self.confidence = confidence
        self.evidence = evidence
    }
}

/// A playbook that a model asks for. The library has it, and its parameters are of the right kind.
package struct ModelProposal: Hashable, Codable, Sendable {
    package var playbook: String
    package var parameters: [String: String]
    package var reason: UntrustedText
    /// What the model calls it. It can raise the risk, never lower it.
    package var claimedRisk: Risk
    package var evidence: [String]

    package init(
        playbook: String, parameters: [String: String], reason: UntrustedText, claimedRisk: Risk, evidence: [String]
    ) {
        self.playbook = playbook
        self.parameters = parameters
        self.reason = reason
        self.claimedRisk = claimedRisk
        self.evidence = evidence
    }
}

/// A change of the configuration, as text for a person. Nothing applies it.
package struct ConfigurationSuggestion: Hashable, Codable, Sendable {
    package var change: UntrustedText
    package var reason: UntrustedText
    package var evidence: [String]

    package init(change: UntrustedText, reason: UntrustedText, evidence: [String]) {
        self.change = change
        self.reason = reason
        self.evidence = evidence
    }
}

/// Something a model said that nothing carries.
package struct DroppedStatement: Hashable, Codable, Sendable {
    package enum Reason: String, Codable, CaseIterable, Sendable {
        /// It cites nothing that was in the prompt.
        case noEvidence = "no-evidence"
        /// It speaks of a unit or a file that nobody has seen.
        case unknownName = "unknown-name"
        /// The lines it cites do not say it.
        case notCarried = "not-carried"
        /// The answer ended at its limit; what was complete by then is kept.
        case cutShort = "cut-short"
        /// There is no such playbook.
        case unknownPlaybook = "unknown-playbook"
        /// The playbook does not fit this host, or the parameters do not fit the playbook.
        case unfitting
        /// It says the same as another one.
        case duplicate
    }

    package var text: UntrustedText
    package var reason: Reason
    /// What exactly; starts lower case.
    package var detail: UntrustedText

    package init(text: UntrustedText, reason: Reason, detail: UntrustedText) {
        self.text = text
        self.reason = reason
        self.detail = detail
    }
}
