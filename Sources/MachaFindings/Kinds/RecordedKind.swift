// SPDX-License-Identifier: MIT

/// The kind of a finding as a record holds it.
///
/// A finding that an older or newer Macha recorded may be of a kind that this one does not know. It stays readable under
/// its name; no rule knows it.
package enum RecordedKind: Hashable, Sendable {
    case known(FindingKind)
    case unknown(String)

    /// The kind of this name.
    package init(_ name: String) { self = FindingKind(rawValue: name).map { .known($0) } ?? .unknown(name) }

    /// As it is shown and recorded: `unit-failed`.
    package var name: String {
        switch self {
        case .known(let kind): kind.rawValue
        case .unknown(let name): name
        }
    }

    /// `nil` for one that this version does not know.
    package var known: FindingKind? {
        switch self {
        case .known(let kind): kind
        case .unknown: nil
        }
    }
}
