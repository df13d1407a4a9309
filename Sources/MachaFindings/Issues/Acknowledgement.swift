// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// A person's word that an issue is known: no alarm, until it gets worse, another host joins, or the time is over.
package struct Acknowledgement: Hashable, Codable, Sendable {
    /// Login name.
    package var by: String
    package var at: Date
    /// The first moment at which it no longer holds; `nil` while the issue is there.
    package var until: Date?
    /// As it was typed, bounded; may be empty.
    package var note: UntrustedText
    /// How severe the issue was. Worse than that was not acknowledged.
    package var severity: Severity
    /// The hosts that shared its cause, sorted. One more was not acknowledged.
    package var hosts: [String]
    /// The worst of what was folded below it. Worse than that was not acknowledged; `nil` when nothing was, or where an
    /// earlier version recorded it.
    package var below: Severity?

    package init(
        by: String, at: Date, until: Date?, note: UntrustedText, severity: Severity, hosts: Set<String>,
        below: Severity?
    ) {
        self.by = by
        self.at = at
        self.until = until
        self.note = note
        self.severity = severity
        self.hosts = hosts.sorted()
        self.below = below
    }

    /// Whether it covers what is folded below its issue, and this severe.
    package func covers(_ severity: Severity) -> Bool { severity <= max(self.severity, below ?? self.severity) }

    /// Whether it holds for an issue that is this severe now and whose cause these hosts share.
    package func holds(at now: Date, severity: Severity, sharing hosts: Set<String>) -> Bool {
        MutedSpan(from: at, until: until).contains(now) && severity <= self.severity
            && hosts.isSubset(of: self.hosts)
    }
}

/// From a moment to another, by a clock that may be set.
///
/// The end is not part of it. A clock that was set back to before the beginning ends it too: how long ago it was said is
/// then unknown, and being silent for too long is worse than an alarm too many. A minute is forgiven, for clocks are
/// corrected.
package struct MutedSpan: Hashable, Sendable {
    package var from: Date
    /// `nil`: for good.
    package var until: Date?

    package init(from: Date, until: Date?) {
        self.from = from
        self.until = until
    }

    private static let correction = 60.0

    package func contains(_ now: Date) -> Bool {
        from.timeIntervalSince(now) <= Self.correction && (until.map { now < $0 } ?? true)
    }
}
