// SPDX-License-Identifier: MIT

/// How far Macha may go on a host without asking, from the most cautious to the least.
///
/// A host, its groups and a playbook can each name a level; the most cautious, `min()`, wins.
package enum AutonomyLevel: String, Codable, Sendable, CaseIterable {
    /// Look and report; never change anything.
    case observe
    /// Propose changes and wait for a person.
    case suggest
    /// Carry out low-risk changes; ask for the rest.
    case autoSafe = "auto-safe"
    /// Carry out low- and medium-risk changes; ask for high risk.
    case autoFull = "auto-full"
}

extension AutonomyLevel: Comparable {
    private var rank: Int {
        switch self {
        case .observe: 0
        case .suggest: 1
        case .autoSafe: 2
        case .autoFull: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
