// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date
/// Where an issue stands.
package enum IssueState: String, Hashable, Codable, Sendable, CaseIterable {
    /// It is there, and nothing has been done about it yet.
    case open
    /// A person knows of it.
    case acknowledged
    /// A model has looked into it.
    case investigating
    /// A repair is under way.
    case fixing
    /// It was proved gone, or a person says that it is.
    case resolved
    /// Done with. It is kept for a while, and exported.
    case closed

    /// Whether it is still a problem.
    package var isActive: Bool {
        switch self {
        case .open, .acknowledged, .investigating, .fixing: true
        case .resolved, .closed: false
        }
    }

    /// The state after `event`; `nil` where the event does not apply: nothing is acknowledged that is over.
    package func after(_ event: IssueEvent.Kind) -> IssueState? {
        switch event {
        case .opened: nil
        case .reopened: isActive ? nil : .open
        case .worsened:
            switch self {
            case .acknowledged: .open
            case .open, .investigating, .fixing: self
            case .resolved, .closed: nil
            }
        case .acknowledged: isActive ? .acknowledged : nil
        case .lapsed: self == .acknowledged ? .open : nil
        case .analysed: self == .open ? .investigating : self
        case .actionBegan:
            switch self {
            case .open, .investigating, .fixing: .fixing
            // A person's word stands until it ends.
            case .acknowledged, .resolved, .closed: self
            }
        case .actionEnded: self == .fixing ? .open : self
        case .commented: self
        case .resolved: isActive ? .resolved : nil
        case .closed: self == .closed ? nil : .closed
        }
    }
}

/// One thing that happened to an issue.
package struct IssueEvent: Hashable, Sendable, Encodable {
    /// What can happen. The raw values are stored.
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        case opened, worsened, analysed
        case actionBegan = "action-began"
        case actionEnded = "action-ended"
        case commented, acknowledged
        /// An acknowledgement is over.
        case lapsed
        case resolved, reopened, closed
    }

    package var kind: Kind
    package var at: Date
    /// A login name; `macha` for what the program did by itself.
    package var by: String
    /// As it was typed, bounded; may be empty.
    package var note: UntrustedText
    /// How severe the issue was then.
    package var severity: Severity

    package init(_ kind: Kind, at: Date, by: String, note: UntrustedText, severity: Severity) {
        self.kind = kind
        self.at = at
        self.by = by
        self.note = note
        self.severity = severity
    }

    /// Who does what nobody asked for.
    package static let program = "macha"
}
