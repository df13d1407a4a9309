// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaProbes
package import struct Foundation.Date

/// How long one problem has been there: the same fingerprint from the first snapshot that showed it to the last.
///
/// A problem that comes back after it was gone is a new sighting.
package struct Sighting: Hashable, Sendable, Identifiable {
    /// Counts up and is never used again.
    package let id: Int64
    /// As it was last seen.
    package let finding: Finding
    package let firstSeen: Date
    /// Earlier than the host's newest snapshot when that one was too blind to tell: still open, not confirmed.
    package let lastSeen: Date
    /// Snapshots that showed it.
    package let count: Int
    /// When a snapshot proved that it is gone; `nil` while it is open.
    package let closedAt: Date?
}

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
    package let opened: [Sighting]
    /// Problems this snapshot proved gone.
    package let closed: [Sighting]
    /// For each of ``opened``, in the same order, whether people should be told.
    package let notices: [Notice]
    /// For each of ``closed``, in the same order, whether people had been told of it.
    package let ends: [Notice]
}

/// How much history is kept.
package struct Retention: Hashable, Sendable {
    /// Newest snapshots kept of each host; at least 1.
    package var snapshotsPerHost: Int
    /// How long a closed sighting is remembered. An open one is never forgotten.
    package var closedSightings: Duration

    /// What is kept where nobody says otherwise. What reports say about how far back they can see is read from here.
    package static let standard = Retention(snapshotsPerHost: 100, closedSightings: .seconds(90 * 86_400))

    package init(snapshotsPerHost: Int, closedSightings: Duration) {
        self.snapshotsPerHost = max(1, snapshotsPerHost)
        self.closedSightings = closedSightings
    }
}
