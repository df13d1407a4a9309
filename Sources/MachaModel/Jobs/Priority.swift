// SPDX-License-Identifier: MIT

/// How long a piece of work may wait, compared with other work. A lower raw value is served first.
package enum Priority: Int, Codable, Comparable, CaseIterable, Sendable {
    /// A person is waiting for the answer.
    case interactive
    /// Something is broken.
    case urgent
    /// The regular look at a host.
    case routine
    /// Nobody would miss it today: reflection, embeddings.
    case background

    /// The word people see and write.
    package var name: String {
        switch self {
        case .interactive: "interactive"
        case .urgent: "urgent"
        case .routine: "routine"
        case .background: "background"
        }
    }

    package static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}
