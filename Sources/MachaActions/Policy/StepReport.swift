// SPDX-License-Identifier: MIT
package import MachaModel

/// What one step of a run came to, for people, programs and the audit. Bounded, without secrets.
package struct StepReport: Hashable, Codable, Sendable {
    /// One command and what came of it.
    package struct Line: Hashable, Codable, Sendable {
        package var role: String
        package var words: [String]
        package var ending: String
        package var output: UntrustedText
        package var seconds: Double

        package init(role: String, words: [String], ending: String, output: UntrustedText, seconds: Double) {
            self.role = role
            self.words = words
            self.ending = ending
            self.output = output
            self.seconds = seconds
        }
    }

    /// One check and what was seen.
    package struct Proof: Hashable, Codable, Sendable {
        package var check: String
        package var verdict: CheckVerdict

        package init(check: String, verdict: CheckVerdict) {
            self.check = check
            self.verdict = verdict
        }
    }

    package var kind: Action.Kind
    package var target: String
    /// `nil` when it was not begun.
    package var outcome: ActionRecord.Outcome?
    /// One line, safe to print.
    package var note = ""
    /// Where a suggested change of the configuration was written.
    package var file: String?
    package var lines: [Line] = []
    package var proofs: [Proof] = []

    package init(kind: Action.Kind, target: String) {
        self.kind = kind
        self.target = target
    }
}
