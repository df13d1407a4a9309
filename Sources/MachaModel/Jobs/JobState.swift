// SPDX-License-Identifier: MIT

/// Where a job is in its life.
package enum JobState: String, Codable, CaseIterable, Sendable {
    /// Waits for the jobs it needs.
    case blocked
    /// May be claimed now.
    case queued
    /// May be claimed from its due time on: asked for later, or backing off after a failure.
    case delayed
    /// Leased to a worker.
    case running
    /// Ended well; its result is stored.
    case done
    /// Dead letter: every attempt failed, or it can never succeed. The reason says why.
    case failed
    /// A person or a failed job it needs has ended it.
    case cancelled
    /// Its deadline passed before it was done.
    case expired
    /// A newer job with the same key took its place.
    case superseded
    /// The queue was full of what matters more.
    case shed

    /// Whether it has not been started, or has been put back.
    package var isWaiting: Bool {
        switch self {
        case .blocked, .queued, .delayed: true
        case .running, .done, .failed, .cancelled, .expired, .superseded, .shed: false
        }
    }

    /// Whether nothing will happen to it any more.
    package var isOver: Bool { !isWaiting && self != .running }
}
