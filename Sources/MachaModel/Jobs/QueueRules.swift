// SPDX-License-Identifier: MIT

/// How the queue treats what waits.
package struct QueueRules: Hashable, Sendable {
    /// The most jobs that wait at a time; beyond it the least important newest one is shed.
    package var depth: Int
    /// Seconds of waiting after which a job rises by one priority, as far as `urgent`. Only people are `interactive`.
    package var ageing: Double
    /// Seconds a worker may be silent before its job is taken to be lost.
    package var lease: Double
    /// How long to wait before a job is tried again.
    package var retry: BackOff
    /// How long an endpoint that failed is left alone.
    package var endpointRetry: BackOff

    package init(
        depth: Int = 10_000, ageing: Double = 600, lease: Double = 60, retry: BackOff = BackOff(first: 5, limit: 600),
        endpointRetry: BackOff = BackOff(first: 10, limit: 900)
    ) {
        self.depth = max(1, depth)
        self.ageing = max(1, ageing)
        self.lease = max(1, lease)
        self.retry = retry
        self.endpointRetry = endpointRetry
    }
}

/// Waiting times that double with each failure in a row, spread so that many do not come back at once.
package struct BackOff: Hashable, Sendable {
    /// Seconds after the first failure.
    package var first: Double
    /// The longest wait in seconds, before spreading.
    package var limit: Double

    package init(first: Double, limit: Double) {
        self.first = max(0, first)
        self.limit = max(first, limit)
    }

    /// Seconds to wait after `failures` failures in a row (1 or more). `random` from 0 to 1 takes off up to half.
    package func delay(after failures: Int, random: Double) -> Double {
        let doublings = min(max(0, failures - 1), 30)
        let whole = first * Double(1 << doublings)
        return min(whole, limit) * (1 - min(max(random, 0), 1) / 2)
    }
}
