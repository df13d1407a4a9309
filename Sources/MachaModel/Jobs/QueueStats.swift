// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// The queue at a glance.
package struct QueueStats: Hashable, Codable, Sendable {
    /// Jobs by the name of their state; states without any are left out.
    package var byState: [String: Int]
    /// Waiting jobs by the priority they have risen to.
    package var waitingByPriority: [String: Int]
    /// When the job that waits longest was put in; `nil` when none waits.
    package var oldestWaiting: Date?
    /// The most jobs that may wait.
    package var depth: Int
    package var endpoints: [EndpointHealth]
    /// Jobs of each host that were ever claimed.
    package var servedByHost: [String: Int]

    package init(
        byState: [String: Int], waitingByPriority: [String: Int], oldestWaiting: Date?, depth: Int,
        endpoints: [EndpointHealth], servedByHost: [String: Int]
    ) {
        self.byState = byState
        self.waitingByPriority = waitingByPriority
        self.oldestWaiting = oldestWaiting
        self.depth = depth
        self.endpoints = endpoints
        self.servedByHost = servedByHost
    }
}

/// Whether a model endpoint is trusted with work at the moment.
package struct EndpointHealth: Hashable, Codable, Sendable {
    package var name: String
    /// Jobs it serves now.
    package var running: Int
    /// Failures in a row.
    package var failures: Int
    /// Until when it gets no work; afterwards it gets one job to prove itself. `nil` when it is well.
    package var setAsideUntil: Date?
    /// What went wrong last.
    package var reason: String?

    package init(name: String, running: Int, failures: Int, setAsideUntil: Date?, reason: String?) {
        self.name = name
        self.running = running
        self.failures = failures
        self.setAsideUntil = setAsideUntil
        self.reason = reason
    }
}

/// How far an analysis is that became several jobs.
package struct GraphProgress: Hashable, Codable, Sendable {
    /// The job that stands for the whole.
    package var root: Int64
    package var total: Int
    package var done: Int
    package var running: Int
    /// Ended without a result.
    package var lost: Int

    package init(root: Int64, total: Int, done: Int, running: Int, lost: Int) {
        self.root = root
        self.total = total
        self.done = done
        self.running = running
        self.lost = lost
    }
}
