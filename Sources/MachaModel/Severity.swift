// SPDX-License-Identifier: MIT

/// How much a finding matters.
package enum Severity: String, Codable, Sendable, CaseIterable {
    /// Worth knowing; nothing to do now.
    case info
    /// Look at it soon.
    case warning
    /// Something does not work, or will not for long.
    case critical
}

extension Severity: Comparable {
    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
