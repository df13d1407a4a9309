// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaProbes

/// A snapshot as it was recorded, with what the detectors found in it at the time.
package struct StoredSnapshot: Sendable, Identifiable {
    /// Counts up and is never used again.
    package let id: Int64
    package let snapshot: Snapshot
    package let findings: [Finding]
}

/// What recording a snapshot changed.
package struct Recording: Hashable, Sendable {
    /// The new snapshot's id.
    package let id: Int64
    /// Issues that this snapshot opened or reopened, also those of other names of the same machine.
    package let opened: [Issue]
    /// Problems this snapshot proved gone.
    package let resolved: [Issue]
    /// For each of `opened`, in the same order, whether people should be notified.
    package let notices: [Notice]
    /// For each of `resolved`, in the same order, whether people had been notified of it.
    package let ends: [Notice]
}

/// How much history is kept.
package struct Retention: Hashable, Sendable {
    /// Newest snapshots kept of each host; at least 1.
    package var snapshotsPerHost: Int
    /// How long an issue is remembered after its end. An open one is never forgotten.
    package var resolvedIssues: Duration
    /// After how long a resolved issue is closed, and with that exported.
    package static let closesAfter: Duration = .seconds(30 * 86_400)

    /// What is kept by default. What reports say about how far back they can see is read from here.
    package static let standard = Retention(snapshotsPerHost: 100, resolvedIssues: .seconds(90 * 86_400))

    package init(snapshotsPerHost: Int, resolvedIssues: Duration) {
        self.snapshotsPerHost = max(1, snapshotsPerHost)
        self.resolvedIssues = resolvedIssues
    }
}
