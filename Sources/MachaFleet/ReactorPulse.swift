// SPDX-License-Identifier: MIT
import SSH

/// A sign of life of the thread that runs all SSH sessions.
package enum ReactorPulse {
    /// Calls `beat` on that thread, at its next turn. A thread that is stuck never does.
    package static func ask(_ beat: @escaping @Sendable () -> Void) { Reactor.shared.post { _ in beat() } }
}
