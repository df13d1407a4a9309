// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import MachaStore

/// How one action ended.
struct StepResult {
    var outcome: ActionRecord.Outcome
    var note: String

    init(_ outcome: ActionRecord.Outcome, _ note: String) {
        self.outcome = outcome
        self.note = note.printable(limit: 600)
    }

    var state: RunState {
        switch outcome {
        case .running, .interrupted: .interrupted
        case .verified: .verified
        case .failed: .failed
        case .rolledBack: .rolledBack
        }
    }
}
