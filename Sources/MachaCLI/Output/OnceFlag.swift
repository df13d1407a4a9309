// SPDX-License-Identifier: MIT
import Synchronization

/// Raised once.
final class OnceFlag: Sendable {
    private let flag = Atomic(false)

    /// Returns whether this was the first time.
    func raise() -> Bool { !flag.exchange(true, ordering: .acquiringAndReleasing) }
}
