// SPDX-License-Identifier: MIT
package import MachaModel

/// What came of one command of a plan.
package struct CommandOutcome: Sendable {
    package enum Ending: Hashable, Sendable {
        /// It ended with a status that the plan accepts.
        case accepted(status: Int32)
        /// It ended otherwise, as described.
        case refused(String)
        /// Nothing was sent.
        case notSent(ContactFailure)
        /// It was sent, and its outcome is unknown.
        case lost(ContactFailure)
    }

    /// `look`, `arm`, `act`, `disarm`, `keep` or `undo`.
    package var role: String
    package var words: [String]
    package var ending: Ending
    /// As it came, or as the journal has it for a detached run.
    package var output: CommandResult
    /// Seconds.
    package var duration: Double

    package var isAccepted: Bool {
        if case .accepted = ending { true } else { false }
    }

    /// One line, safe to print.
    package var summary: String {
        switch ending {
        case .accepted(let status): status == 0 ? "done" : "ended with status \(status)"
        case .refused(let why): why
        case .notSent(let failure): "not sent: \(failure.message.printable(limit: 300))"
        case .lost(let failure): "the connection was lost: \(failure.message.printable(limit: 300))"
        }
    }
}

extension CommandOutcome.Ending {
    init(_ result: CommandResult, accepted: Set<Int32>) {
        switch result.outcome {
        case .status(let status) where accepted.contains(status): self = .accepted(status: status)
        case .status(let status): self = .refused("ended with status \(status)")
        case .signal(let name): self = .refused("was killed by signal \(name.printable(limit: 20))")
        case .unknown: self = .refused("exceeded the output limit and was stopped")
        }
    }

    /// What was not sent left no trace; whatever may have been sent is lost until the host has been asked.
    init(_ failure: ContactFailure) {
        switch failure.delivery {
        case .notSent: self = .notSent(failure)
        case .maybeSent: self = .lost(failure)
        }
    }
}
