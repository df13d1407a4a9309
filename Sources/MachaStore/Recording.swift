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
    /// Problems this snapshot showed for the first time, also those of other names of the same machine.
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
    /// How long a resolved issue is remembered. An open one is never forgotten.
    package var resolvedIssues: Duration

    /// What is kept by default. What reports say about how far back they can see is read from here.
    package static let standard = Retention(snapshotsPerHost: 100, resolvedIssues: .seconds(90 * 86_400))

    package init(snapshotsPerHost: Int, resolvedIssues: Duration) {
        self.snapshotsPerHost = max(1, snapshotsPerHost)
        self.resolvedIssues = resolvedIssues
    }
}
