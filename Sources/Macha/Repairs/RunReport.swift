// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFleet
import MachaModel

/// What carrying out a proposal on one host came to, for people, programs and the audit. Bounded, without secrets.
package struct RunReport: Sendable, Encodable {
    package var host: String
    package var title: String
    package var playbook: String?
    /// `nil` when nothing was recorded: the host was busy or could not be asked.
    package var run: Int64?
    package var approval: Int?
    package var state: RunState
    /// Why it ended as it did; one line, safe to print.
    package var note: String
    package var steps: [StepReport] = []
    package var seconds = 0.0
    /// What was different on the host when it was observed afterwards.
    package var changes: [Change] = []

    package init(_ proposal: Proposal, approval: Int? = nil, state: RunState, note: String) {
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

extension StepReport.Line {
    init(_ outcome: CommandOutcome) {
        self.init(
            role: outcome.role, words: outcome.words, ending: outcome.summary,
            output: OutputExcerpt.text(outcome.output),
            seconds: (outcome.duration * 10).rounded() / 10)
    }
}

extension StepReport.Proof {
    init(_ outcome: CheckOutcome) {
        self.init(check: outcome.check.description, verdict: outcome.verdict)
    }
}
