// SPDX-License-Identifier: MIT

/// How what acts on hosts lets time pass. A fake one makes a minute of settling take no time.
package struct Waiting: Sendable {
    /// Lets `duration` pass; returns early when the task is cancelled.
    package let pass: @Sendable (_ duration: Duration) async -> Void
    /// Time since an arbitrary start that never goes back.
    package let elapsed: @Sendable () -> Duration

    package init(
        pass: @escaping @Sendable (Duration) async -> Void, elapsed: @escaping @Sendable () -> Duration
    ) {
        self.pass = pass
        self.elapsed = elapsed
    }

    /// The machine's own clock.
    package static let real: Waiting = {
        let start = ContinuousClock.now
        return Waiting {
            try? await Task.sleep(for: $0)
        } elapsed: {
            ContinuousClock.now - start
        }
    }()
}
