// SPDX-License-Identifier: MIT
package import MachaActions

/// A check and what came of it.
package struct CheckOutcome: Hashable, Sendable {
    package var check: Check
    package var verdict: CheckVerdict

    package init(_ check: Check, _ verdict: CheckVerdict) {
        self.check = check
        self.verdict = verdict
    }

    package var holds: Bool { verdict.holds }

    package var isUnknown: Bool {
        if case .unknown = verdict { true } else { false }
    }
}
