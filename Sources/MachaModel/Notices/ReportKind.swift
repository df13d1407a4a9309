// SPDX-License-Identifier: MIT

/// How often a fleet report is made.
package enum ReportKind: String, Hashable, Codable, Sendable, CaseIterable {
    case daily, weekly

    /// Seconds that it covers when there is none before it.
    package var span: Double {
        switch self {
        case .daily: 86_400
        case .weekly: 7 * 86_400
        }
    }
}
