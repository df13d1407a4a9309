// SPDX-License-Identifier: MIT
import Synchronization

/// Raised once, when the process is about to end; seen by all who would begin something.
final class EndingFlag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}
