// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFleet
package import MachaModel
package import MachaStore

/// What carrying out a proposal on one host came to, for people, programs and the audit. Bounded, without secrets.
package struct RunReport: Sendable, Encodable {
    /// One command and what came of it.
    package struct Line: Sendable, Encodable {
        package var role: String
        package var words: [String]
        package var ending: String
        package var output: UntrustedText
        package var seconds: Double
    }

    /// One check and what was seen.
    package struct Proof: Sendable, Encodable {
        package var check: String
        package var verdict: CheckVerdict
    }

    /// One action.
    package struct Step: Sendable, Encodable {
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
    }

    package var host: String
    package var title: String
    package var playbook: String?
    /// `nil` when nothing was recorded: the host was busy or could not be asked.
    package var run: Int64?
    package var approval: Int?
    package var state: StoredRun.State
    /// Why it ended as it did; one line, safe to print.
    package var note: String
    package var steps: [Step] = []
    package var seconds = 0.0
    /// What was different on the host when it was observed afterwards.
    package var changes: [Change] = []

    package init(_ proposal: Proposal, approval: Int? = nil, state: StoredRun.State, note: String) {
        host = proposal.host
        title = proposal.title
        playbook = proposal.playbook
        self.approval = approval
        self.state = state
        self.note = note
    }

    /// Done and proved, or found not to be needed.
    package var isGood: Bool { state == .verified || (state == .skipped && isNotNeeded) }

    /// An action was begun on the host.
    package var hasActed: Bool { steps.contains { $0.outcome != nil } }

    /// Files in which changes of the configuration are suggested.
    package var suggestions: [String] { steps.compactMap(\.file) }

    /// What led here was gone before anything was sent.
    package var isNotNeeded = false
}

extension RunReport.Line {
    init(_ outcome: CommandOutcome) {
        role = outcome.role
        words = outcome.words
        ending = outcome.summary
        output = KeptOutput.text(outcome.output)
        seconds = (outcome.duration * 10).rounded() / 10
    }
}

extension RunReport.Proof {
    init(_ outcome: CheckOutcome) {
        check = outcome.check.description
        verdict = outcome.verdict
    }
}
