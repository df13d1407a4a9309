// SPDX-License-Identifier: MIT

/// What can go wrong when an action is carried out. Computed by us from the typed action, never believed from a model.
package enum Risk: String, Codable, Sendable, CaseIterable {
    /// Nothing lost but the moment: one unit restarts, garbage goes.
    case low
    /// Bounded, but not undone by itself: a service stays down, old generations or logs are gone.
    case medium
    /// Which system runs or boots, or access to it, is at stake.
    case high
}

extension Risk: Comparable {
    private var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
